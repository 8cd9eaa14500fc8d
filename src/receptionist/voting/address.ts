/** Addresses as said: number, street and town, with the flat before it. Pure. */
import { parseAddress, streetType } from "../understanding/addresses.ts";
import { readCardinal } from "../understanding/numbers.ts";
import { soundOf, soundsAlike } from "../understanding/sounds.ts";
import { numberLikeness } from "../understanding/street-sounds.ts";
import { type Token, tokenise } from "../understanding/tokens.ts";
import type { ItemReader } from "./item.ts";

const numberedStreet = 0.72;
const namedHouse = 0.5;
const FILLERS =
  /^(?:er|erm|um|uh|it's|its|my|address|is|the|so|yeah|yes|well|please|at|live|i|i'm|we're|number|thanks|that's|hi|hello|that|would|be|for|house|a)$/;
const FLATS = /^(?:flat|apartment|apt|unit|studio)$/;

export const address: ItemReader = {
  read(text) {
    const written = writtenAddress(tokensOf(text));
    if (written === undefined) return [];
    return [{ value: written.text, certainty: written.hasNumber ? numberedStreet : namedHouse }];
  },
  likeness(text) {
    const heard = writtenAddress(tokensOf(text));
    if (heard === undefined) return () => 0;
    const ours = parseAddress(heard.text);
    return (known) => {
      const theirs = parseAddress(known);
      const street = soundsAlike(soundOf(`${ours.name} ${ours.type}`), soundOf(`${theirs.name} ${theirs.type}`));
      const house = theirs.house === "" ? 0 : soundsAlike(soundOf(heard.text), soundOf(theirs.house));
      const number =
        ours.number === undefined
          ? theirs.number === undefined
            ? 1
            : 0.5
          : numberLikeness(ours.number, theirs.number);
      const flat = ours.flat === theirs.flat ? 1 : ours.flat === undefined || theirs.flat === undefined ? 0.8 : 0.5;
      return Math.max(house * 0.9, street ** 1.5 * (0.35 + 0.65 * number)) * flat;
    };
  },
  canonical: (value) => value.trim().replace(/\s+/g, " "),
};

/** "flat to", "twenty to a", "two 0 3": numbers as a recogniser may write them; thanks are no town. */
const tokensOf = (text: string): Token[] =>
  tokenise(
    text
      .toLowerCase()
      .replace(
        /\b(flat|apartment|number|unit|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety) (?:to|too)\b/g,
        "$1 two",
      )
      .replace(/\b(flat|apartment|number|unit) (?:for|fore)\b/g, "$1 four")
      .replace(/^(?:to|too) (?=oh |o |\d)/, "two ")
      .replace(/ (?:thank you|thanks|please)\W*$/, ""),
  );

/** "flat two fourteen a the high street chorlton" → "Flat 2, 14A High Street, Chorlton". */
function writtenAddress(tokens: readonly Token[]): { text: string; hasNumber: boolean } | undefined {
  let at = 0;
  let flat = "";
  while (at < tokens.length && FILLERS.test(tokens[at]?.word ?? "")) at++;
  if (FLATS.test(tokens[at]?.word ?? "")) {
    const kind = capital(tokens[at]?.word ?? "");
    const number = readCardinal(tokens, at + 1);
    const label = number?.value.toString() ?? (tokens[at + 1]?.word ?? "").toUpperCase();
    flat = `${kind} ${label}`;
    at = number?.to ?? at + 2;
  }
  while (at < tokens.length && FILLERS.test(tokens[at]?.word ?? "")) at++;
  const number = numberAt(tokens, at);
  at = number?.to ?? at;
  const words = tokens.slice(at).filter(({ word }, index, all) => {
    const isWhole = word === "the" && index === all.length - 2 && streetType(all[index + 1]?.word ?? "") !== undefined;
    return isWhole ? index === 0 : !/^(?:the|er|erm|um|uh|please|thanks)$/.test(word); // "The Crescent"
  });
  const typeAt = words.findLastIndex(({ word }, index) => index > 0 && streetType(word) !== undefined);
  if (typeAt < 0 && number === undefined) return undefined;
  const street = (typeAt < 0 ? words : words.slice(0, typeAt + 1)).map(({ word }, index) =>
    streetWord(word, index, typeAt),
  );
  if (street.length === 0) return undefined;
  const town = typeAt < 0 ? [] : words.slice(typeAt + 1).filter(({ word }) => word !== "in" && !/\d/.test(word));
  const line = [number?.text, ...street].filter(Boolean).join(" ");
  const text = [flat, line, town.map(({ word }) => capital(word)).join(" ")].filter((part) => part !== "").join(", ");
  return { text, hasNumber: number !== undefined };
}

/** "fourteen a", "14a", "one hundred and twelve", "one two three". */
function numberAt(tokens: readonly Token[], at: number): { text: string; to: number } | undefined {
  const lettered = /^(\d+)([a-z])$/.exec(tokens[at]?.word ?? "");
  if (lettered) return { text: `${lettered[1]}${lettered[2]?.toUpperCase()}`, to: at + 1 };
  let digits = "";
  let here = at;
  for (;;) {
    const isNought = digits !== "" && /^(?:oh|o|zero|nought)$/.test(tokens[here]?.word ?? "");
    const number = isNought ? { value: 0, to: here + 1 } : readCardinal(tokens, here);
    if (number === undefined || digits.length >= 4) break;
    digits += String(number.value);
    here = number.to;
  }
  if (digits === "") return undefined;
  const letter = tokens[here]?.word ?? "";
  const next = tokens[here + 1]?.word;
  const isLetter = /^[a-h]$/.test(letter) && next !== undefined && streetType(next) === undefined;
  return { text: isLetter ? digits + letter.toUpperCase() : digits, to: isLetter ? here + 1 : here };
}

/** "st" before a name is Saint, after one Street. */
function streetWord(word: string, index: number, typeAt: number): string {
  if (index === typeAt) return capital(streetType(word) ?? word);
  return word === "st" || word === "saint" ? "St" : capital(word);
}

const capital = (word: string): string => word.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
