/** Calendar words and the days they name. Weeks run Monday to Sunday. */

import { addDays, isLocalDate, weekdayOf } from "../../agency/local-time.ts";
import type { LocalDate, Weekday } from "../../agency/types.ts";
import { wordTable } from "./word-table.ts";

const WEEK: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** "thirsty", "firsty": how telephone-band recognisers write Thursday. */
// biome-ignore format: a table
const WEEKDAY_WORDS = wordTable<Weekday>({
  monday: "mon", mondays: "mon", mon: "mon", tuesday: "tue", tuesdays: "tue", tue: "tue", tues: "tue",
  wednesday: "wed", wednesdays: "wed", weds: "wed", wensday: "wed", thursday: "thu", thursdays: "thu", thu: "thu", thur: "thu", thurs: "thu",
  thirsty: "thu", firsty: "thu", friday: "fri", fridays: "fri", fri: "fri", saturday: "sat", saturdays: "sat",
  sunday: "sun", sundays: "sun",
});
const MISHEARD = new Set(["thirsty", "firsty"]);

// biome-ignore format: a table
const MONTHS = wordTable<number>({
  january: 1, jan: 1, february: 2, feb: 2, march: 3, april: 4, may: 5, june: 6, july: 7, august: 8, aug: 8,
  september: 9, sept: 9, sep: 9, october: 10, oct: 10, november: 11, nov: 11, december: 12, dec: 12,
});

export type WeekdayWord = { weekday: Weekday; certainty: number };

export function weekdayWord(word: string | undefined): WeekdayWord | undefined {
  const weekday = word === undefined ? undefined : WEEKDAY_WORDS[word];
  return weekday && { weekday, certainty: MISHEARD.has(word ?? "") ? 0.6 : 0.95 };
}

/** 1…12. */
export const monthWord = (word: string | undefined): number | undefined =>
  word === undefined ? undefined : MONTHS[word];

/** Monday 0 … Sunday 6. */
export const weekdayIndex = (weekday: Weekday): number => WEEK.indexOf(weekday);

/** The first such weekday after `today`; today itself only with `orToday`. */
export function nextWeekday(today: LocalDate, weekday: Weekday, orToday = false): LocalDate {
  const ahead = (weekdayIndex(weekday) - weekdayIndex(weekdayOf(today)) + 7) % 7;
  return addDays(today, ahead === 0 && !orToday ? 7 : ahead);
}

/** Monday of the week that `day` lies in. */
export const mondayOf = (day: LocalDate): LocalDate => addDays(day, -weekdayIndex(weekdayOf(day)));

export function madeDate(year: number, month: number, day: number): LocalDate | undefined {
  const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  return isLocalDate(text) ? text : undefined;
}

/** The next date, today included, that falls on this day of the month; months without it are passed over. */
export function nextDayOfMonth(today: LocalDate, day: number): LocalDate | undefined {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  for (let ahead = 0; ahead < 4; ahead++) {
    const index = month - 1 + ahead;
    const date = madeDate(year + Math.floor(index / 12), (index % 12) + 1, day);
    if (date !== undefined && date >= today) return date;
  }
  return undefined;
}

/** The next date, today included, of that day and month; the year may be said. */
export function nextDayAndMonth(today: LocalDate, day: number, month: number, year?: number): LocalDate | undefined {
  if (year !== undefined) return madeDate(year < 100 ? 2000 + year : year, month, day);
  const thisYear = Number(today.slice(0, 4));
  for (let ahead = 0; ahead <= 8; ahead++) {
    const date = madeDate(thisYear + ahead, month, day); // the 29th of February may be years away
    if (date !== undefined && date >= today) return date;
  }
  return undefined;
}
