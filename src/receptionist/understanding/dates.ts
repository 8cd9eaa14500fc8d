/** Days as the British say them → dates. Pure; `today` is passed in. */
import { addDays } from "../../agency/local-time.ts";
import type { LocalDate } from "../../agency/types.ts";
import { mondayOf, nextDayOfMonth } from "./calendar.ts";
import { dayAndMonth, dayOfMonth, festival, written } from "./calendar-dates.ts";
import { type DateAt, type Found, on } from "./date-reading.ts";
import { readCardinal } from "./numbers.ts";
import { type Token, wordsAt } from "./tokens.ts";
import { relativeWeekday, weekday, weekdayAndDay, weeksOn } from "./weekday-dates.ts";
import { wordTable } from "./word-table.ts";

type Reader = (tokens: readonly Token[], at: number, today: LocalDate) => Found;

/** Every reader, the longer phrase before the shorter. */
// biome-ignore format: a list
const READERS: readonly Reader[] = [
  written, dayAfterTomorrow, weeksOn, inSoMany, relativeWeekday, tomorrowAnd, dayAndMonth, weekdayAndDay, weekday,
  festival, span, dayOfMonth,
];

/**
 * The day named in `tokens`, if any. Said twice, the later counts where it corrects ("Thursday, no, Friday"); "not
 * Wednesday" names none.
 * @param asked The day was what we had asked for: a bare number is then a day of the month.
 */
export function readDate(tokens: readonly Token[], today: LocalDate, asked: boolean): DateAt | undefined {
  let best: DateAt | undefined;
  for (let at = 0; at < tokens.length; at++) {
    const found = firstReading(tokens, at, today);
    if (found === undefined) continue;
    if (!isExcluded(tokens, at) && (best === undefined || corrects(tokens, best.to, at))) best = { ...found, from: at };
    at = found.to - 1;
  }
  return best ?? soonest(tokens, asked) ?? (asked ? bareDay(tokens, today) : undefined);
}

function firstReading(tokens: readonly Token[], at: number, today: LocalDate): Found {
  for (const reader of READERS) {
    const found = reader(tokens, at, today);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** "not Wednesday", "except Friday", "anything but Monday". */
function isExcluded(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.word;
  const start = before === "on" || before === "the" || before === "this" ? at - 2 : at - 1;
  const word = tokens[start]?.word;
  if (word === "but") return /^(?:day|days|any|anything|time|anytime)$/.test(tokens[start - 1]?.word ?? "");
  return word === "not" || word === "except" || word === "can't" || word === "isn't";
}

/** Between the two stands a word that takes back the first; "Thursday or Friday" keeps the first. */
function corrects(tokens: readonly Token[], from: number, to: number): boolean {
  const words = tokens.slice(from, to).map((token) => token.word);
  return words.some((word) => ["no", "sorry", "actually", "mean", "make", "rather", "wait"].includes(word));
}

function dayAfterTomorrow(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const start = tokens[at]?.word === "the" ? at + 1 : at;
  if (wordsAt(tokens, start, ["day", "after", "tomorrow"])) return on(addDays(today, 2), 0.97, start + 3);
  return undefined;
}

const DAYS_AHEAD = wordTable<number>({ today: 0, tonight: 0, tomorrow: 1, "tomorrow's": 1, tomorow: 1 });
const MORE_DAYS = wordTable<number>({ week: 7, fortnight: 14 });

/** "tomorrow", "tomorrow fortnight", "today week", "tonight". */
function tomorrowAnd(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const word = tokens[at]?.word ?? "";
  const ahead = DAYS_AHEAD[word];
  if (ahead === undefined) return undefined;
  const more = MORE_DAYS[tokens[at + 1]?.word ?? ""];
  return more === undefined ? on(addDays(today, ahead), 0.97, at + 1) : on(addDays(today, ahead + more), 0.93, at + 2);
}

/** "in three days", "in a fortnight", "in two weeks' time", "in a week". */
function inSoMany(tokens: readonly Token[], at: number, today: LocalDate): Found {
  if (tokens[at]?.word !== "in") return undefined;
  const number = tokens[at + 1]?.word === "a" ? { value: 1, to: at + 2 } : readCardinal(tokens, at + 1);
  if (number === undefined || number.value > 30) return undefined;
  const unit = tokens[number.to]?.word ?? "";
  const days = /^days?$/.test(unit) ? 1 : /^weeks?$/.test(unit) ? 7 : /^fortnights?$/.test(unit) ? 14 : 0;
  return days === 0 ? undefined : on(addDays(today, number.value * days), days === 1 ? 0.9 : 0.7, number.to + 1);
}

/** "this weekend", "at the weekend", "next week", "this week". */
function span(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const word = tokens[at]?.word;
  const what = tokens[at + 1]?.word;
  if (what !== "week" && what !== "weekend") return undefined;
  if (word !== "this" && word !== "next" && !(word === "the" && what === "weekend")) return undefined;
  const monday = addDays(mondayOf(today), word === "next" ? 7 : 0);
  const from = what === "weekend" ? addDays(monday, 5) : monday;
  return { reading: { kind: "within", from: from < today ? today : from, until: addDays(monday, 6) }, to: at + 2 };
}

const SOONEST =
  /\b(?:as soon as (?:possible|you can)|asap|soonest|earliest (?:day|date|you|possible|available|appointment|one)|any ?day|whenever|first available|next available|don't mind (?:what|which) day)\b/;

function soonest(tokens: readonly Token[], asked: boolean): DateAt | undefined {
  const phrase = tokens.map((token) => token.word).join(" ");
  const open = asked && /\b(?:don't mind|you choose|the earliest|up to you|easy|flexible)\b/.test(phrase);
  // The words stay where they are: "as soon as possible" may speak of the hour too.
  return SOONEST.test(phrase) || open ? { reading: { kind: "earliest" }, from: 0, to: 0 } : undefined;
}

/** "28" or "twenty eight", where a day was asked for and nothing else was said. */
function bareDay(tokens: readonly Token[], today: LocalDate): DateAt | undefined {
  const from = tokens.findIndex((token) => /^(?:the|on|erm?|um|uh|please|oh|well)$/.test(token.word) === false);
  const number = readCardinal(tokens, from);
  if (number === undefined || number.value < 1 || number.value > 31) return undefined;
  if (tokens.slice(number.to).some((token) => token.word !== "please")) return undefined;
  const found = on(nextDayOfMonth(today, number.value), 0.7, number.to);
  return found && { ...found, from };
}
