/** Days by their name: "next Tuesday", "Tuesday week", "a fortnight on Saturday", "Saturday the 28th". Pure. */
import { addDays, weekdayOf } from "../../agency/local-time.ts";
import type { LocalDate } from "../../agency/types.ts";
import { mondayOf, nextDayOfMonth, nextWeekday, type WeekdayWord, weekdayWord } from "./calendar.ts";
import { dayAndMonth } from "./calendar-dates.ts";
import { type Found, on } from "./date-reading.ts";
import { readCardinal, readOrdinal } from "./numbers.ts";
import type { Token } from "./tokens.ts";
import { wordTable } from "./word-table.ts";

const DAYS_AHEAD = wordTable<number>({ today: 0, tomorrow: 1, now: 0 });

/** "a week on Tuesday", "week on Tuesday", "a fortnight today", "two weeks tomorrow", "three weeks on Saturday". */
export function weeksOn(tokens: readonly Token[], at: number, today: LocalDate): Found {
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
  const ahead = DAYS_AHEAD[tokens[target]?.word ?? ""];
  return ahead === undefined ? undefined : on(addDays(today, ahead + weeks * 7), 0.95, target + 1);
}

/** Said on a Tuesday, "Tuesday week" may count from today or from next Tuesday. */
function weekdayPlus(today: LocalDate, day: WeekdayWord, days: number, to: number): Found {
  if (weekdayOf(today) === day.weekday) {
    return { reading: { kind: "either", dates: [addDays(today, days), addDays(today, days + 7)] }, to };
  }
  return on(addDays(nextWeekday(today, day.weekday), days), day.certainty - 0.03, to);
}

/** "next Tuesday", "this Thursday", "this coming Friday", "the following Monday". */
export function relativeWeekday(tokens: readonly Token[], at: number, today: LocalDate): Found {
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
export function weekdayAndDay(tokens: readonly Token[], at: number, today: LocalDate): Found {
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
export function weekday(tokens: readonly Token[], at: number, today: LocalDate): Found {
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
