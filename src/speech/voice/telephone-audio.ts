import type { RateHz } from "../../media/messages.ts";
import { type ClipResampler, createClipResampler, resampled } from "../../media/resample.ts";
import { createFader } from "./fader.ts";
import { joinedPcm } from "./join.ts";
import { amplified, createLimiter, targetDbov, toInt16 } from "./level.ts";
import { createTrimmer, silenceBelow, silenceOf } from "./silence.ts";

export type Wanted = {
  /** Silence to put behind it. */
  pauseMs: number;
  /** "native": as the voice speaks, for a file and not for a telephone. */
  rateHz: RateHz | "native";
  /** Of the voice, the same for all that it says (calibration.ts): factor on its samples. */
  gain: number;
};

/** What a voice makes of one clause, as it makes it. */
export type TelephoneStream = {
  /** @param samples −1…1 at the voice's rate. @returns what is ready: now and then nothing. */
  push(samples: Float32Array): Int16Array;
  /** @returns the rest, and the pause. */
  end(): Int16Array;
};

/** Of speech the loudest 5 ms lie so far above its active level, in most clauses; a telephone's is `targetDbov`. */
const loudestDb = 10;

/**
 * What a voice made of one clause, ready for a telephone: of its rate, silent ends taken off, as loud as the voice is set
 * to be. The rate is changed here, once.
 *
 * @param samples −1…1 at `voiceRateHz`.
 */
export function telephoneAudio(samples: Float32Array, voiceRateHz: number, wanted: Wanted): Int16Array {
  const { rateHz } = wanted;
  const hz = rateHz === "native" ? voiceRateHz : rateHz;
  const whole = rateHz === "native" ? samples : resampled(samples, voiceRateHz, rateHz);
  const shaper = createShaper(hz, silenceOf(whole, hz), wanted);
  return joinedPcm([shaper.push(whole), shaper.end()]);
}

/** The same of a clause that is still being made. How loud it will be is not known yet: what is usual of the voice counts. */
export function createTelephoneStream(voiceRateHz: number, wanted: Wanted): TelephoneStream {
  const { rateHz, gain } = wanted;
  const hz = rateHz === "native" ? voiceRateHz : rateHz;
  const resampler: ClipResampler =
    rateHz === "native"
      ? { push: (samples) => samples, end: () => new Float32Array(0) }
      : createClipResampler(voiceRateHz, rateHz);
  const shaper = createShaper(hz, silenceBelow(10 ** ((targetDbov + loudestDb) / 10) / gain ** 2), wanted);
  return {
    push: (samples) => shaper.push(resampler.push(samples)),
    end: () => joinedPcm([shaper.push(resampler.end()), shaper.end()]),
  };
}

/** @param silence As the trimmer's. */
function createShaper(hz: number, silence: number, { gain, pauseMs }: Wanted): TelephoneStream {
  const trimmer = createTrimmer(hz, silence);
  const limiter = createLimiter(hz);
  const fader = createFader(hz);
  const shaped = (samples: Float32Array) => fader.push(limiter.push(amplified(samples, gain)));
  return {
    push: (samples) => toInt16(shaped(trimmer.push(samples))),
    end() {
      const rest = [shaped(trimmer.end()), fader.push(limiter.end()), fader.end()];
      return joinedPcm([...rest.map(toInt16), new Int16Array(Math.round((pauseMs * hz) / 1000))]);
    },
  };
}
