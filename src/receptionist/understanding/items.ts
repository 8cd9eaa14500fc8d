/** Tokens as an address has them: numbers in digits, "3rd Park" as 3, "Rd" as road. */
import { streetType } from "./addresses.ts";
import { readCardinal, readOrdinal } from "./numbers.ts";
import type { Token } from "./tokens.ts";

export type Item = {
  text: string;
  /** "14", "14a"; undefined if this is no house number. */
  number: string | undefined;
  /** Tokens [from, to). */
  from: number;
  to: number;
};

export function itemsOf(tokens: readonly Token[]): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < tokens.length; ) {
    const item = numberItem(tokens, at) ?? wordItem(tokens, at);
    items.push(item);
    at = item.to;
  }
  return items;
}

function numberItem(tokens: readonly Token[], at: number): Item | undefined {
  const word = tokens[at]?.word ?? "";
  if (/^\d{1,4}[a-z]$/.test(word)) return { text: word, number: word, from: at, to: at + 1 };
  const next = tokens[at + 1]?.word ?? "";
  const ordinal = /^\d/.test(word) && /^\p{L}/u.test(next) && next !== "of" ? readOrdinal(tokens, at) : undefined;
  const found = readCardinal(tokens, at) ?? ordinal; // "3rd Park Avenue": a recogniser's 3
  if (found === undefined) return undefined;
  const letter = tokens[found.to]?.word ?? "";
  const after = tokens[found.to + 1]?.word ?? "";
  // "fourteen a High Street"; but "fourteen a week on Tuesday" has no 14a in it.
  const lettered = /^[a-f]$/.test(letter) && after !== "week" && after !== "fortnight" && after !== "";
  const text = `${found.value}${lettered ? letter : ""}`;
  return { text, number: text, from: at, to: lettered ? found.to + 1 : found.to };
}

function wordItem(tokens: readonly Token[], at: number): Item {
  const word = tokens[at]?.word ?? "";
  const plain = word.endsWith("'s") ? `${word.slice(0, -2)}s` : word;
  const startsName =
    tokens[at + 1] !== undefined &&
    streetType(tokens[at + 1]?.word) === undefined &&
    tokens[at + 1]?.breakBefore === false;
  const text = plain === "st" ? (startsName ? "saint" : "street") : (streetType(plain) ?? plain);
  return { text, number: undefined, from: at, to: at + 1 };
}
