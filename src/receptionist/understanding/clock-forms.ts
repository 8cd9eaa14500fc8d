/** Every form in which a clock time is said or written: "half two", "ten past", "14:00", "two thirty". Pure. */
import { belowHundred, readCardinal } from "./numbers.ts";
import type { Token } from "./tokens.ts";

/** Hour 0…23 as said, minutes, and whether the words left the half of the day open. */
export type Said = { hour: number; minute: number; to: number; certainty: number; exact: boolean };

type Reader = (tokens: readonly Token[], at: number) => Said | undefined;

const READERS: readonly Reader[] = [halfAnd, pastOrTo, hundredHours, writtenClock, clockWord, hourAndMinutes];

/** A clock time that starts at `at`, by its form alone. */
export function firstSaid(tokens: readonly Token[], at: number): Said | undefined {
  for (const reader of READERS) {
    const said = reader(tokens, at);
    if (said !== undefined) return said;
  }
  return undefined;
}

/** 0…24 at `at`; "threeish" and "3ish" too. */
export function hourAt(
  tokens: readonly Token[],
  at: number,
): { value: number; to: number; certainty: number } | undefined {
  const word = tokens[at]?.word ?? "";
  if (word === "noon" || word === "midday") return { value: 12, to: at + 1, certainty: 0.97 };
  if (word === "midnight") return { value: 0, to: at + 1, certainty: 0.9 };
  const vague = /^(\p{L}+|\d{1,2})ish$/u.exec(word)?.[1];
  if (vague !== undefined) {
    const inner = hourAt([{ word: vague, raw: vague, breakBefore: true }], 0);
    return inner && { value: inner.value, to: at + 1, certainty: 0.75 };
  }
  const number = /^\d{1,2}$/.test(word) ? { value: Number(word), to: at + 1 } : belowHundred(tokens, at);
  return number === undefined || number.value > 24 ? undefined : { ...number, certainty: 0.95 };
}

/** "half past two", "half two": both 2:30 in Britain. */
function halfAnd(tokens: readonly Token[], at: number): Said | undefined {
  if (tokens[at]?.word !== "half") return undefined;
  const hour = hourAt(tokens, tokens[at + 1]?.word === "past" ? at + 2 : at + 1);
  if (hour === undefined || hour.value > 12) return undefined;
  return { hour: hour.value, minute: 30, to: hour.to, certainty: 0.97, exact: false };
}

/** "quarter to four", "ten past eleven", "twenty five minutes to three". */
function pastOrTo(tokens: readonly Token[], at: number): Said | undefined {
  const start = tokens[at]?.word === "a" ? at + 1 : at;
  const quarter = tokens[start]?.word === "quarter";
  const minutes = quarter ? { value: 15, to: start + 1 } : readCardinal(tokens, start);
  if (minutes === undefined || minutes.value < 1 || minutes.value > 29) return undefined;
  const spelled = /^min(?:ute)?s?$/.test(tokens[minutes.to]?.word ?? "");
  const relation = tokens[spelled ? minutes.to + 1 : minutes.to]?.word ?? "";
  const forward = relation === "past" || relation === "after";
  if (!forward && !/^(?:to|before|till?)$/.test(relation)) return undefined;
  if (!quarter && !spelled && minutes.value % 5 !== 0) return undefined; // "two to three" is a range
  const hour = hourAt(tokens, (spelled ? minutes.to + 1 : minutes.to) + 1);
  if (hour === undefined || hour.value > 12) return undefined;
  const total = forward ? hour.value * 60 + minutes.value : hour.value * 60 - minutes.value;
  const wrapped = (total + 12 * 60) % (12 * 60);
  return { hour: Math.floor(wrapped / 60) || 12, minute: wrapped % 60, to: hour.to, certainty: 0.97, exact: false };
}

/** "fourteen hundred", "fourteen hundred hours", "1430 hours", "fourteen thirty". */
function hundredHours(tokens: readonly Token[], at: number): Said | undefined {
  const hour =
    belowHundred(tokens, at) ?? (/^\d{1,2}$/.test(tokens[at]?.word ?? "") ? readCardinal(tokens, at) : undefined);
  if (hour !== undefined && hour.value >= 7 && hour.value < 24 && tokens[hour.to]?.word === "hundred") {
    const to = /^h(?:ou)?rs$/.test(tokens[hour.to + 1]?.word ?? "") ? hour.to + 2 : hour.to + 1;
    return { hour: hour.value, minute: 0, to, certainty: 0.95, exact: true };
  }
  const digits = /^([01]?\d|2[0-3])([0-5]\d)$/.exec(tokens[at]?.word ?? "");
  if (digits === null || !/^h(?:ou)?rs$/.test(tokens[at + 1]?.word ?? "")) return undefined;
  return { hour: Number(digits[1]), minute: Number(digits[2]), to: at + 2, certainty: 0.95, exact: true };
}

/**
 * "14:00", "2.30", "2:2". A recogniser may write a bare hour twice ("at eleven" → "11:10", "at four" → "4:40"): those
 * are also times of their own, so they are taken as written, uncertainly, and the read-back decides.
 */
function writtenClock(tokens: readonly Token[], at: number): Said | undefined {
  const match = /^(\d{1,2})[:.](\d{1,2})$/.exec(tokens[at]?.word ?? "");
  if (match === null) return undefined;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  if (hour > 23) return undefined;
  if (match[2]?.length === 1) return hour === minute ? bare(hour, at + 1, 0.7) : undefined;
  if (minute > 59) return undefined;
  const doubled = String(minute) === `${hour}0` || (hour === 11 && (minute === 10 || minute === 11));
  const certainty = doubled && hour !== 3 ? 0.55 : minute % 5 === 0 ? 0.96 : 0.6;
  return { hour, minute, to: at + 1, certainty, exact: hour === 0 || hour > 12 };
}

/** An hour alone; above 12 it cannot be misread. */
export const bare = (hour: number, to: number, certainty: number): Said => ({
  hour,
  minute: 0,
  to,
  certainty,
  exact: hour > 12,
});

/** "11 o'clock", "3pm", "eleven in the morning", "noon". */
function clockWord(tokens: readonly Token[], at: number): Said | undefined {
  const hour = hourAt(tokens, at);
  if (hour === undefined || hour.value > 23) return undefined;
  const word = tokens[at]?.word;
  if (word === "noon" || word === "midday" || word === "midnight")
    return { ...bare(hour.value, hour.to, 0.97), exact: true };
  const next = tokens[hour.to]?.word;
  if (next === "o'clock" || next === "am" || next === "pm") return bare(hour.value, hour.to + 1, 0.97);
  if (
    next === "in" &&
    tokens[hour.to + 1]?.word === "the" &&
    /^(?:morning|afternoon|evening)$/.test(tokens[hour.to + 2]?.word ?? "")
  ) {
    return bare(hour.value, hour.to, 0.97);
  }
  return undefined;
}

/** "two thirty", "eleven oh five", "3 45"; digits twice over ("2 two", "4 4") are one hour, heard twice. */
function hourAndMinutes(tokens: readonly Token[], at: number): Said | undefined {
  const word = tokens[at]?.word ?? "";
  const hour = /^\d{1,2}$/.test(word) ? Number(word) : single(word);
  if (hour === undefined || hour < 1 || hour > 23) return undefined;
  const next = tokens[at + 1];
  if (next === undefined) return undefined;
  if (next.word === "oh" || next.word === "o" || next.word === "zero") {
    const unit = readCardinal(tokens, at + 2);
    if (unit === undefined || unit.value !== 5) return undefined;
    return { hour, minute: 5, to: unit.to, certainty: 0.95, exact: hour > 12 };
  }
  const minute = readCardinal(tokens, at + 1);
  if (minute === undefined) return undefined;
  const twice = minute.value === hour && /^\d+$/.test(word) !== /^\d+$/.test(next.word);
  if (twice) return bare(hour, minute.to, 0.75);
  if (next.breakBefore || minute.value % 5 !== 0 || minute.value < 10 || minute.value > 55) return undefined;
  if (/^\d+$/.test(word) && !/^\d+$/.test(next.word)) return undefined;
  if (/^(?:past|to|minutes?|mins|thousand|pounds?)$/.test(tokens[minute.to]?.word ?? "")) return undefined;
  return { hour, minute: minute.value, to: minute.to, certainty: 0.93, exact: hour > 12 };
}

/** One to twenty-three in one word. */
function single(word: string): number | undefined {
  const number = belowHundred([{ word, raw: word, breakBefore: true }], 0);
  return number === undefined || number.value > 20 ? undefined : number.value;
}
