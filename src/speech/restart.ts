/** When a speech child that died is started again. Pure. */

/** Lived this long: what killed it is not its start. */
export const stableAfterMs = 10_000;
/** So many deaths before it was ever ready: it will not become so. */
export const startAttempts = 3;
const firstDelayMs = 250;
const longestDelayMs = 30_000;

/** @param deaths In a row, each sooner than `stableAfterMs` after its start. The first costs the caller no time at all. */
export function restartDelayMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (deaths - 2));
}
