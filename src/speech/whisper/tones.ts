import type { LogMel } from "./mel.ts";

/**
 * Measured at 80 bands: the median frame of a dialling, ringing, busy, fax or key tone, or of a beep, has 0.985 of its
 * power in six bands; that of 200 spoken lines and of drawled vowels ("moo", "noon") 0.92 at most.
 */
const tonalBandsOf80 = 6;
const tonalShare = 0.95;
/** Of the loud frames: a key pressed sounds for a tenth of a second, and its edges are no tone. */
const tonalFrames = 0.75;
/** Loud is what comes within 20 dB of the loudest frame. */
const loudShare = 0.01;

/**
 * Whether a clip is nothing but signalling tones. Whisper hears a name in a beep, and its own doubt does not tell.
 */
export function isTone({ data, mels, frames, columns }: LogMel): boolean {
  const powers = new Float64Array(mels);
  const tops = new Float64Array(Math.round((tonalBandsOf80 * mels) / 80));
  const totals = new Float64Array(frames);
  const shares = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let total = 0;
    for (let mel = 0; mel < mels; mel++) {
      const power = Math.exp((data[mel * columns + frame] as number) * 4 * Math.LN10); // a constant factor cancels out
      powers[mel] = power;
      total += power;
    }
    totals[frame] = total;
    shares[frame] = sumOfLargest(powers, tops) / total;
  }
  const loudest = totals.reduce((most, total) => Math.max(most, total), 0);
  let loud = 0;
  let tonal = 0;
  for (let frame = 0; frame < frames; frame++) {
    if ((totals[frame] as number) < loudest * loudShare) continue;
    loud++;
    if ((shares[frame] as number) > tonalShare) tonal++;
  }
  return loud > 0 && tonal / loud >= tonalFrames;
}

/** Sum of the `largest.length` largest values; `largest` is scratch. */
function sumOfLargest(values: Float64Array, largest: Float64Array): number {
  largest.fill(0);
  for (const value of values) {
    if (value <= (largest[0] as number)) continue;
    let at = 0; // kept in rising order
    while (at + 1 < largest.length && (largest[at + 1] as number) < value) {
      largest[at] = largest[at + 1] as number;
      at++;
    }
    largest[at] = value;
  }
  return largest.reduce((sum, value) => sum + value, 0);
}
