import { cardinal } from "./numbers.ts";

const halfDay = "(?:\\s?([ap])\\.?m\\b\\.?)";
const timeRange = /(\d[:.]\d\d(?:\s?[ap]m)?|\d\s?[ap]m)\s?[-–—]\s?(?=\d{1,2}([:.]\d\d|\s?[ap]m))/gi;
const colonTime = new RegExp(`(?<![\\d:.])([01]?\\d|2[0-3]):([0-5]\\d)(?::00)?(?![:\\d])${halfDay}?`, "gi");
const dotTime = new RegExp(`(?<![\\d.,£])(1[0-2]|[1-9])\\.([0-5]\\d)${halfDay}`, "gi");
const wholeHour = new RegExp(`(?<![\\d:.,£])(1[0-2]|[1-9])${halfDay}`, "gi");

/** "15:30" → "half past three", "9am" → "nine a.m." in letters' names, "09:00-17:30" → "nine o'clock to half past five". */
export function sayTimes(text: string): string {
  const say = (_: string, hour: string, minute: string, half: string | undefined) =>
    `${clockTime(Number(hour), Number(minute), half !== undefined)}${halfName(half)}`;
  return text
    .replace(timeRange, "$1 to ")
    .replace(colonTime, say)
    .replace(dotTime, say)
    .replace(wholeHour, (_, hour: string, half: string) => `${cardinal(Number(hour))}${halfName(half)}`);
}

/**
 * @param hour 0…23. `minute` 0…59.
 * @param bare Without "o'clock", because "a.m." or "p.m." follows.
 */
export function clockTime(hour: number, minute: number, bare = false): string {
  if (minute === 0 && !bare && hour === 0) return "midnight";
  if (minute === 0 && !bare && hour === 12) return "midday";
  const name = (h: number) => cardinal(h % 12 === 0 ? 12 : h % 12);
  if (minute === 0) return bare ? name(hour) : `${name(hour)} o'clock`;
  if (minute === 15) return `quarter past ${name(hour)}`;
  if (minute === 30) return `half past ${name(hour)}`;
  if (minute === 45) return `quarter to ${name(hour + 1)}`;
  if (minute < 10) return `${name(hour)} oh ${cardinal(minute)}`;
  return `${name(hour)} ${cardinal(minute)}`;
}

function halfName(half: string | undefined): string {
  if (half === undefined) return "";
  return half.toLowerCase() === "a" ? " eigh em" : " pee em";
}
