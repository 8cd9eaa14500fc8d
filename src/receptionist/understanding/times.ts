/** Times of day as the British say them, and as recognisers write them → clocks, or parts of a day. Pure. */
import { clockFromMinutes, minutesOfDay } from "../../agency/local-time.ts";
import type { Clock } from "../../agency/types.ts";
import { bare, firstSaid, hourAt, type Said } from "./clock-forms.ts";
import { daypartOf, type Half, halfNear } from "./dayparts.ts";
import { readOrdinal } from "./numbers.ts";
import type { OpenHours, TimeAt, TimeReading } from "./time-reading.ts";
import type { Token } from "./tokens.ts";

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

const LEADS = new Set(["at", "about", "around", "by", "for", "roughly", "say"]);

const withLead = (tokens: readonly Token[], from: number): number =>
  LEADS.has(tokens[from - 1]?.word ?? "") ? from - 1 : from;

function corrects(tokens: readonly Token[], from: number, to: number): boolean {
  const words = tokens.slice(from, to).map((token) => token.word);
  return words.some((word) => ["no", "sorry", "actually", "mean", "make", "rather", "wait", "so"].includes(word));
}

/** A number that can only be an hour by where it stands: after "at", after the day, or where a time was asked for. */
function bareHour(tokens: readonly Token[], at: number, hours: OpenHours, asked: boolean): Said | undefined {
  const before = tokens[at - 1]?.word ?? "";
  const afterDay = before === "|date" || (LEADS.has(before) && tokens[at - 2]?.word === "|date") || before === "or";
  const placed = before === "at" || before === "around" || before === "about" || afterDay || BOUNDS.has(before);
  if (!asked && !placed) return undefined;
  if (before === "past") return undefined; // "… past four", its minutes not understood
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
  if (NOT_OF_THE_CLOCK.test(tokens[hour.to]?.word ?? "")) return undefined;
  return bare(hour.value, hour.to, hour.certainty - (placed ? 0.03 : 0.1));
}

const NOT_AN_HOUR =
  /^(?:first|second|third|last|latter|former|later|earlier|early|late|that|this|which|other|either|neither|any|no|the)$/;

const NOT_OF_THE_CLOCK =
  /^(?:bed|bedrooms?|bedroomed|beds|bathrooms?|people|persons?|children|kids|adults|cats?|dogs?|cars?|of|years?|months?|weeks?|days?|hours?|minutes?|mins?|miles?|times?|pounds?|quid|thousand|hundred|million|percent|k)$/;

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
