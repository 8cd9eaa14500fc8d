/** Prices and rents as the British say them, in whole pounds: a rent is that of a calendar month. Pure. */

import { TEENS, TENS, UNITS } from "../understanding/numbers.ts";
import { wordTable } from "../understanding/word-table.ts";
import type { ItemReader, Reading } from "./item.ts";

/** Said with its unit, or in full. */
const plain = 0.95;
/** "four fifty": the thousands are understood. */
const understood = 0.88;
/** Without knowing whether it is a sale or a let, either may be meant. */
const eitherWay = 0.45;
const weeksAYear = 52;

type Amount = {
  value: number;
  /** A unit was said or written ("thousand", "k", "395,000"): nothing is to be added. */
  isFull: boolean;
};

export const money: ItemReader = {
  read(text, { context }) {
    const words = wordsOf(text);
    const amount = lastAmount(words);
    if (amount === undefined || amount.value <= 0) return [];
    const perWeek = /\b(?:a|per|each|every|the) week\b|\bweekly\b|\bp\.?w\b/i.test(text);
    const perMonth = /\b(?:a|per|each|every|the|calendar) month\b|\bmonthly\b|\bpcm\b/i.test(text);
    if (perWeek) return [{ value: pounds((scaledRent(amount) * weeksAYear) / 12), certainty: plain - 0.05 }];
    const let_: Reading = { value: pounds(scaledRent(amount)), certainty: amount.isFull ? plain : understood };
    const sale: Reading = { value: pounds(scaledPrice(amount)), certainty: amount.isFull ? plain : understood };
    if (perMonth || context === "let") return [let_];
    if (context === "sale" || let_.value === sale.value) return [sale];
    return [sale, let_].map(({ value }) => ({ value, certainty: eitherWay }));
  },
  canonical: (value) => pounds(Number(value.replace(/[^\d.]/g, ""))),
};

const pounds = (value: number): string => String(Math.round(value));

/** "four fifty" is 450,000, "one point two" a million and more, "twelve fifty" a million and a quarter. */
function scaledPrice({ value, isFull }: Amount): number {
  if (isFull || value >= 10_000) return value;
  return value < 20 ? value * 1_000_000 : value * 1000;
}

/** "nine fifty" is 950, "one point two" 1,200. */
const scaledRent = ({ value, isFull }: Amount): number => (!isFull && value < 20 ? value * 1000 : value);

const SCALES = wordTable<number>({
  hundred: 100,
  thousand: 1000,
  k: 1000,
  grand: 1000,
  million: 1_000_000,
  mil: 1_000_000,
  mill: 1_000_000,
  m: 1_000_000,
});
const ZERO = /^(?:oh|o|zero|nought|naught)$/;

/** Lower case; "£395,000" → "395000", "395k" → "395 k", "1.2m" → "1.2 m". */
function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replace(/\b(?:uh|um|er|erm)\b/g, " ")
      .replace(/\b([a-z]+|\d) and (?:a|8|k|j) half (?=million|thousand)/g, "$1 point five ")
      .replace(/(?<=fifty|hundred|five|\d) (?:kay|okay)\b/g, " k")
      .replace(/\bto (?=hundred|thousand|million|point)/g, "two ")
      .replace(/(\d),(?=\d{3}(?!\d))/g, "$1")
      .replace(/(\d)\s?(k|m|mil|million|grand|thousand)\b/g, "$1 $2")
      .match(/\d+(?:\.\d+)?|[a-z']+/g) ?? []
  ).filter((word) => word !== "pounds" && word !== "quid" && word !== "pound");
}

/** The last amount said: a correction follows what it corrects. */
function lastAmount(words: readonly string[]): Amount | undefined {
  let last: Amount | undefined;
  for (let at = 0; at < words.length; ) {
    const found = amountAt(words, at);
    if (found === undefined) at++;
    else {
      const isWord = found.to === at + 1 && words[at] === "one"; // "the other one"
      if (!isWord) last = found.amount;
      at = found.to;
    }
  }
  return last;
}

type At = { amount: Amount; to: number };

function amountAt(words: readonly string[], at: number): At | undefined {
  return fraction(words, at) ?? inFull(words, at) ?? shorthand(words, at);
}

/** "half a million", "a quarter of a million", "three quarters of a million". */
function fraction(words: readonly string[], at: number): At | undefined {
  const text = words.slice(at, at + 6).join(" ");
  const share = /^(?:(three) quarters|(?:a )?(half|quarter))(?: of)? (?:a )?(million|thousand)\b/.exec(text);
  if (share === null) return undefined;
  const value = share[1] ? 0.75 : share[2] === "half" ? 0.5 : 0.25;
  return {
    amount: { value: value * (SCALES[share[3] ?? ""] ?? 1), isFull: true },
    to: at + share[0].split(" ").length,
  };
}

/** With units: "four hundred and fifty thousand", "1.2 million", "a million and a half", "twelve hundred". */
function inFull(words: readonly string[], at: number): At | undefined {
  let total = 0;
  let group: number | undefined;
  let isFull = false;
  let here = at;
  while (here < words.length) {
    const word = words[here] ?? "";
    const scale = SCALES[word];
    const number = numberAt(words, here);
    if (scale !== undefined && (group !== undefined || total > 0)) {
      if (scale === 100) group = (group ?? 1) * 100;
      else {
        total += (group ?? 1) * scale;
        group = undefined;
      }
      isFull ||= scale > 100 || (group ?? 0) >= 1000;
      here++;
    } else if (
      word === "and" &&
      words[here + 1] === "a" &&
      /^(?:half|quarter)$/.test(words[here + 2] ?? "") &&
      total > 0
    ) {
      total += (words[here + 2] === "half" ? 0.5 : 0.25) * lowestScale(total);
      here += 3;
    } else if (word === "a" && SCALES[words[here + 1] ?? ""] !== undefined && group === undefined) {
      group = 1;
      here++;
    } else if (word === "and" && (group !== undefined || total > 0) && numberAt(words, here + 1)) here++;
    else if (number !== undefined && (group === undefined || (group % 100 === 0 && number.value < 100))) {
      group = (group ?? 0) + number.value;
      isFull ||= number.value >= 1000 && /^\d/.test(word);
      here = number.to;
    } else break;
  }
  if (here === at || !words.slice(at, here).some((word) => SCALES[word] !== undefined || /^\d{4,}$/.test(word)))
    return undefined;
  // "four hundred and fifty" is full only as a rent: the thousands of a price are still understood.
  return { amount: { value: total + (group ?? 0), isFull: isFull || total > 0 }, to: here };
}

const lowestScale = (total: number): number => (total % 1_000_000 === 0 ? 1_000_000 : 1000);

/** "450", "1.2", "forty five", "one point two". */
function numberAt(words: readonly string[], at: number): { value: number; to: number } | undefined {
  const word = words[at] ?? "";
  if (/^\d/.test(word)) return { value: Number(word), to: at + 1 };
  const small = UNITS[word] ?? TEENS[word];
  const ten = TENS[word];
  if (small === undefined && ten === undefined) return undefined;
  const unit = ten === undefined ? undefined : UNITS[words[at + 1] ?? ""];
  const whole = (ten ?? small ?? 0) + (unit !== undefined && unit > 0 ? unit : 0);
  const to = unit !== undefined && unit > 0 ? at + 2 : at + 1;
  if (words[to] !== "point") return { value: whole, to };
  let decimals = "";
  let here = to + 1;
  for (; here < words.length; here++) {
    const next = words[here] ?? "";
    const digit = ZERO.test(next) ? 0 : (UNITS[next] ?? TENS[next]);
    if (digit === undefined) break;
    decimals += String(digit);
  }
  return decimals === "" ? { value: whole, to } : { value: Number(`${whole}.${decimals}`), to: here };
}

/** "four fifty", "three seven five", "twelve fifty", "four twenty five", "four ninety nine nine fifty". */
function shorthand(words: readonly string[], at: number): At | undefined {
  let digits = "";
  let here = at;
  while (here < words.length && digits.length < 7) {
    const word = words[here] ?? "";
    if (ZERO.test(word) && digits !== "") {
      digits += "0";
      here++;
      continue;
    }
    const number = numberAt(words, here);
    if (number === undefined) break;
    if (!Number.isInteger(number.value)) {
      if (digits !== "") break;
      return { amount: { value: number.value, isFull: false }, to: number.to };
    }
    digits += String(number.value);
    here = number.to;
  }
  if (digits === "") return undefined;
  const value = Number(digits);
  return { amount: { value, isFull: digits.length > 4 }, to: here };
}
