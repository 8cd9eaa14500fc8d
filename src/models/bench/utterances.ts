/** Speech to measure with: espeak-ng through a telephone line, the same samples on every machine. */
import { decode, encode } from "../../media/g711.ts";
import { createUpsampler, resampled } from "../../media/resample.ts";
import { loadEspeak } from "../../speech/voice/espeak.ts";

export type Utterance = {
  text: string;
  /** 16 kHz, −1…1. */
  samples: Float32Array;
};

/** What callers say, of one to five seconds; from the words that the embedded model was trained on. */
export const sentences: readonly string[] = [
  "Yes please",
  "That's right",
  "My name is James Wilson",
  "Saturday at half past two",
  "Can I speak to a person please",
  "Thursday at quarter past four",
  "I'd like to book a viewing for fourteen Maple Road please",
  "Could I come on Tuesday in the morning please",
  "I'm calling about twelve Station Road in Bristol",
  "My number is oh seven seven oh oh, nine oh oh, one two three",
];

const voice = { name: "gmw/en", wordsPerMinute: 165 };
const peakLevel = 0.25;
const pauseSamples = { before: 0.2 * 8000, behind: 0.2 * 8000 };

export async function makeUtterances(): Promise<Utterance[]> {
  const espeak = await loadEspeak(["en"]);
  return sentences.map((text) => ({ text, samples: onTheTelephone(espeak.speak(text, voice), espeak.rateHz) }));
}

/** 8 kHz and A-law, as a call brings it; at one level. */
function onTheTelephone(spoken: Float32Array, rateHz: number): Float32Array {
  const narrow = resampled(spoken, rateHz, 8000);
  const peak = narrow.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const line = new Int16Array(pauseSamples.before + narrow.length + pauseSamples.behind);
  narrow.forEach((value, at) => {
    line[pauseSamples.before + at] = Math.round((value * peakLevel * 32_767) / peak);
  });
  decode("PCMA", encode("PCMA", line), line);
  return createUpsampler().push(line).slice();
}
