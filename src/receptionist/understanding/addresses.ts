/** The parts of a British address, as listed by the agency. Pure. */

import { tokenise } from "./tokens.ts";
import { wordTable } from "./word-table.ts";

export type Address = {
  /** "14", "14a"; undefined for a house with a name only. */
  number: string | undefined;
  flat: string | undefined;
  /** "maple"; "" if no street could be told. */
  name: string;
  /** "road"; "" for "The Beeches". */
  type: string;
  /** "rose cottage"; "" for none. */
  house: string;
};

/** Written short form → full; the keys of the full forms too. */
// biome-ignore format: a table
const TYPES = wordTable<string>({
  road: "road", rd: "road", street: "street", st: "street", avenue: "avenue", ave: "avenue", av: "avenue", lane: "lane", ln: "lane",
  close: "close", cl: "close", court: "court", ct: "court", crescent: "crescent", cres: "crescent", drive: "drive", dr: "drive",
  gardens: "gardens", gdns: "gardens", garden: "gardens", grove: "grove", hill: "hill", mews: "mews", park: "park", place: "place", pl: "place",
  rise: "rise", row: "row", square: "square", sq: "square", terrace: "terrace", ter: "terrace", terr: "terrace", view: "view",
  walk: "walk", way: "way", green: "green", gate: "gate", wharf: "wharf", quay: "quay", parade: "parade", croft: "croft", mount: "mount",
  fold: "fold", vale: "vale", meadow: "meadow", meadows: "meadows", fields: "fields", heights: "heights", yard: "yard", bank: "bank",
  broadway: "broadway", common: "common", drove: "drove", passage: "passage", circus: "circus", embankment: "embankment",
});

/** "rd" → "road"; undefined if the word names no kind of street. */
export const streetType = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : TYPES[word];

/** Reads "Flat 2, 14A High Street, Chorlton" or "Rose Cottage, Mill Lane". Never throws; parts not found are empty. */
export function parseAddress(text: string): Address {
  const flat = /\b(?:flat|apartment|apt|unit|studio)\.?\s+(\w+)/i.exec(text)?.[1]?.toLowerCase();
  const rest = text.replace(/\b(?:flat|apartment|apt|unit|studio)\.?\s+\w+[,\s]*/i, "");
  const parts = rest
    .split(",")
    .map((part) => tokenise(part).map((token) => token.word))
    .filter((words) => words.length > 0);
  const street = parts.find(isStreet) ?? parts.find((words) => /^\d/.test(words[0] ?? "")) ?? parts[0] ?? [];
  const house = parts.find(
    (words) =>
      words !== street && !words.some((word) => /\d/.test(word)) && parts.indexOf(words) < parts.indexOf(street),
  );
  const numbered = /^\d+[a-z]?$/.test(street[0] ?? "");
  const words = numbered ? street.slice(1) : street;
  const typeAt = words.findLastIndex((word, index) => index > 0 && streetType(word) !== undefined);
  const named = typeAt > 0 ? words.slice(0, typeAt) : words;
  return {
    number: numbered ? street[0] : undefined,
    flat,
    name: named.map((word) => (word === "st" ? "saint" : word)).join(" "),
    type: typeAt > 0 ? (streetType(words[typeAt]) ?? "") : "",
    house: house?.join(" ") ?? "",
  };
}

const isStreet = (words: readonly string[]): boolean =>
  words.some((word, index) => index > 0 && streetType(word) !== undefined);
