import type { RateHz } from "../../media/messages.ts";
import { resampled } from "../../media/resample.ts";
import { amplified, limited, toInt16 } from "./level.ts";
import { trimmed } from "./silence.ts";

export type Wanted = {
  /** Silence to put behind it. */
  pauseMs: number;
  /** "native": as the voice speaks, for a file and not for a telephone. */
  rateHz: RateHz | "native";
  /** Of the voice, the same for all that it says (calibration.ts): factor on its samples. */
  gain: number;
};

/**
 * What a voice made of one clause, ready for a telephone: of its rate, silent ends taken off, as loud as the voice is set
 * to be. The rate is changed here, once.
 *
 * @param samples −1…1 at `voiceRateHz`.
 */
export function telephoneAudio(
  samples: Float32Array,
  voiceRateHz: number,
  { pauseMs, rateHz, gain }: Wanted,
): Int16Array {
  const hz = rateHz === "native" ? voiceRateHz : rateHz;
  const whole = rateHz === "native" ? samples : resampled(samples, voiceRateHz, rateHz);
  const speech = limited(amplified(trimmed(whole, hz), gain), hz);
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
