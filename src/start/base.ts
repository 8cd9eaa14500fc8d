/** What every stage of the start is given: the configuration, the log, time, and where to say how it is closed. */
import type { Config } from "../config/schema.ts";
import type { Log } from "../log.ts";
import type { Closing } from "../ops/closing.ts";

export type Base = { config: Config; log: Log; closing: Closing; clock(): Date; schedule: Schedule };

/** Runs `fire` once; the returned function cancels that. */
export type Schedule = (afterMs: number, fire: () => void) => () => void;

export const realSchedule: Schedule = (afterMs, fire) => {
  const timer = setTimeout(fire, afterMs);
  return () => clearTimeout(timer);
};
