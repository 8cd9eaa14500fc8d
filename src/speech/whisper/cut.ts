/** Loudness is looked at 20 ms at a time. */
const blockSamples = 320;
/** Shorter gaps are the closures of consonants. */
const pauseBlocks = 9;
/** A pause is 26 dB below the loud parts. */
const pauseShare = 1 / 400;
/** Nothing worth hearing on its own is shorter than this. */
const leastBlocks = 35;

/**
 * Cuts a clip at its pauses, the longest first, until no piece is longer than `wanted`. A piece without a pause stays as
 * it is unless it is longer than `most`: then it is cut at its quietest place.
 *
 * @param wanted Samples that the model hears well at once.
 * @param most Samples that it takes at all.
 * @returns Views of `samples`, in order, that together are all of it.
 */
export function cutAtPauses(samples: Float32Array, wanted: number, most: number): Float32Array[] {
  if (samples.length <= Math.min(wanted, most)) return [samples];
  const energies = energiesOf(samples);
  const pieces: Float32Array[] = [];
  const split = (from: number, to: number): void => {
    const length = Math.min(to * blockSamples, samples.length) - from * blockSamples;
    const at =
      length > wanted ? (longestPause(energies, from, to) ?? (length > most ? quietest(energies, from, to) : 0)) : 0;
    if (at > from) {
      split(from, at);
      split(at, to);
    } else pieces.push(samples.subarray(from * blockSamples, to * blockSamples));
  };
  split(0, energies.length);
  return pieces;
}

/**
 * Cuts what nobody could hear at once, from its beginning on: each time at the longest pause in the second half of
 * `most`, or at the quietest place there.
 *
 * @returns Views of `samples`, in order, none longer than `most`, that together are all of it.
 */
export function* cutBefore(samples: Float32Array, most: number): Generator<Float32Array> {
  let rest = samples;
  while (rest.length > most) {
    const energies = energiesOf(rest.subarray(0, most));
    const from = Math.floor(energies.length / 2);
    const to = Math.floor(most / blockSamples);
    const at = (longestPause(energies, from, to) ?? quietest(energies, from, to)) * blockSamples;
    yield rest.subarray(0, at);
    rest = rest.subarray(at);
  }
  yield rest;
}

function energiesOf(samples: Float32Array): Float64Array {
  const energies = new Float64Array(Math.ceil(samples.length / blockSamples));
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] as number;
    energies[Math.floor(i / blockSamples)] = (energies[Math.floor(i / blockSamples)] as number) + value * value;
  }
  return energies;
}

/** The middle of the longest pause between `from` and `to`, not too near either. */
function longestPause(energies: Float64Array, from: number, to: number): number | undefined {
  const sorted = energies.slice(from, to).sort();
  const quiet = (sorted[Math.floor(sorted.length * 0.9)] ?? 0) * pauseShare;
  let best: { length: number; middle: number } | undefined;
  let began = from;
  for (let at = from; at <= to; at++) {
    if (at < to && (energies[at] as number) <= quiet) continue;
    const length = at - began;
    const middle = began + Math.floor(length / 2);
    const inside = middle - from >= leastBlocks && to - middle >= leastBlocks;
    if (inside && length >= pauseBlocks && length > (best?.length ?? 0)) best = { length, middle };
    began = at + 1;
  }
  return best?.middle;
}

/** The quietest tenth of a second in the middle third. */
function quietest(energies: Float64Array, from: number, to: number): number {
  const third = Math.floor((to - from) / 3);
  let least = Number.POSITIVE_INFINITY;
  let best = from + third;
  for (let at = from + third; at + 5 <= to - third; at++) {
    const sum = energies.subarray(at, at + 5).reduce((total, energy) => total + energy, 0);
    if (sum >= least) continue;
    least = sum;
    best = at + 2;
  }
  return best;
}
