/** Day and time against a diary: is a start free, and what is near it. */
import { addDays, atClock, clockFromMinutes, clockOf, dateOf, minutesOfDay } from "../agency/local-time.ts";
import type { Clock, LocalDate, LocalTime } from "../agency/types.ts";
import type { Draft } from "./draft.ts";
import type { TimeWish } from "./state.ts";

/** What can be looked up about starts of one kind of appointment. */
export type Diary = {
  isFree(start: LocalTime): boolean;
  /** The earliest free starts of that day at or after `notBefore`, at most `limit`. */
  freeStarts(day: LocalDate, notBefore: Clock, limit: number): LocalTime[];
  /** How long the appointment lasts. */
  minutes: number;
};

/** Two times that are offered lie at least so far apart. */
const APART_MINUTES = 30;
/** Five-minute starts of a long day. */
const WHOLE_DAY = 200;
const DAYS_AHEAD = 14;

export type Verdict =
  | { kind: "free" }
  | { kind: "past" }
  | { kind: "outside-hours"; opens: Clock; lastStart: Clock }
  | { kind: "taken" };

export function judgeStart({ view, now }: Draft, diary: Diary, date: LocalDate, clock: Clock): Verdict {
  const start = atClock(date, clock);
  if (diary.isFree(start)) return { kind: "free" };
  if (start <= now) return { kind: "past" };
  const hours = view.hoursOn(date);
  if (hours === undefined) return { kind: "taken" };
  const lastStart = minutesOfDay(hours.closes) - diary.minutes;
  if (clock < hours.opens || minutesOfDay(clock) > lastStart) {
    return { kind: "outside-hours", opens: hours.opens, lastStart: clockFromMinutes(Math.max(0, lastStart)) };
  }
  return { kind: "taken" };
}

/** Every free start of the day. */
function freeOn({ view }: Draft, diary: Diary, date: LocalDate): LocalTime[] {
  const hours = view.hoursOn(date);
  return hours === undefined ? [] : diary.freeStarts(date, hours.opens, WHOLE_DAY);
}

/** At most two free starts of the day, nearest to `wanted`, apart by at least half an hour; earlier first. */
export function nearestFree(draft: Draft, diary: Diary, date: LocalDate, wanted: Clock): LocalTime[] {
  const distance = (start: LocalTime) => Math.abs(minutesOfDay(clockOf(start)) - minutesOfDay(wanted));
  const byDistance = freeOn(draft, diary, date).sort((a, b) => distance(a) - distance(b));
  const first = byDistance[0];
  if (first === undefined) return [];
  const apart = (start: LocalTime) =>
    Math.abs(minutesOfDay(clockOf(start)) - minutesOfDay(clockOf(first))) >= APART_MINUTES;
  const second = byDistance.find(apart);
  return (second === undefined ? [first] : [first, second]).sort();
}

/** The free start that a wish asks for: the earliest in its range, or the latest of the day. */
export function wished(draft: Draft, diary: Diary, date: LocalDate, wish: TimeWish): LocalTime | undefined {
  if (wish.latest) return freeOn(draft, diary, date).at(-1);
  const notBefore = wish.from ?? draft.view.hoursOn(date)?.opens ?? "00:00";
  const [first] = diary.freeStarts(date, notBefore, 1);
  return first !== undefined && (wish.until === null || clockOf(first) < wish.until) ? first : undefined;
}

/** The first open day from `from` on that has a free start for the wish. */
export function firstFreeDay(draft: Draft, diary: Diary, from: LocalDate, wish: TimeWish): LocalTime | undefined {
  const today = dateOf(draft.now);
  let day = from < today ? today : from;
  for (let n = 0; n < DAYS_AHEAD; n++, day = addDays(day, 1)) {
    if (draft.view.hoursOn(day) === undefined) continue;
    const start = wished(draft, diary, day, wish);
    if (start !== undefined) return start;
  }
  return undefined;
}
