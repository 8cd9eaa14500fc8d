/**
 * Wall-clock time of the United Kingdom, as values: `LocalTime` is what the office clock shows in Europe/London.
 * Pure: the rule is the law's own (Summer Time Act 1972 as amended by the Summer Time Order 2002): summer time from
 * 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October. A test compares it with the tz
 * database over twenty years.
 */
import { AppError } from "../app-error.ts";
import type { Clock, LocalDate, LocalTime, Weekday } from "./types.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Sunday first, as `Date.getUTCDay` counts. */
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const satisfies readonly Weekday[];

/** True for a date that exists, `YYYY-MM-DD`. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** True for `HH:MM`, 00:00…23:59. */
export function isClock(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

/** True for `YYYY-MM-DDTHH:MM` of a date that exists. */
export function isLocalTime(text: string): boolean {
  return text.length === 16 && text[10] === "T" && isLocalDate(text.slice(0, 10)) && isClock(text.slice(11));
}

/** Midnight UTC of that date, for arithmetic on whole days. @throws AppError("invalid_input") if there is no such date. */
function dayStartMs(date: LocalDate): number {
  if (!isLocalDate(date)) throw new AppError("invalid_input", `"${date}" is not a date (YYYY-MM-DD).`);
  return Date.parse(`${date}T00:00:00Z`);
}

export function weekdayOf(date: LocalDate): Weekday {
  return weekdays[new Date(dayStartMs(date)).getUTCDay()] ?? "sun";
}

/** That many days later (earlier if negative). Days of the calendar: clock changes do not matter. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(dayStartMs(date) + days * dayMs).toISOString().slice(0, 10);
}

export const dateOf = (time: LocalTime): LocalDate => time.slice(0, 10);
export const clockOf = (time: LocalTime): Clock => time.slice(11, 16);
export const atClock = (date: LocalDate, clock: Clock): LocalTime => `${date}T${clock}`;

/** Minutes since midnight: "09:30" → 570. @throws AppError("invalid_input") unless it is HH:MM. */
export function minutesOfDay(clock: Clock): number {
  if (!isClock(clock)) throw new AppError("invalid_input", `"${clock}" is not a time (HH:MM).`);
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

/** 570 → "09:30". @param minutes 0…1439. */
export function clockFromMinutes(minutes: number): Clock {
  if (!Number.isInteger(minutes) || minutes < 0 || minutes >= 24 * 60) {
    throw new AppError("invalid_input", `${minutes} is not a minute of a day (0 to 1439).`);
  }
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** 01:00 UTC on the last Sunday of a month (0 = January) that has 31 days. */
function lastSundayChangeMs(year: number, month: number): number {
  const last = Date.UTC(year, month, 31);
  return last - new Date(last).getUTCDay() * dayMs + hourMs;
}

/** What London adds to UTC at that instant, ms: 0 or one hour. */
function offsetMs(instantMs: number): number {
  const year = new Date(instantMs).getUTCFullYear();
  return instantMs >= lastSundayChangeMs(year, 2) && instantMs < lastSundayChangeMs(year, 9) ? hourMs : 0;
}

/**
 * The instant that a wall-clock time names.
 *
 * Gap (last Sunday of March, 01:00–01:59 do not exist): the clock that was about to jump is believed, so 01:30 is the
 * instant that then shows as 02:30. Overlap (last Sunday of October, 01:00–01:59 come twice): the first, summer time.
 * @throws AppError("invalid_input") unless `local` is `YYYY-MM-DDTHH:MM` of a date that exists.
 */
export function toInstant(local: LocalTime): Date {
  if (!isLocalTime(local)) throw new AppError("invalid_input", `"${local}" is not a local time (YYYY-MM-DDTHH:MM).`);
  const asUtc = Date.parse(`${local}:00Z`);
  const summer = asUtc - hourMs;
  return new Date(offsetMs(summer) === hourMs ? summer : asUtc);
}

/** What the clock in London shows at that instant; seconds are cut off. */
export function toLocal(instant: Date): LocalTime {
  const ms = instant.getTime();
  return new Date(ms + offsetMs(ms)).toISOString().slice(0, 16);
}

/** `minutes` of real time later, as the clock then shows. */
export function addMinutes(time: LocalTime, minutes: number): LocalTime {
  return toLocal(new Date(toInstant(time).getTime() + minutes * minuteMs));
}
