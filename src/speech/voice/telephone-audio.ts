import { levelled, toInt16 } from "./level.ts";
import { resampleTo8k } from "./resample.ts";
import { trimmed } from "./silence.ts";

const rateHz = 8000;

/**
 * What a voice made of one clause, ready for a telephone: 8 kHz, even level, silent ends taken off.
 *
 * @param samples −1…1 at `voiceRateHz`.
 * @param pauseMs Silence to put behind it.
 */
export function telephoneAudio(samples: Float32Array, voiceRateHz: number, pauseMs: number): Int16Array {
  const speech = levelled(trimmed(resampleTo8k(samples, voiceRateHz)));
  const out = new Int16Array(speech.length + Math.round((pauseMs * rateHz) / 1000));
  out.set(toInt16(faded(speech)));
  return out;
}

const fadeSamples = 24; // 3 ms

/** The cut ends start and stop at zero, without a click. */
function faded(samples: Float32Array): Float32Array {
  const n = Math.min(fadeSamples, samples.length >> 1);
  if (n === 0) return samples;
  return samples.map((x, i) => x * Math.min(1, i / n, (samples.length - 1 - i) / n));
}
