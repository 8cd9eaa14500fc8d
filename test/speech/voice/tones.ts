/** Reads back what the voice models/piper-tones was fed: each phoneme id is a tone of 300 + 20·id Hz, 1,536 samples at 22,050. */

/** Samples of one phoneme at `rateHz`. */
export const slotSamples = (rateHz: number): number => (1536 * rateHz) / 22_050;

/**
 * Ids slot by slot from `from`; `undefined` for a silent one.
 * @param samples −1…1 at `rateHz`.
 */
export function readTones(samples: Float32Array, rateHz: number, from = 0): (number | undefined)[] {
  const slot = slotSamples(rateHz);
  const ids: (number | undefined)[] = [];
  for (let at = from; at + 0.9 * slot <= samples.length; at += slot) {
    const inner = samples.subarray(Math.round(at + 0.1 * slot), Math.round(at + 0.9 * slot));
    const power = inner.reduce((sum, x) => sum + x * x, 0) / inner.length;
    ids.push(power < 1e-4 ? undefined : loudestId(inner, rateHz));
  }
  return ids;
}

/** Where the first tone begins, in samples. */
export function onset(samples: Float32Array): number {
  return samples.findIndex((x) => Math.abs(x) > 0.02);
}

function loudestId(samples: Float32Array, rateHz: number): number {
  let best = 0;
  let most = 0;
  for (let id = 0; id < 130; id++) {
    const power = goertzel(samples, (300 + 20 * id) / rateHz);
    if (power > most) [best, most] = [id, power];
  }
  return best;
}

/** Power at one frequency (cycles a sample), under a Hann window. */
function goertzel(samples: Float32Array, frequency: number): number {
  const coefficient = 2 * Math.cos(2 * Math.PI * frequency);
  let [s1, s2] = [0, 0];
  samples.forEach((x, i) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length);
    [s1, s2] = [x * window + coefficient * s1 - s2, s1];
  });
  return s1 * s1 + s2 * s2 - coefficient * s1 * s2;
}
