/** Silence at the ends of a clause: a voice's own varies, ours is chosen by punctuation. Pure. */

const frameMs = 5;
/** Below the loudest frame by this much is silence; soft beginnings (an f, an h) lie above. */
const silentDb = -42;
/** Kept on either side of what was found, so that no soft onset or breath of an ending is cut. */
const marginMs = 20;

/** A view of `samples` without silent ends; empty if there is no sound in it. */
export function trimmed(samples: Float32Array, rateHz: number): Float32Array {
  const frameSamples = Math.round((frameMs * rateHz) / 1000);
  const marginSamples = Math.round((marginMs * rateHz) / 1000);
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += frameSamples) {
    const frame = samples.subarray(at, at + frameSamples);
    powers.push(frame.reduce((sum, x) => sum + x * x, 0) / frame.length);
  }
  const threshold = Math.max(1e-9, powers.reduce((a, b) => Math.max(a, b), 0) * 10 ** (silentDb / 10));
  const first = powers.findIndex((power) => power > threshold);
  if (first < 0) return samples.subarray(0, 0);
  const last = powers.findLastIndex((power) => power > threshold);
  return samples.subarray(Math.max(0, first * frameSamples - marginSamples), (last + 1) * frameSamples + marginSamples);
}
