/** Times of day as the British say them, and as recognisers write them → clocks, or parts of a day. Pure. */
import { clockFromMinutes, minutesOfDay } from "../../agency/local-time.ts";
import type { Clock } from "../../agency/types.ts";
import { daypartOf, type Half, halfNear } from "./dayparts.ts";
import { belowHundred, readCardinal, readOrdinal } from "./numbers.ts";
import type { Token } from "./tokens.ts";

export type TimeReading =
  | { kind: "at"; clock: Clock; certainty: number }
  /** "after two", "in the morning", "between two and four": starts in [from, until). */
  | { kind: "between"; from: Clock; until: Clock }
  /** "whenever", "as early as you can" / "last thing". */
  | { kind: "earliest" }
  | { kind: "latest" };

export type TimeAt = { reading: TimeReading; from: number; to: number };

/** Opening hours of the day in question (of a usual day, while no day is known): they decide what "four" means. */
export type OpenHours = { opens: Clock; closes: Clock };

/** Hour 0…23 as said, minutes, and whether the words left the half of the day open. */
type Said = { hour: number; minute: number; to: number; certainty: number; exact: boolean };

type Reader = (tokens: readonly Token[], at: number) => Said | undefined;

const READERS: readonly Reader[] = [halfAnd, pastOrTo, hundredHours, writtenClock, clockWord, hourAndMinutes];

/**
 * The time named in `tokens`, if any; the later of two where it corrects the earlier.
 * @param asked A time was what we had asked for: a bare number is then an hour.
 */
export function readTime(tokens: readonly Token[], hours: OpenHours, asked: boolean): TimeAt | undefined {
  const part = daypartOf(tokens, hours);
  let best: (Said & { from: number }) | undefined;
  for (let at = 0; at < tokens.length; at++) {
    const said = firstSaid(tokens, at) ?? bareHour(tokens, at, hours, asked);
    if (said === undefined) continue;
    const before = tokens[at - 1]?.word;
    const negated = before === "than" || (before === "not" && tokens[at - 2]?.word !== "if");
    if (!negated && (best === undefined || corrects(tokens, best.to, at))) best = { ...said, from: at };
    at = said.to - 1;
  }
  if (best === undefined) return part && { reading: part.reading, from: part.from, to: part.to };
  const clock = settle(best, hours, halfNear(tokens, best.from, best.to));
  const bounded = boundary(tokens, best, clock, hours);
  const from = bounded ? bounded.from : withLead(tokens, best.from);
  const to = bounded?.to ?? best.to;
  return { reading: bounded?.reading ?? { kind: "at", clock, certainty: best.certainty }, from, to };
}

function firstSaid(tokens: readonly Token[], at: number): Said | undefined {
  for (const reader of READERS) {
    const said = reader(tokens, at);
    if (said !== undefined) return said;
  }
  return undefined;
}

const LEADS = new Set(["at", "about", "around", "by", "for", "roughly", "say"]);
const withLead = (tokens: readonly Token[], from: number): number =>
  LEADS.has(tokens[from - 1]?.word ?? "") ? from - 1 : from;

function corrects(tokens: readonly Token[], from: number, to: number): boolean {
  const words = tokens.slice(from, to).map((token) => token.word);
  return words.some((word) => ["no", "sorry", "actually", "mean", "make", "rather", "wait"].includes(word));
}

/** 0…24 at `at`; "threeish" and "3ish" too. */
function hourAt(tokens: readonly Token[], at: number): { value: number; to: number; certainty: number } | undefined {
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

const bare = (hour: number, to: number, certainty: number): Said => ({
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

/** A number that can only be an hour by where it stands: after "at", after the day, or where a time was asked for. */
function bareHour(tokens: readonly Token[], at: number, hours: OpenHours, asked: boolean): Said | undefined {
  const before = tokens[at - 1]?.word ?? "";
  const afterDay = before === "|date" || (LEADS.has(before) && tokens[at - 2]?.word === "|date") || before === "or";
  const placed = before === "at" || before === "around" || before === "about" || afterDay || BOUNDS.has(before);
  if (!asked && !placed) return undefined;
  const ordinal = readOrdinal(tokens, at);
  if (ordinal !== undefined)
    return placed && ordinal.value <= 12 && (before !== "or" || asked || tokens[at - 2]?.word === "|date")
      ? bare(ordinal.value, ordinal.to, 0.5)
      : undefined;
  if (before === "or" && !asked) return undefined;
  const digits = tokens[at]?.word ?? "";
  const quad = /^([01]?\d|2[0-3])([0-5][05])$/.exec(digits);
  if (quad && digits.length >= 3) {
    return { hour: Number(quad[1]), minute: Number(quad[2]), to: at + 1, certainty: 0.85, exact: Number(quad[1]) > 12 };
  }
  const repeated = /^(\d)\1{1,3}$|^(\d\d)\2$/.exec(digits);
  if (repeated && digits !== "11" && !fits(Number(digits), hours))
    return bare(Number(digits === "111" || digits === "1111" ? 11 : (repeated[1] ?? repeated[2])), at + 1, 0.6);
  if (digits === "one" && NOT_AN_HOUR.test(before)) return undefined; // "the later one"
  const hour = hourAt(tokens, at);
  if (hour === undefined || hour.value > 23 || hour.value === 0) return undefined;
  if (
    /^(?:bed|bedroom|bedrooms|beds|people|of|weeks?|days?|minutes?|pounds?|thousand|hundred|k)$/.test(
      tokens[hour.to]?.word ?? "",
    )
  )
    return undefined;
  return bare(hour.value, hour.to, hour.certainty - (placed ? 0.03 : 0.1));
}

const NOT_AN_HOUR =
  /^(?:first|second|third|last|latter|former|later|earlier|early|late|that|this|which|other|either|neither|any|no|the)$/;

const fits = (hour: number, hours: OpenHours): boolean => hour < 24 && hour * 60 < minutesOfDay(hours.closes);

/** The half of the day: as said, else whichever lies in opening hours, else office custom (8 to 7). */
function settle(said: Said, hours: OpenHours, half: Half | undefined): Clock {
  const minutes = said.hour * 60 + said.minute;
  if (said.exact || said.hour > 12 || said.hour === 0) return clockFromMinutes(minutes % (24 * 60));
  const morning = (said.hour % 12) * 60 + said.minute;
  const afternoon = morning + 12 * 60;
  if (half !== undefined) return clockFromMinutes(half === "am" ? morning : afternoon);
  const open = (m: number) => m >= minutesOfDay(hours.opens) && m < minutesOfDay(hours.closes);
  if (open(morning)) return clockFromMinutes(morning);
  if (open(afternoon)) return clockFromMinutes(afternoon);
  return clockFromMinutes(morning >= 8 * 60 ? morning : afternoon);
}

const BOUNDS = new Set(["after", "before", "from", "until", "till", "between", "since", "by", "than"]);

/** "after two", "any time before noon", "from three onwards", "between two and four". */
function boundary(
  tokens: readonly Token[],
  said: Said & { from: number },
  clock: Clock,
  hours: OpenHours,
): { reading: TimeReading; from: number; to: number } | undefined {
  const before = tokens[said.from - 1]?.word ?? "";
  const later = tokens[said.to]?.word;
  const onwards = later === "onwards" || (later === "or" && /^(?:later|after)$/.test(tokens[said.to + 1]?.word ?? ""));
  const second = /^(?:and|to|till|until)$/.test(later ?? "")
    ? (firstSaid(tokens, said.to + 1) ?? bareHour(tokens, said.to + 1, hours, true))
    : undefined;
  if (second !== undefined && (before === "between" || before === "from" || later !== "and")) {
    const until = settle(second, hours, halfNear(tokens, said.to + 1, second.to));
    if (until > clock) return { reading: { kind: "between", from: clock, until }, from: said.from - 1, to: second.to };
  }
  const to = onwards ? (later === "or" ? said.to + 2 : said.to + 1) : said.to;
  const notBefore = before === "before" && tokens[said.from - 2]?.word === "not";
  if (before === "after" || before === "from" || onwards || notBefore) {
    return {
      reading: { kind: "between", from: clock, until: hours.closes > clock ? hours.closes : "23:59" },
      from: said.from - 1,
      to,
    };
  }
  if (before === "before" || before === "by" || before === "until" || before === "till") {
    const from = hours.opens < clock ? hours.opens : "00:00";
    return { reading: { kind: "between", from, until: clock }, from: said.from - 1, to };
  }
  return undefined;
}
