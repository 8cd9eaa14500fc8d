/** Where in a prompt to go on after a break: a little before it, where the voice was quietest. Pure. */

/** Nearer than this is most likely the middle of the word that was cut; farther is told twice. */
const nearestMs = 60;
export const farthestMs = 300;
/** Of one look: about a stop consonant's silence. */
const lookMs = 20;
const stepMs = 5;

/**
 * The quietest place in the last 300 ms before `offset`: between two words, or at least two sounds. The beginning of
 * `samples` is one: sound comes clause by clause.
 *
 * @param offset How much of `samples` has been played.
 * @returns the offset to go on from, 0…`offset`.
 */
export function quietPlaceBefore(samples: Int16Array, offset: number, rateHz: number): number {
  const perMs = rateHz / 1000;
  if (offset <= farthestMs * perMs) return 0;
  let best = offset;
  let least = Number.POSITIVE_INFINITY;
  for (let backMs = nearestMs; backMs <= farthestMs; backMs += stepMs) {
    const at = offset - Math.round(backMs * perMs);
    const energy = energyAround(samples, at, Math.round((lookMs * perMs) / 2));
    if (energy >= least) continue;
    least = energy;
    best = at;
  }
  return best;
}

function energyAround(samples: Int16Array, at: number, half: number): number {
  let energy = 0;
  for (let n = Math.max(0, at - half); n < at + half; n++) energy += (samples[n] ?? 0) ** 2;
  return energy;
}
