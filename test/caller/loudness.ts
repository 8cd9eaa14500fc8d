/** Loud enough to be speech: −40 dBFS over 20 ms, on either side of a call. */

const speechRms = 330;

export function rms(frame: Int16Array): number {
  let energy = 0;
  for (const sample of frame) energy += sample * sample;
  return Math.sqrt(energy / frame.length);
}

export const isLoud = (frame: Int16Array): boolean => rms(frame) > speechRms;
