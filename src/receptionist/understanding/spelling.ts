/** Words spelled letter by letter: "K H A N", "B for Bravo", "double T", "sierra mike". Pure. */

import type { Token } from "./tokens.ts";
import { wordTable } from "./word-table.ts";

/** The spelling alphabet of aviation, and of telephones. */
// biome-ignore format: a table
export const ALPHABET = wordTable<string>({
  alpha: "a", alfa: "a", bravo: "b", charlie: "c", delta: "d", echo: "e", foxtrot: "f", golf: "g", hotel: "h", india: "i", juliet: "j", juliett: "j",
  kilo: "k", lima: "l", mike: "m", november: "n", oscar: "o", papa: "p", quebec: "q", romeo: "r", sierra: "s", tango: "t", uniform: "u",
  victor: "v", whisky: "w", whiskey: "w", xray: "x", yankee: "y", zulu: "z",
});

const FEWEST = 3;

/**
 * A spelled word of three letters or more that starts at `at`, capitalised; `to` is the index after it. Letters said
 * without a pause end at the first one: "R U T H, O K O R O" is two words, "R, U, T, H" one.
 */
export function spelledWord(tokens: readonly Token[], at: number): { word: string; to: number } | undefined {
  let letters = "";
  let here = at;
  let isHalting = false;
  while (here < tokens.length) {
    const next = letterAt(tokens, here);
    const pauses = here > at && tokens[here]?.breakBefore === true;
    if (next === undefined || (pauses && !isHalting && letters.length >= FEWEST)) break;
    isHalting ||= pauses;
    letters += next.letters;
    here = next.to;
  }
  if (letters.length < FEWEST) return undefined;
  return { word: letters[0]?.toUpperCase() + letters.slice(1), to: here };
}

function letterAt(tokens: readonly Token[], at: number): { letters: string; to: number } | undefined {
  const word = tokens[at]?.word ?? "";
  if (word === "double") {
    const next = letterAt(tokens, at + 1);
    return next && { letters: next.letters + next.letters, to: next.to };
  }
  if (!/^[a-z]$/.test(word)) return ALPHABET[word] === undefined ? undefined : { letters: ALPHABET[word], to: at + 1 };
  const explained = tokens[at + 1]?.word === "for" || (tokens[at + 1]?.word === "as" && tokens[at + 2]?.word === "in");
  if (!explained) return { letters: word, to: at + 1 };
  const to = tokens[at + 1]?.word === "for" ? at + 3 : at + 4;
  return { letters: word, to: Math.min(to, tokens.length) };
}
