/** Letters and digits said one by one, as a recogniser writes them: each with what it may have been. Pure. */

import { TIMES } from "../understanding/digits.ts";
import { TEENS, TENS } from "../understanding/numbers.ts";
import { ALPHABET } from "../understanding/spelling.ts";
import { tokenise } from "../understanding/tokens.ts";
import { wordTable } from "../understanding/word-table.ts";

/** One character, upper case. `cost`: natural-log units that this reading of the word takes beyond the plain one. */
export type SpokenSymbol = {
  readonly choices: readonly { readonly character: string; readonly cost: number }[];
  /** Said only if the form asks for it: the nought of "twenty five" where 20 5 was meant. Passing over it takes this. */
  readonly skipCost?: number;
  /** Said as a word of a spelling alphabet: hardly taken for another letter. */
  readonly isFirm?: true;
};

const LETTERS = Object.entries({ ...ALPHABET, juliette: "j" }).map(([word, letter]) => [word, letter.toUpperCase()]);
// biome-ignore format: a table
const WORDS = wordTable<string>({
  ...Object.fromEntries(LETTERS),
  nought: "0", naught: "0", zero: "0", nil: "0", one: "1", two: "2", three: "3", four: "4", five: "5", six: "6", seven: "7", eight: "8", nine: "9",
});

/** "bravo", "sierra". */
export const isCodeWord = (word: string): boolean => /^[A-Z]$/.test(WORDS[word] ?? "");

/** Words that a recogniser writes where a letter or digit was said; a list where it may be either. */
// biome-ignore format: a table
const SOUNDS = wordTable<string>({
  ay: "A", hey: "A8", eh: "A", bee: "B", be: "B", see: "C", sea: "C", dee: "D", ee: "E", he: "E", eff: "F", gee: "G", aitch: "H", haitch: "H",
  eye: "I", i: "I", jay: "J", kay: "K", okay: "KO", ok: "KO", el: "L", ell: "L", hell: "L", em: "M", am: "M", en: "N", an: "N", and: "N", end: "N", oh: "O0", o: "O0", owe: "O0",
  pee: "P", pea: "P", queue: "Q", cue: "Q", are: "R", our: "R", ar: "R", ess: "S", es: "S", as: "S", tea: "T", tee: "T", you: "U", ewe: "U", yu: "U",
  vee: "V", we: "V", ex: "X", why: "Y", wye: "Y", zed: "Z", zee: "Z", said: "Z",
  won: "1", to: "2", too: "2", tree: "3", free: "3", for: "4", fore: "4", ate: "8", hate: "8", sex: "6", sicks: "6", fife: "5", niner: "9", mine: "9", line: "9",
});
/** Said around the item, and no part of it. */
const FILLERS = new Set(
  "er erm um uh it's its is my the postcode post code so yes yeah that's please sorry no then space dash hyphen capital letter number it well thanks thank hi hello s'".split(
    " ",
  ),
);

/** "M for mother", "W one A double two", "sw1a 1aa", "s w twenty" → one symbol for each character. */
export function readSymbols(text: string): SpokenSymbol[] {
  const words = tokenise(
    text
      .toLowerCase()
      .replace(/double[\s-]?(?:you|u)\b/g, "w ")
      .replace(/\bx[\s-]?ray\b/g, "xray")
      // "so29", "eh3": letters that would be words of their own.
      .replace(/\b([a-z])([a-z])(?=\d)/g, "$1 $2 ")
      // "e1 6an", "e one six am": the two letters at the end.
      .replace(
        /(\d|\b(?:one|two|three|four|five|six|seven|eight|nine|zero|oh)\b)( ?)([a-z])([a-z])(?=[^a-z0-9]*$)/,
        "$1 $3 $4",
      ),
  ).map(({ word }) => word);
  const symbols: SpokenSymbol[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? "";
    const times = TIMES[word];
    if (times !== undefined) {
      const next = symbolsOf(words, at + 1);
      const [first, ...rest] = next.symbols;
      if (first !== undefined) symbols.push(...Array.from({ length: times }, () => first), ...rest);
      at = next.to;
      continue;
    }
    const next = symbolsOf(words, at);
    symbols.push(...next.symbols);
    at = next.to;
  }
  return symbols;
}

function symbolsOf(words: readonly string[], at: number): { symbols: readonly SpokenSymbol[]; to: number } {
  const word = words[at] ?? "";
  const explained = explanationAt(words, at);
  if (explained !== undefined) return explained;
  if (/^[a-z0-9]+$/.test(word) && (/\d/.test(word) || word.length === 1)) {
    return { symbols: [...word].map((character) => written(character, word.length > 1)), to: at + 1 };
  }
  const known = WORDS[word];
  if (known !== undefined) return { symbols: [/\d/.test(known) ? plain(known) : firm(known)], to: at + 1 };
  const teen = TEENS[word];
  if (teen !== undefined) return { symbols: [...String(teen)].map(plain), to: at + 1 };
  if (TENS[word] !== undefined) {
    const ten = String(TENS[word] / 10);
    const unit = WORDS[words[at + 1] ?? ""];
    const single = unit !== undefined && /[1-9]/.test(unit);
    return {
      symbols: single ? [plain(ten), perhapsNought, plain(unit)] : [plain(ten), plain("0")],
      to: at + (single ? 2 : 1),
    };
  }
  const sounds = SOUNDS[word];
  if (sounds !== undefined) {
    return { symbols: [{ choices: [...sounds].map((character) => ({ character, cost: soundCost })) }], to: at + 1 };
  }
  if (FILLERS.has(word)) return { symbols: [], to: at + 1 };
  // Letters run together ("swla", "ab"): a recogniser's word that is none.
  if (/^[a-z]{2,4}$/.test(word)) return { symbols: [...word].map((letter) => written(letter, true)), to: at + 1 };
  return { symbols: [], to: at + 1 };
}

const soundCost = 0.3;
const perhapsNought: SpokenSymbol = { choices: [{ character: "0", cost: 0.3 }], skipCost: 0.6 };

/** "B for Bravo", "m as in mother", "s like sugar": the word says which letter was meant. */
function explanationAt(words: readonly string[], at: number): { symbols: SpokenSymbol[]; to: number } | undefined {
  const [letter = "", link = "", word = "", more = ""] = words.slice(at, at + 4);
  if (!/^[a-z]+$/.test(letter) || (letter.length > 1 && SOUNDS[letter] === undefined)) return undefined;
  const example =
    link === "for" || link === "like" ? word : link === "as" && (word === "in" || word === "an") ? more : "";
  if (example.length < 3 || WORDS[example]?.match(/\d/)) return undefined;
  const to = at + (link === "as" ? 4 : 3);
  return { symbols: [firm((WORDS[example] ?? example[0] ?? "").toUpperCase())], to };
}

const plain = (character: string): SpokenSymbol => ({ choices: [{ character: character.toUpperCase(), cost: 0 }] });

const firm = (character: string): SpokenSymbol => ({ ...plain(character), isFirm: true });

/** "O" and "0", "I", "L" and "1" are written for each other where letters and digits stand together. */
function written(character: string, together: boolean): SpokenSymbol {
  const upper = character.toUpperCase();
  const twin = together ? { O: "0", "0": "O", I: "1", L: "1", S: "5", "5": "S" }[upper] : { O: "0", "0": "O" }[upper];
  if (twin === undefined) return plain(upper);
  return {
    choices: [
      { character: upper, cost: 0 },
      { character: twin, cost: upper === "S" || upper === "5" ? 1.5 : 0.4 },
    ],
  };
}
