/** Values as people here write them. Calls' times are instants (ISO, UTC), the diary's are the office clock. Pure. */
const zone = "Europe/London";
const formats = {
  clock: new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }),
  day: new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }),
};
const utc = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const weekdayDay = utc({ weekday: "short", day: "numeric", month: "short" });
const longDay = utc({ weekday: "long", day: "numeric", month: "long" });
const longDayYear = utc({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** 14:05, office clock. */
export const clockOfInstant = (iso: string) => formats.clock.format(new Date(iso));
/** YYYY-MM-DD, office clock. */
export const dayOfInstant = (instant: Date | string) => formats.day.format(new Date(instant));

/** YYYY-MM-DDTHH:MM, office clock. */
export const localNow = (now: Date) => `${dayOfInstant(now)}T${clockOfInstant(now.toISOString())}`;

const atNoon = (day: string) => new Date(`${day}T12:00:00Z`);

export function addDays(day: string, days: number): string {
  return new Date(atNoon(day).getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The Monday of that day's week. */
export function mondayOf(day: string): string {
  return addDays(day, -((atNoon(day).getUTCDay() + 6) % 7));
}

/** Tue 24 Nov. */
export const shortDay = (day: string) => weekdayDay.format(atNoon(day)).replace(",", "");

/** Times of the diary within a text, as people write them. */
export const withTimes = (text: string) =>
  text.replace(/(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/g, (_, day: string, clock: string) => `${shortDay(day)}, ${clock}`);

/** Today, Yesterday, Tomorrow, or Tuesday 24 November (with the year if it is not this one). */
export function namedDay(day: string, today: string): string {
  if (day === today) return "Today";
  if (day === addDays(today, -1)) return "Yesterday";
  if (day === addDays(today, 1)) return "Tomorrow";
  const format = day.slice(0, 4) === today.slice(0, 4) ? longDay : longDayYear;
  return format.format(atNoon(day)).replace(",", "");
}

/** Seconds as 0:07, 12:40, 1:02:40. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export const secondsBetween = (from: string, until: string | number) =>
  (new Date(until).getTime() - new Date(from).getTime()) / 1000;

/** +447700900123 as 07700 900123; 020 and 023… as 020 7946 0000; others as they are. */
export function phone(number: string): string {
  const national = /^\+44(\d{9,10})$/.exec(number)?.[1];
  if (national === undefined) return number;
  const full = `0${national}`;
  if (/^0[23]/.test(full)) return full.startsWith("03") ? groups(full, 4, 3, 4) : groups(full, 3, 4, 4);
  if (/^01(1|\d1)/.test(full) || /^08/.test(full)) return groups(full, 4, 3, 4);
  return groups(full, 5, 6);
}

function groups(digits: string, ...lengths: number[]): string {
  const ends = lengths.map((_, index) => lengths.slice(0, index + 1).reduce((sum, length) => sum + length, 0));
  const parts = ends.map((end, index) => digits.slice(end - (lengths[index] ?? 0), end));
  return [...parts, digits.slice(ends.at(-1) ?? 0)].filter(Boolean).join(" ");
}

/** £425,000 or £1,250 pcm. */
export const price = ({ price: pounds, kind }: { price: number; kind: "sale" | "let" }) =>
  `£${pounds.toLocaleString("en-GB")}${kind === "let" ? " pcm" : ""}`;

/** 0.873 → 87 %. */
export const percent = (share: number) => `${Math.round(share * 100)} %`;

export function bytes(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} GB` : `${Math.round(count / 1e6)} MB`;
}

/** Two letters of a name, for small spaces. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return `${words[0]?.[0] ?? ""}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
}
