/**
 * Bank holidays of the three jurisdictions, computed: Banking and Financial Dealings Act 1971, schedule 1, and the
 * proclamations that recur every year. A holiday on a Saturday or Sunday is kept on its substitute, the next weekday
 * that is not itself one; offices are closed on the day itself *and* on the substitute. Days proclaimed for one
 * occasion cannot be computed: those known are listed, later ones are entered as closures of a branch.
 */
import { addDays, weekdayOf } from "./local-time.ts";
import type { Jurisdiction, LocalDate, Weekday } from "./types.ts";

export type BankHoliday = { date: LocalDate; name: string; substitute: boolean };

type Named = { date: LocalDate; name: string };

/** Proclaimed once. */
const proclaimed: Record<Jurisdiction, Named[]> = {
  "england-and-wales": [],
  scotland: [{ date: "2026-06-15", name: "World Cup bank holiday" }],
  "northern-ireland": [],
};

const pad = (n: number) => String(n).padStart(2, "0");
const isWeekend = (date: LocalDate) => weekdayOf(date) === "sat" || weekdayOf(date) === "sun";

/** Easter Sunday, Gregorian (the anonymous algorithm printed in Nature, 20 April 1876). */
export function easterSunday(year: number): LocalDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return `${year}-${pad(Math.floor(sum / 31))}-${pad((sum % 31) + 1)}`;
}

/** The first such weekday at or after that date. */
function onOrAfter(date: LocalDate, weekday: Weekday): LocalDate {
  let day = date;
  while (weekdayOf(day) !== weekday) day = addDays(day, 1);
  return day;
}

/** Days that fall where they fall, moved to a substitute if that is a weekend. In the calendar's order. */
function fixedDays(year: number, jurisdiction: Jurisdiction): Named[] {
  const scottish = jurisdiction === "scotland";
  const irish = jurisdiction === "northern-ireland";
  return [
    { date: `${year}-01-01`, name: "New Year's Day" },
    ...(scottish ? [{ date: `${year}-01-02`, name: "2nd January" }] : []),
    ...(irish ? [{ date: `${year}-03-17`, name: "St Patrick's Day" }] : []),
    ...(irish ? [{ date: `${year}-07-12`, name: "Battle of the Boyne (Orangemen's Day)" }] : []),
    ...(scottish ? [{ date: `${year}-11-30`, name: "St Andrew's Day" }] : []),
    { date: `${year}-12-25`, name: "Christmas Day" },
    { date: `${year}-12-26`, name: "Boxing Day" },
  ];
}

/** Days that the rule itself puts on a weekday. */
function movingDays(year: number, jurisdiction: Jurisdiction): Named[] {
  const easter = easterSunday(year);
  const scottish = jurisdiction === "scotland";
  return [
    { date: addDays(easter, -2), name: "Good Friday" },
    ...(scottish ? [] : [{ date: addDays(easter, 1), name: "Easter Monday" }]),
    { date: onOrAfter(`${year}-05-01`, "mon"), name: "Early May bank holiday" },
    { date: onOrAfter(`${year}-05-25`, "mon"), name: "Spring bank holiday" },
    { date: onOrAfter(scottish ? `${year}-08-01` : `${year}-08-25`, "mon"), name: "Summer bank holiday" },
  ];
}

/** All days of that year on which offices are closed by a bank holiday, in order; the day itself and its substitute. */
export function bankHolidays(year: number, jurisdiction: Jurisdiction): BankHoliday[] {
  const fixed = fixedDays(year, jurisdiction);
  const once = proclaimed[jurisdiction].filter(({ date }) => date.startsWith(`${year}-`));
  const days = [...fixed, ...movingDays(year, jurisdiction), ...once].map((day) => ({ ...day, substitute: false }));
  const taken = new Set(days.map(({ date }) => date));
  for (const { date, name } of fixed.filter((day) => isWeekend(day.date))) {
    let moved = addDays(date, 1);
    while (isWeekend(moved) || taken.has(moved)) moved = addDays(moved, 1);
    taken.add(moved);
    days.push({ date: moved, name, substitute: true });
  }
  return days.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

const byYear = new Map<string, Map<LocalDate, BankHoliday>>();

/** The bank holiday on that date, if it is one (or a substitute). Remembered by year. */
export function bankHolidayOn(date: LocalDate, jurisdiction: Jurisdiction): BankHoliday | undefined {
  const key = `${jurisdiction} ${date.slice(0, 4)}`;
  let days = byYear.get(key);
  if (days === undefined) {
    days = new Map(bankHolidays(Number(date.slice(0, 4)), jurisdiction).map((day) => [day.date, day]));
    byYear.set(key, days);
  }
  return days.get(date);
}
