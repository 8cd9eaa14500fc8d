/** A clock that a test turns by hand. */
import type { Schedule } from "../../src/sip/timers.ts";

export type Clock = {
  now(): number;
  schedule: Schedule;
  /** Runs what falls due within that time, in order. */
  advance(ms: number): void;
  waiting(): number;
};

export function createClock(): Clock {
  let nowMs = 0;
  let serial = 0;
  const due = new Map<number, { at: number; fire: () => void }>();

  function next(until: number): [number, { at: number; fire: () => void }] | undefined {
    let first: [number, { at: number; fire: () => void }] | undefined;
    for (const entry of due) if (entry[1].at <= until && (!first || entry[1].at < first[1].at)) first = entry;
    return first;
  }

  return {
    now: () => nowMs,
    schedule(afterMs, fire) {
      const id = serial++;
      due.set(id, { at: nowMs + afterMs, fire });
      return () => void due.delete(id);
    },
    advance(ms) {
      const until = nowMs + ms;
      for (let entry = next(until); entry; entry = next(until)) {
        due.delete(entry[0]);
        nowMs = entry[1].at;
        entry[1].fire();
      }
      nowMs = until;
    },
    waiting: () => due.size,
  };
}
