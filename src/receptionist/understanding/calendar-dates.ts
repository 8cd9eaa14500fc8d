/** Days by number, month or feast: "the 28th of November", "28/11", "the fifth", "Boxing Day". Pure. */
import type { LocalDate } from "../../agency/types.ts";
import { monthWord, nextDayAndMonth, nextDayOfMonth } from "./calendar.ts";
import { type Found, on } from "./date-reading.ts";
import { readCardinal, readOrdinal } from "./numbers.ts";
import { type Token, wordsAt } from "./tokens.ts";

/** "28/11", "28/11/2026", "2026-11-28". */
export function written(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const word = tokens[at]?.word ?? "";
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word);
  if (iso) return on(nextDayAndMonth(today, Number(iso[3]), Number(iso[2]), Number(iso[1])), 0.97, at + 1);
  const slashed = /^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2}|\d{4}))?$/.exec(word);
  if (!slashed || (slashed[3] === undefined && !word.includes("/"))) return undefined; // "2.30" is a time
  const year = slashed[3] === undefined ? undefined : Number(slashed[3]);
  return on(nextDayAndMonth(today, Number(slashed[1]), Number(slashed[2]), year), 0.93, at + 1);
}

/** "the 28th of November", "28 November", "November the 28th", with or without a year. */
export function dayAndMonth(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const start = tokens[at]?.word === "the" ? at + 1 : at;
  const day = readOrdinal(tokens, start) ?? readCardinal(tokens, start);
  if (day !== undefined && day.value >= 1 && day.value <= 31) {
    const monthAt = tokens[day.to]?.word === "of" ? day.to + 1 : day.to;
    const month = monthWord(tokens[monthAt]?.word);
    return month === undefined ? undefined : dated(tokens, today, day.value, month, monthAt + 1);
  }
  const month = monthWord(tokens[at]?.word);
  if (month === undefined) return undefined;
  const dayAt = tokens[at + 1]?.word === "the" ? at + 2 : at + 1;
  const second = readOrdinal(tokens, dayAt) ?? (month === 5 || month === 3 ? undefined : readCardinal(tokens, dayAt));
  return second === undefined || second.value > 31 ? undefined : dated(tokens, today, second.value, month, second.to);
}

function dated(tokens: readonly Token[], today: LocalDate, day: number, month: number, to: number): Found {
  const year = /^20\d\d$/.test(tokens[to]?.word ?? "") ? Number(tokens[to]?.word) : undefined;
  return on(nextDayAndMonth(today, day, month, year), 0.96, year === undefined ? to : to + 1);
}

/** "the fifth", "on the 28th": the next such day. "the second one" is a choice, "at 11th" an hour, badly heard. */
export function dayOfMonth(tokens: readonly Token[], at: number, today: LocalDate): Found {
  if (tokens[at]?.word === "first" && tokens[at + 1]?.word === "thing") return undefined;
  const before = tokens[at - 1]?.word;
  const ordinal = readOrdinal(tokens, at);
  if (ordinal === undefined || before === "at" || before === "or" || before === "|date") return undefined;
  if (before !== "the" && before !== "on" && !(at === 0 && ordinal.to === tokens.length)) return undefined;
  if (/^(?:one|option|time|choice|floor|bedroom|house|property|thing)$/.test(tokens[ordinal.to]?.word ?? ""))
    return undefined;
  return on(nextDayOfMonth(today, ordinal.value), 0.9, ordinal.to);
}

// biome-ignore format: a table
const FESTIVALS: readonly (readonly [readonly string[], number, number])[] = [
  [["christmas", "eve"], 24, 12], [["christmas", "day"], 25, 12], [["boxing", "day"], 26, 12],
  [["new", "year's", "eve"], 31, 12], [["new", "year's", "day"], 1, 1], [["new", "years", "eve"], 31, 12],
  [["new", "years", "day"], 1, 1],
];

export function festival(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const known = FESTIVALS.find(([words]) => wordsAt(tokens, at, words));
  return known && on(nextDayAndMonth(today, known[1], known[2]), 0.96, at + known[0].length);
}
