import { type Frame, loudFrames } from "./frame-powers.ts";
import type { LogMel } from "./mel.ts";

/**
 * Measured at 80 bands: the median frame of a dialling, ringing, busy, fax or key tone, or of a beep, has 0.985 of its
 * power in six bands; that of 200 spoken lines and of drawled vowels ("moo", "noon") 0.92 at most.
 */
const tonalBandsOf80 = 6;
const tonalShare = 0.95;
/** Of the loud frames: a key pressed sounds for a tenth of a second, and its edges are no tone. */
const tonalFrames = 0.75;

/**
 * The mouth never rests: in 60 ms the median loud frame of speech moves 0.17 of its power to other bands at least (400
 * clips of people, letters and digits among them, and 126 synthetic lines), that of a drawled synthetic "aah" 0.11. A
 * plucked string, a glass that rings or an engine moves 0.00 to 0.07.
 */
const restingLagFrames = 6;
const restingChange = 0.08;
/** Fewer pairs of frames than these (0.3 s) tell nothing. */
const leastPairs = 30;

/**
 * Whether a clip is nothing but signalling tones, or a sound that rests as no voice does. Whisper hears names in beeps and
 * numbers in music, and its own doubt does not tell.
 */
export function isTone(mel: LogMel): boolean {
  const loud = loudFrames(mel);
  return loud.length > 0 && !loud.every(isEmpty) && (areTonal(loud, mel.mels) || areResting(loud));
}

/** Digital silence lies at the floor in all bands. */
const isEmpty = ({ powers }: Frame): boolean => powers.every((power) => power === powers[0]);

function areTonal(loud: readonly Frame[], mels: number): boolean {
  const tops = new Float64Array(Math.round((tonalBandsOf80 * mels) / 80));
  const tonal = loud.filter(({ powers, total }) => sumOfLargest(powers, tops) / total > tonalShare);
  return tonal.length / loud.length >= tonalFrames;
}

function areResting(loud: readonly Frame[]): boolean {
  const byTime = new Map(loud.map((frame) => [frame.at, frame]));
  const changes = loud.flatMap((frame) => {
    const later = byTime.get(frame.at + restingLagFrames);
    return later === undefined ? [] : [change(frame, later)];
  });
  if (changes.length < leastPairs) return false;
  changes.sort((a, b) => a - b);
  return (changes[changes.length >> 1] as number) < restingChange;
}

/** Share of the power that lies in other bands, 0…1. */
function change(a: Frame, b: Frame): number {
  let sum = 0;
  for (let mel = 0; mel < a.powers.length; mel++) {
    sum += Math.abs((a.powers[mel] as number) / a.total - (b.powers[mel] as number) / b.total);
  }
  return sum / 2;
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
