import type { RateHz } from "../../media/messages.ts";
import { resampled } from "../../media/resample.ts";
import { levelled, toInt16 } from "./level.ts";
import { trimmed } from "./silence.ts";

/**
 * What a voice made of one clause, ready for a telephone: of its rate, even level, silent ends taken off.
 *
 * @param samples −1…1 at `voiceRateHz`.
 * @param pauseMs Silence to put behind it.
 * @param rateHz "native": as the voice speaks, for a file and not for a telephone.
 */
export function telephoneAudio(
  samples: Float32Array,
  voiceRateHz: number,
  pauseMs: number,
  rateHz: RateHz | "native" = 8000,
): Int16Array {
  const hz = rateHz === "native" ? voiceRateHz : rateHz;
  const whole = rateHz === "native" ? samples : resampled(samples, voiceRateHz, rateHz);
  const speech = levelled(trimmed(whole, hz), hz);
  const out = new Int16Array(speech.length + Math.round((pauseMs * hz) / 1000));
  out.set(toInt16(faded(speech, Math.round((fadeMs * hz) / 1000))));
  return out;
}

const fadeMs = 3;

/** The cut ends start and stop at zero, without a click. */
function faded(samples: Float32Array, fadeSamples: number): Float32Array {
  const n = Math.min(fadeSamples, samples.length >> 1);
  if (n === 0) return samples;
  return samples.map((x, i) => x * Math.min(1, i / n, (samples.length - 1 - i) / n));
}
