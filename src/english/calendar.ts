/** Names of the calendar, as they are written and said in Britain. */

export const months = [
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

/** Monday first (ISO 8601). */
export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** What is written behind the day of a month: "st", "nd", "rd" or "th". */
export function ordinalEnding(day: number): string {
  if (day >= 11 && day <= 13) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}

/** Minutes of a clock face that are said as "past", and before the hour as "to". */
const past: Readonly<Record<number, string>> = {
  5: "five",
  10: "ten",
  15: "quarter",
  20: "twenty",
  25: "twenty-five",
  30: "half",
};

/** "half past" of the hour, "ten to" the next one; `undefined` where that is not how the minute is said. */
export function minutePhrase(minute: number): { words: string; ofNextHour: boolean } | undefined {
  const after = past[minute];
  if (after !== undefined) return { words: `${after} past`, ofNextHour: false };
  const before = past[60 - minute];
  return before === undefined ? undefined : { words: `${before} to`, ofNextHour: true };
}
