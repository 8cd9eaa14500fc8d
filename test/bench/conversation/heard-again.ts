/** Whether a piece of sound is part of a longer one, and where: how the bench knows an agent that goes on from one that answers. Pure. */

/** Speech on the line holds little above 1 kHz that tells two sentences apart. */
const step = 2;
/** Of different words at their best place it is below 0.5, of the same words above 0.9. */
const sameFrom = 0.7;

/**
 * @param piece At least a few hundred ms, as `whole` at 8 kHz.
 * @returns Where in `whole` it was heard before, in samples; undefined if nowhere.
 */
export function findSound(piece: Int16Array, whole: Int16Array): number | undefined {
  const part = thinned(piece);
  const all = thinned(whole);
  if (part.length === 0 || part.length > all.length) return undefined;
  const partEnergy = energyOf(part, 0, part.length);
  let allEnergy = energyOf(all, 0, part.length);
  let best = { at: 0, likeness: 0 };
  for (let at = 0; at + part.length <= all.length; at++) {
    let product = 0;
    for (let i = 0; i < part.length; i++) product += (part[i] ?? 0) * (all[at + i] ?? 0);
    const likeness = product / Math.sqrt(Math.max(1, partEnergy * allEnergy));
    if (likeness > best.likeness) best = { at, likeness };
    allEnergy += (all[at + part.length] ?? 0) ** 2 - (all[at] ?? 0) ** 2;
  }
  return best.likeness >= sameFrom ? best.at * step : undefined;
}

/** Every second sample, of a mean of two: aliases fall where speech has little. */
function thinned(samples: Int16Array): Float64Array {
  return Float64Array.from({ length: Math.floor(samples.length / step) }, (_, i) => {
    return ((samples[step * i] ?? 0) + (samples[step * i + 1] ?? 0)) / 2;
  });
}

function energyOf(samples: Float64Array, from: number, length: number): number {
  let energy = 0;
  for (let i = from; i < from + length; i++) energy += (samples[i] ?? 0) ** 2;
  return energy;
}
