import { minutePhrase } from "../../english/calendar.ts";
import { cardinal } from "../../english/numbers.ts";

const halfDay = "(?:\\s?([AaPp])\\.?[Mm]\\b(?:\\.(?! [A-Z]|$))?)";
const timeRange =
  /(\d[:.]\d\d(?:\s?[ap]\.?m\.?)?|\d\s?[ap]\.?m\.?|\b(?:1[0-2]|[1-9])(?=\s?[-–—]\s?(?:1[0-2]|[1-9])\s?[ap]m\b))\s?[-–—]\s?(?=\d{1,2}([:.]\d\d|\s?[ap]\.?m|\b))/gi;
const noonOrMidnight = /\b12(?:[:.]00)?\s?(noon|midday|midnight)\b/gi;
const colonTime = new RegExp(`(?<![\\d:.])([01]?\\d|2[0-4]):([0-5]\\d)(?::[0-5]\\d)?(?![:\\d])${halfDay}?`, "g");
const dotTime = new RegExp(`(?<![\\d.,£])(1[0-2]|[1-9])\\.([0-5]\\d)${halfDay}`, "g");
const wholeHour = new RegExp(`(?<![\\d:.,£])(1[0-2]|0?[1-9])${halfDay}`, "g");
const hundredHours = /\b([01]\d|2[0-3])([0-5]\d)\s?(?:hrs|hours)\b/g;

/** "15:30" → "half past three", "9am" → "nine eigh em", "09:00-17:30" → "nine o'clock to half past five". */
export function sayTimes(text: string): string {
  const say = (_: string, hour: string, minute: string, half: string | undefined) =>
    `${clockTime(Number(hour), Number(minute), half !== undefined)}${halfName(half)}`;
  return text
    .replace(timeRange, "$1 to ")
    .replace(noonOrMidnight, (_, which: string) => (which === "midday" ? "midday" : `twelve ${which.toLowerCase()}`))
    .replace(hundredHours, (_, hour: string, minute: string) => clockTime(Number(hour), Number(minute)))
    .replace(/(?<=\d:\d\d) ?hrs\b/g, "")
    .replace(colonTime, say)
    .replace(dotTime, say)
    .replace(wholeHour, (_, hour: string, half: string) => `${cardinal(Number(hour))}${halfName(half)}`)
    .replace(/(?<=\b(?:in the|this|every|next) )(a|p)\.?m\b\.?/g, (_, half: string) => halfName(half).trim())
    .replace(
      /(?<=\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) )([ap])\.m\./g,
      (_, half: string) => halfName(half).trim(),
    );
}

/**
 * @param hour 0…24. `minute` 0…59.
 * @param bare Without "o'clock" and without "to" the next hour, because "a.m." or "p.m." follows.
 */
export function clockTime(hour: number, minute: number, bare = false): string {
  if (minute === 0 && !bare && hour % 24 === 0) return "midnight";
  if (minute === 0 && !bare && hour === 12) return "midday";
  const name = (h: number) => cardinal(h % 12 === 0 ? 12 : h % 12);
  if (minute === 0) return bare ? name(hour) : `${name(hour)} o'clock`;
  const phrase = minutePhrase(minute);
  if (phrase !== undefined && (!bare || minute % 15 === 0)) {
    return `${phrase.words} ${name(hour + (phrase.ofNextHour ? 1 : 0))}`;
  }
  if (minute < 10) return `${name(hour)} oh ${cardinal(minute)}`;
  return `${name(hour)} ${cardinal(minute)}`;
}

function halfName(half: string | undefined): string {
  if (half === undefined) return "";
  return half.toLowerCase() === "a" ? " eigh em" : " pee em";
}
