/** "Could she ring me back tomorrow at ten?": when. */
import { addDays, atClock, clockOf, dateOf } from "../agency/local-time.ts";
import type { LocalTime } from "../agency/types.ts";
import type { Draft } from "./draft.ts";
import type { Understanding } from "./understanding/understand.ts";

const RING_BACK =
  /\b(?:(?:call|ring|phone)(?:ing)? (?:me|us|back)|call ?back|give (?:me|us) a (?:call|ring|bell|buzz)|get back to (?:me|us)|best time)\b/i;
/** A wish further ahead is none for a call back. */
const MOST_DAYS_AHEAD = 14;

/** Remembers it, if the words are about being rung back and name a day or an hour. */
export function noteDue(draft: Draft, heard: Understanding): void {
  if (!RING_BACK.test(heard.text)) return;
  draft.state.due = dueIn(draft, heard) ?? draft.state.due;
}

/** A day without an hour is from opening on; an hour without a day the next that comes. */
function dueIn({ view, now }: Draft, { date, time }: Understanding): LocalTime | undefined {
  const clock = time?.kind === "at" ? time.clock : time?.kind === "between" ? time.from : undefined;
  const day = date?.kind === "on" ? date.date : undefined;
  if (day === undefined && clock === undefined) return undefined;
  const today = dateOf(now);
  if (day !== undefined) {
    if (day < today || day > addDays(today, MOST_DAYS_AHEAD)) return undefined;
    return atClock(day, clock ?? view.hoursOn(day)?.opens ?? "09:00");
  }
  return clock === undefined ? undefined : atClock(clock > clockOf(now) ? today : addDays(today, 1), clock);
}
