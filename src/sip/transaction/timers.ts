/** Times of RFC 3261 §17 (table 4), milliseconds. */
export const t1Ms = 500;
export const t2Ms = 4_000;
export const t4Ms = 5_000;
/** Timers B, F, H, J, L and the wait for an ACK of a 2xx (§13.3.1.4). */
export const giveUpMs = 64 * t1Ms;

/** RFC 3261 §17.1.2.2, §17.2.1, §13.3.1.4: each retransmission waits twice as long as the one before, T2 at most. */
export function nextInterval(intervalMs: number): number {
  return Math.min(2 * intervalMs, t2Ms);
}
