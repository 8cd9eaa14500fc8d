/** Digits said one by one, in groups, doubled or in hundreds → the groups as said. Pure. */

import { readCardinal, TEENS, TENS, UNITS } from "./numbers.ts";
import type { Token } from "./tokens.ts";
import { wordTable } from "./word-table.ts";

export type DigitRun = {
  /** Each as said in one breath: "07700", "900". */
  groups: string[];
  /** "plus", "+". */
  international: boolean;
  /** "no, four five six", "it ends in 456": takes the place of a group of what was said before. */
  replaces: boolean;
  from: number;
  to: number;
};

const ZERO = new Set(["oh", "o", "zero", "nought", "naught", "nil", "ought"]);
const FILLERS = new Set(["er", "erm", "um", "uh", "then", "so", "and", "space", "dash", "that's", "it's"]);
/** "double two" is so many of them. */
export const TIMES = wordTable<number>({ double: 2, treble: 3, triple: 3 });
/** Between two digits these are digits badly written; anywhere else they are words. */
const HOMOPHONES = wordTable<string>({ to: "2", too: "2", for: "4", won: "1", ate: "8", tree: "3" });
const CORRECTIONS = /^(?:no|nope|sorry|actually|wait|mean|correction|not)$/;

/** The runs of digits in `tokens`, corrections within one breath applied ("… 124, no, 123"). */
export function readDigits(tokens: readonly Token[]): DigitRun | undefined {
  const runs: DigitRun[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const run = runAt(tokens, at);
    if (run === undefined) continue;
    runs.push(run);
    at = run.to - 1;
  }
  const first = runs[0];
  if (first === undefined) return undefined;
  return runs.slice(1).reduce((whole, run) => joined(tokens, whole, run), first);
}

function joined(tokens: readonly Token[], whole: DigitRun, run: DigitRun): DigitRun {
  const between = tokens.slice(whole.to, run.from).map((token) => token.word);
  if (between.includes("extension") || between.includes("ext")) return whole;
  if (between.some((word) => CORRECTIONS.test(word))) {
    const longRun = run.groups.join("").length >= 9;
    return { ...(longRun ? run : replaced(whole, run)), from: whole.from, to: run.to };
  }
  if (isWhole(whole.groups)) return whole;
  if (between.length > 3) return run.groups.join("").length > whole.groups.join("").length ? run : whole;
  return { ...whole, groups: [...whole.groups, ...run.groups], to: run.to };
}

/** As long as any British number is. */
const isWhole = (groups: readonly string[]): boolean => /^0[1-35-8]\d{9}$/.test(groups.join(""));

/** The last group of the same length gives way. */
function replaced(whole: DigitRun, run: DigitRun): DigitRun {
  const digits = whole.groups.join("");
  const length = run.groups.join("").length;
  return { ...whole, groups: [digits.slice(0, Math.max(0, digits.length - length)), ...run.groups].filter(Boolean) };
}

function runAt(tokens: readonly Token[], start: number): DigitRun | undefined {
  let at = start;
  const international = tokens[at]?.word === "plus" || /^\+\d/.test(tokens[at]?.word ?? "");
  if (tokens[at]?.word === "plus") at++;
  const groups: string[] = [];
  let to = at;
  while (at < tokens.length) {
    const digits = digitsAt(tokens, at, groups.length > 0);
    if (digits === undefined) {
      // "07700 900914 and 12 Bents Green Place": what comes after a whole number is something else.
      if (groups.length === 0 || isWhole(groups) || !FILLERS.has(tokens[at]?.word ?? "")) break;
      at++;
      continue;
    }
    if (groups.length === 0 || tokens[at]?.breakBefore || digits.whole) groups.push(digits.text);
    else groups[groups.length - 1] += digits.text;
    at = digits.to;
    to = at;
  }
  if (groups.length === 0 || isOtherNumber(tokens, start, to)) return undefined;
  return { groups, international, replaces: isReplacement(tokens, start), from: start, to };
}

/** "at 11", "half past two", "the 28th of", "3 pm": numbers that are no digits of a telephone number. */
function isOtherNumber(tokens: readonly Token[], from: number, to: number): boolean {
  if (to - from > 2) return false;
  const [before, after] = [tokens[from - 1]?.word ?? "", tokens[to]?.word ?? ""];
  if (/^(?:at|past|half|quarter|flat|around|about)$/.test(before)) return true;
  return /^(?:o'clock|am|pm|past|bed|bedroom|bedrooms|in|of|hundred|street|road|lane|avenue|minutes?|days?|weeks?)$/.test(
    after,
  );
}

function isReplacement(tokens: readonly Token[], start: number): boolean {
  const before = tokens.slice(Math.max(0, start - 6), start).map((token) => token.word);
  return before.some((word) => CORRECTIONS.test(word) || /^(?:ends|ending|end|last|final)$/.test(word));
}

type Digits = { text: string; to: number /** A group of its own. */; whole: boolean };

function digitsAt(tokens: readonly Token[], at: number, inside: boolean): Digits | undefined {
  const word = tokens[at]?.word ?? "";
  if (/^\+?\d+$/.test(word)) return hundreds(tokens, at, word.replace("+", ""), word.length > 1);
  if (/^\d+(?:[./]\d+)+$/.test(word) && word.length > 6)
    return { text: word.replace(/\D/g, ""), to: at + 1, whole: true };
  if (ZERO.has(word) && (word.length > 2 || inside || digitsAt(tokens, at + 1, true) !== undefined)) {
    return { text: "0", to: at + 1, whole: false };
  }
  const times = TIMES[word];
  if (times !== undefined) {
    const digit = digitsAt(tokens, at + 1, true);
    if (digit === undefined || digit.text.length === 0) return undefined;
    return { text: `${(digit.text[0] ?? "").repeat(times)}${digit.text.slice(1)}`, to: digit.to, whole: false };
  }
  const unit = UNITS[word];
  if (unit !== undefined) return hundreds(tokens, at, String(unit), false);
  if (TEENS[word] !== undefined || TENS[word] !== undefined) {
    const number = readCardinal(tokens, at);
    return number && { text: String(number.value), to: number.to, whole: false };
  }
  const homophone = inside ? HOMOPHONES[word] : undefined;
  const next = tokens[at + 1]?.word ?? "";
  if (homophone === undefined || !(/^\d+$/.test(next) || ZERO.has(next) || next in UNITS || next in TIMES))
    return undefined;
  return { text: homophone, to: at + 1, whole: false };
}

/** "nine hundred" → 900, "nine hundred and twelve" → 912, "five thousand" → 5000. */
function hundreds(tokens: readonly Token[], at: number, digits: string, whole: boolean): Digits {
  const next = tokens[at + 1]?.word;
  if (digits.length === 1 && next === "thousand") return { text: `${digits}000`, to: at + 2, whole: true };
  if (digits.length > 2 || next !== "hundred") return { text: digits, to: at + 1, whole };
  const rest = tokens[at + 2]?.word === "and" ? readCardinal(tokens, at + 3) : undefined;
  if (rest === undefined || rest.value > 99 || rest.value < 1) return { text: `${digits}00`, to: at + 2, whole: true };
  return { text: `${digits}${String(rest.value).padStart(2, "0")}`, to: rest.to, whole: true };
}
