/** Values as a Briton says them. */
import { minutesOfDay, weekdayOf } from "../agency/local-time.ts";
import type { Clock, LocalDate, PropertyStatus, Weekday } from "../agency/types.ts";

// biome-ignore format: a table
const WEEKDAYS: Readonly<Record<Weekday, string>> = {
  mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday",
};
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
const SMALL = [
  "",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
] as const;
const PAST: Readonly<Record<number, string>> = {
  5: "five",
  10: "ten",
  15: "quarter",
  20: "twenty",
  25: "twenty-five",
  30: "half",
};

/** "Saturday the 28th of November". */
export function dateInWords(date: LocalDate): string {
  const day = Number(date.slice(8));
  return `${WEEKDAYS[weekdayOf(date)]} the ${day}${ordinalEnding(day)} of ${MONTHS[Number(date.slice(5, 7)) - 1]}`;
}

function ordinalEnding(day: number): string {
  if (day >= 11 && day <= 13) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}

/** "half past two", "11 o'clock", "ten to four"; "8 o'clock in the evening" outside office hours. */
export function timeInWords(clock: Clock): string {
  const minutes = minutesOfDay(clock);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  const half = hour < 7 ? " in the morning" : hour >= 19 ? " in the evening" : "";
  if (minute === 0) return `${hour % 12 || 12} o'clock${half}`;
  const past = PAST[minute];
  if (past !== undefined) return `${past} past ${SMALL[hour % 12 || 12]}${half}`;
  const to = PAST[60 - minute];
  if (to !== undefined) return `${to} to ${SMALL[(hour + 1) % 12 || 12]}${half}`;
  return `${hour % 12 || 12}:${String(minute).padStart(2, "0")}${half}`;
}

/** "a, b or c". */
export function listInWords(items: readonly string[], joint: "or" | "and"): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${joint} ${items.at(-1)}`;
}

/** A digit string in breaths of three or four. */
export const digitsInGroups = (digits: string): string =>
  digits.replace(/^(\+?\d{5})(?=\d)/, "$1 ").replace(/ (\d{3})(?=\d)/, " $1 ");

export const statusInWords = (status: PropertyStatus): string =>
  status === "sold-stc"
    ? "already sold, subject to contract"
    : status === "let-agreed"
      ? "already let"
      : status === "under-offer"
        ? "under offer"
        : `${status === "withdrawn" ? "no longer on the market" : "not available at the moment"}`;
