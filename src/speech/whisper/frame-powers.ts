import type { LogMel } from "./mel.ts";

/** Loud is what comes within 20 dB of the loudest frame. */
const loudShare = 0.01;

/** A frame's power in each band, and their sum; in the same arbitrary unit for all frames of a clip. */
export type Frame = { at: number; powers: Float64Array; total: number };

/** The frames of a clip that are not silence or echo beside its loudest. */
export function loudFrames({ data, mels, frames, columns }: LogMel): Frame[] {
  const all = Array.from({ length: frames }, (_, at): Frame => {
    const powers = new Float64Array(mels);
    let total = 0;
    for (let mel = 0; mel < mels; mel++) {
      const power = Math.exp((data[mel * columns + at] as number) * 4 * Math.LN10); // a constant factor cancels out
      powers[mel] = power;
      total += power;
    }
    return { at, powers, total };
  });
  const loudest = all.reduce((most, { total }) => Math.max(most, total), 0);
  return all.filter(({ total }) => total > 0 && total >= loudest * loudShare);
}
