/**
 * Timers count whole milliseconds and fire up to one early. The rest is slept through here: the thread blocks, it does
 * not spin, and datagrams wait in their sockets for that long.
 */
const cell = new Int32Array(new SharedArrayBuffer(4));
const longestMs = 1;
/** A sleep of less takes longer than it lasts. */
const shortestMs = 0.06;

/** @param untilMs on the clock of `performance.now()`; further away than a millisecond is not waited for. */
export function sleepLastFraction(untilMs: number): void {
  const restMs = untilMs - performance.now();
  if (restMs >= shortestMs && restMs <= longestMs) Atomics.wait(cell, 0, 0, restMs);
}
