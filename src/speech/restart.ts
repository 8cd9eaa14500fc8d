/** When a speech child that died is started again, and with what. Pure. */

/** Lived this long: what killed it is not its start. */
export const stableAfterMs = 10_000;
/** So many deaths before it was ever ready: it will not become so. */
export const startAttempts = 3;
/** What could not be loaded is tried again so often: somebody may have mended the model, or mounted its disk. */
export const retryLoadMs = 60_000;
/** Of one voice, in a row, with nothing said in between: the last resort speaks from then on. */
const fruitlessDeaths = 2;
const firstDelayMs = 250;
const longestDelayMs = 30_000;

/** @param deaths In a row, each soon after its start and with nothing answered. The first costs the caller no time at all. */
export function restartDelayMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (deaths - 2));
}

/** Whether something simpler is loaded, if there is something. `fruitless`: deaths in a row since the last answer. */
export const needsLastResort = (cannotLoad: boolean, fruitless: number): boolean =>
  cannotLoad || fruitless >= fruitlessDeaths;
