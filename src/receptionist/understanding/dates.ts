/** Days as the British say them → dates. Pure; `today` is passed in. */
import { addDays, weekdayOf } from "../../agency/local-time.ts";
import type { LocalDate } from "../../agency/types.ts";
import {
  mondayOf,
  monthWord,
  nextDayAndMonth,
  nextDayOfMonth,
  nextWeekday,
  type WeekdayWord,
  weekdayWord,
} from "./calendar.ts";
import { readCardinal, readOrdinal } from "./numbers.ts";
import { type Token, wordsAt } from "./tokens.ts";

export type DateReading =
  | { kind: "on"; date: LocalDate; certainty: number }
  /** The words fit two days equally: ask which. */
  | { kind: "either"; dates: [LocalDate, LocalDate] }
  /** "next week", "the weekend": which day of it? Both ends included. */
  | { kind: "within"; from: LocalDate; until: LocalDate }
  /** "as soon as possible", "any day". */
  | { kind: "earliest" };

export type DateAt = { reading: DateReading; from: number; to: number };

type Found = { reading: DateReading; to: number } | undefined;
type Reader = (tokens: readonly Token[], at: number, today: LocalDate) => Found;

const on = (date: LocalDate | undefined, certainty: number, to: number): Found =>
  date === undefined ? undefined : { reading: { kind: "on", date, certainty }, to };

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

function written(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const word = tokens[at]?.word ?? "";
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word);
  if (iso) return on(nextDayAndMonth(today, Number(iso[3]), Number(iso[2]), Number(iso[1])), 0.97, at + 1);
  const slashed = /^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2}|\d{4}))?$/.exec(word);
  if (!slashed || (slashed[3] === undefined && !word.includes("/"))) return undefined; // "2.30" is a time
  const year = slashed[3] === undefined ? undefined : Number(slashed[3]);
  return on(nextDayAndMonth(today, Number(slashed[1]), Number(slashed[2]), year), 0.93, at + 1);
}

function dayAfterTomorrow(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const start = tokens[at]?.word === "the" ? at + 1 : at;
  if (wordsAt(tokens, start, ["day", "after", "tomorrow"])) return on(addDays(today, 2), 0.97, start + 3);
  return undefined;
}

/** "tomorrow", "tomorrow fortnight", "today week", "tonight". */
function tomorrowAnd(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const word = tokens[at]?.word ?? "";
  const ahead = { today: 0, tonight: 0, tomorrow: 1, "tomorrow's": 1, tomorow: 1 }[word];
  if (ahead === undefined) return undefined;
  const more = { week: 7, fortnight: 14 }[tokens[at + 1]?.word ?? ""];
  return more === undefined ? on(addDays(today, ahead), 0.97, at + 1) : on(addDays(today, ahead + more), 0.93, at + 2);
}

/** "a week on Tuesday", "week on Tuesday", "a fortnight today", "two weeks tomorrow", "three weeks on Saturday". */
function weeksOn(tokens: readonly Token[], at: number, today: LocalDate): Found {
  let here = at;
  let weeks = 0;
  const number = readCardinal(tokens, at);
  if (tokens[at]?.word === "a") here = at + 1;
  if (tokens[here]?.word === "week") weeks = 1;
  else if (tokens[here]?.word === "fortnight") weeks = 2;
  else if (number !== undefined && number.value < 9 && /^weeks?$/.test(tokens[number.to]?.word ?? "")) {
    weeks = number.value;
    here = number.to;
  }
  if (weeks === 0) return undefined;
  const next = tokens[here + 1]?.word;
  const target = next === "on" || next === "from" || next === "this" ? here + 2 : here + 1;
  const day = weekdayWord(tokens[target]?.word);
  if (day) return weekdayPlus(today, day, weeks * 7, target + 1);
  const ahead = { today: 0, tomorrow: 1, now: 0 }[tokens[target]?.word ?? ""];
  return ahead === undefined ? undefined : on(addDays(today, ahead + weeks * 7), 0.95, target + 1);
}

/** Said on a Tuesday, "Tuesday week" may count from today or from next Tuesday. */
function weekdayPlus(today: LocalDate, day: WeekdayWord, days: number, to: number): Found {
  if (weekdayOf(today) === day.weekday) {
    return { reading: { kind: "either", dates: [addDays(today, days), addDays(today, days + 7)] }, to };
  }
  return on(addDays(nextWeekday(today, day.weekday), days), day.certainty - 0.03, to);
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

/** "next Tuesday", "this Thursday", "this coming Friday", "the following Monday". */
function relativeWeekday(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const word = tokens[at]?.word;
  const here = word === "this" && tokens[at + 1]?.word === "coming" ? at + 1 : at;
  const day = weekdayWord(tokens[here + 1]?.word);
  if (day === undefined) return undefined;
  if (word === "next") {
    const numbered = weekdayAndDay(tokens, here + 1, today) ?? undefined;
    return numbered ?? nextNamed(today, day, here + 2);
  }
  if (word !== "this" && word !== "coming") return undefined;
  const dated = weekdayAndDay(tokens, here + 1, today);
  return dated ?? on(nextWeekday(today, day.weekday, word === "this" && here === at), day.certainty, here + 2);
}

/**
 * "next Thursday" said on a Tuesday may be in two days or in nine; said of a day that lies in next week anyway it is
 * that day, unless the week is all but over.
 */
function nextNamed(today: LocalDate, day: WeekdayWord, to: number): Found {
  const nearest = nextWeekday(today, day.weekday);
  const daysAhead = (Date.parse(nearest) - Date.parse(today)) / 86_400_000;
  const inThisWeek = mondayOf(nearest) === mondayOf(today);
  if (!inThisWeek && daysAhead >= 3) return on(nearest, day.certainty - 0.05, to);
  return { reading: { kind: "either", dates: [nearest, addDays(nearest, 7)] }, to };
}

/** "Saturday the 28th", "Saturday 28 November": the day of the month decides if both agree within two months. */
function weekdayAndDay(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const day = weekdayWord(tokens[at]?.word);
  if (day === undefined) return undefined;
  const start = tokens[at + 1]?.word === "the" ? at + 2 : at + 1;
  const full = dayAndMonth(tokens, start, today);
  if (full?.reading.kind === "on") {
    if (weekdayOf(full.reading.date) === day.weekday) return on(full.reading.date, 0.98, full.to);
    return { reading: { kind: "either", dates: [nextWeekday(today, day.weekday), full.reading.date] }, to: full.to };
  }
  const ordinal = readOrdinal(tokens, start);
  if (ordinal === undefined) return undefined;
  for (let date = today, n = 0; n < 62; n++, date = addDays(date, 1)) {
    if (weekdayOf(date) === day.weekday && Number(date.slice(8)) === ordinal.value) return on(date, 0.97, ordinal.to);
  }
  if (start === at + 1) return undefined; // "Saturday 11th" where no 11th is a Saturday: an hour, badly heard
  const dated = nextDayOfMonth(today, ordinal.value);
  const named = nextWeekday(today, day.weekday);
  return dated === undefined ? undefined : { reading: { kind: "either", dates: [named, dated] }, to: ordinal.to };
}

/** "Saturday", "Saturday coming", "Tuesday week", "Friday after next". */
function weekday(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const misheard = tokens[at]?.word === "first" && tokens[at + 1]?.word === "th" ? 1 : 0; // "First th at 10"
  const day: WeekdayWord | undefined = misheard ? { weekday: "thu", certainty: 0.6 } : weekdayWord(tokens[at]?.word);
  if (day === undefined || tokens[at - 1]?.word === "holiday") return undefined;
  const to = at + 1 + misheard;
  const after = tokens[to]?.word;
  if (after === "week") return weekdayPlus(today, day, 7, to + 1);
  if (after === "fortnight") return weekdayPlus(today, day, 14, to + 1);
  const nearest = nextWeekday(today, day.weekday);
  if (after === "after" && tokens[to + 1]?.word === "next") {
    return { reading: { kind: "either", dates: [addDays(nearest, 7), addDays(nearest, 14)] }, to: to + 2 };
  }
  if (after === "next" && tokens[to + 1]?.word === "week") {
    return on(addDays(mondayOf(addDays(today, 7)), daysFromMonday(nearest)), day.certainty, to + 2);
  }
  if (after === "coming" || after === "next") return on(nearest, day.certainty, to + 1);
  if (weekdayOf(today) === day.weekday) return { reading: { kind: "either", dates: [today, nearest] }, to };
  return on(nearest, day.certainty, to);
}

const daysFromMonday = (date: LocalDate): number => (Date.parse(date) - Date.parse(mondayOf(date))) / 86_400_000;

/** "the 28th of November", "28 November", "November the 28th", with or without a year. */
function dayAndMonth(tokens: readonly Token[], at: number, today: LocalDate): Found {
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
function dayOfMonth(tokens: readonly Token[], at: number, today: LocalDate): Found {
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

function festival(tokens: readonly Token[], at: number, today: LocalDate): Found {
  const known = FESTIVALS.find(([words]) => wordsAt(tokens, at, words));
  return known && on(nextDayAndMonth(today, known[1], known[2]), 0.96, at + known[0].length);
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
