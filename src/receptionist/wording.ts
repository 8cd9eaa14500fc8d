/** Values as a Briton says them. */
import { minutesOfDay, weekdayOf } from "../agency/local-time.ts";
import type { Clock, LocalDate, PropertyStatus } from "../agency/types.ts";
import { minutePhrase, months, ordinalEnding, weekdays } from "../english/calendar.ts";
import { cardinal } from "../english/numbers.ts";

/** "Saturday the 28th of November". */
export function dateInWords(date: LocalDate): string {
  const day = Number(date.slice(8));
  const weekday = weekdays.find((name) => name.slice(0, 3).toLowerCase() === weekdayOf(date));
  return `${weekday} the ${day}${ordinalEnding(day)} of ${months[Number(date.slice(5, 7)) - 1]}`;
}

/** "half past two", "11 o'clock", "ten to four"; "8 o'clock in the evening" outside office hours. */
export function timeInWords(clock: Clock): string {
  const minutes = minutesOfDay(clock);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  const half = hour < 7 ? " in the morning" : hour >= 19 ? " in the evening" : "";
  if (minute === 0) return `${hour % 12 || 12} o'clock${half}`;
  const phrase = minutePhrase(minute);
  if (phrase) return `${phrase.words} ${cardinal((hour + (phrase.ofNextHour ? 1 : 0)) % 12 || 12)}${half}`;
  return `${hour % 12 || 12}:${String(minute).padStart(2, "0")}${half}`;
}

/** "a, b or c". */
export function listInWords(items: readonly string[], joint: "or" | "and"): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${joint} ${items.at(-1)}`;
}

/** 395000 → "£395,000". */
export const poundsInWords = (pounds: number): string => `£${pounds.toLocaleString("en-GB")}`;

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
