/** A clock that a test turns by hand. */
import type { Schedule } from "../../src/sip/timers.ts";

export type Clock = {
  now(): number;
  schedule: Schedule;
  /** Runs what falls due within that time, in order. */
  advance(ms: number): void;
  waiting(): number;
};

type Due = { readonly at: number; readonly fire: () => void };

export function createClock(): Clock {
  let nowMs = 0;
  let waiting = 0;
  /** By the millisecond, so that many timers cost no more than few. */
  const due = new Map<number, Set<Due>>();
  let times: number[] = [];
  let sorted = true;

  function nextTime(until: number): number | undefined {
    if (!sorted) times.sort((a, b) => b - a);
    sorted = true;
    const at = times.at(-1);
    return at !== undefined && at <= until ? at : undefined;
  }

  return {
    now: () => nowMs,
    schedule(afterMs, fire) {
      const one: Due = { at: nowMs + afterMs, fire };
      const same = due.get(one.at) ?? new Set();
      if (same.size === 0 && !due.has(one.at)) {
        due.set(one.at, same);
        times.push(one.at);
        sorted = false;
      }
      same.add(one);
      waiting += 1;
      return () => {
        if (same.delete(one)) waiting -= 1;
      };
    },
    advance(ms) {
      const until = nowMs + ms;
      for (let at = nextTime(until); at !== undefined; at = nextTime(until)) {
        nowMs = at;
        const ready = due.get(at) ?? new Set<Due>();
        for (const one of ready) {
          ready.delete(one);
          waiting -= 1;
          one.fire();
        }
        due.delete(at);
        times = times.filter((time) => time !== at);
      }
      nowMs = until;
    },
    waiting: () => waiting,
  };
}
