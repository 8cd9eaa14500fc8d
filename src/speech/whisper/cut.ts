/** How loudness is measured to find a place to cut: 20 ms at a time. */
const blockSamples = 320;
/** A pause is this long at best, so that a cut goes through its middle. */
const pauseBlocks = 10;

/**
 * Cuts a clip that is longer than the model takes at its quietest places.
 *
 * @param most Samples of a piece at most. Pieces are at least half as long, but for the last.
 * @returns Views of `samples`, in order, that together are all of it.
 */
export function cutAtPauses(samples: Float32Array, most: number): Float32Array[] {
  const pieces: Float32Array[] = [];
  let start = 0;
  while (samples.length - start > most) {
    const end = start + quietest(samples.subarray(start, start + most), Math.floor(most / 2));
    pieces.push(samples.subarray(start, end));
    start = end;
  }
  pieces.push(samples.subarray(start));
  return pieces;
}

/** The middle of the quietest stretch of `pauseBlocks` blocks from `from` on. */
function quietest(samples: Float32Array, from: number): number {
  const energies: number[] = [];
  for (let at = from; at + blockSamples <= samples.length; at += blockSamples) {
    let energy = 0;
    for (const value of samples.subarray(at, at + blockSamples)) energy += value * value;
    energies.push(energy);
  }
  const width = Math.min(pauseBlocks, energies.length);
  let sum = energies.slice(0, width).reduce((total, energy) => total + energy, 0);
  let least = sum;
  let best = 0;
  for (let i = width; i < energies.length; i++) {
    sum += (energies[i] ?? 0) - (energies[i - width] ?? 0);
    if (sum < least) {
      least = sum;
      best = i - width + 1;
    }
  }
  return width === 0 ? samples.length : from + best * blockSamples + Math.floor((width * blockSamples) / 2);
}
