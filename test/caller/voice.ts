/** The caller's own mouth and ears: an espeak-ng voice that is not the agent's, and the demo Whisper model. */
import type { RateHz } from "../../src/media/messages.ts";
import { calibrationClauses, gainOfVoice } from "../../src/speech/voice/calibration.ts";
import { loadEspeak } from "../../src/speech/voice/espeak.ts";
import { telephoneAudio } from "../../src/speech/voice/telephone-audio.ts";
import { openDemoWhisper } from "./demo-whisper.ts";

/** Says one line, at 8 kHz unless asked for more, in a voice of espeak-ng's. */
export type Mouth = (line: string, voice: string) => Int16Array;

/** Of many people, each as loud as the others. `pauseMs`: silence behind each line. */
export async function createMouths(pauseMs = 0, rateHz: RateHz = 8000): Promise<Mouth> {
  const espeak = await loadEspeak();
  const gains = new Map<string, number>();
  const gainOf = (name: string) => {
    const clauses = () => calibrationClauses.map((clause) => espeak.speak(clause, { name }));
    const gain = gains.get(name) ?? gainOfVoice(clauses(), espeak.rateHz);
    gains.set(name, gain);
    return gain;
  };
  return (line, name) => {
    const wanted = { pauseMs, rateHz, gain: gainOf(name) };
    return telephoneAudio(espeak.speak(line, { name }), espeak.rateHz, wanted);
  };
}

/** Speech at 8 kHz, with the pause that people leave before they answer. */
export async function createMouth(voiceName: string): Promise<(line: string) => Int16Array> {
  const say = await createMouths(200);
  say("Hello.", voiceName); // how loud this voice is takes a second to find out, which nobody is to wait for in a call
  return (line) => say(line, voiceName);
}

/** What the caller makes of the agent's words: text, often imperfect, as over any telephone. */
export async function createUnderstanding(doubled = to16k): Promise<(samples: Int16Array) => Promise<string>> {
  const whisper = await openDemoWhisper();
  return async (samples) => (await whisper.transcribe(doubled(samples), { signal: new AbortController().signal })).text;
}

/** Twice the rate by linear interpolation: for the caller's ears, good enough. */
export function to16k(samples: Int16Array): Float32Array {
  const out = new Float32Array(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    const here = (samples[i] ?? 0) / 32_768;
    out[2 * i] = here;
    out[2 * i + 1] = (here + (samples[i + 1] ?? 0) / 32_768) / 2;
  }
  return out;
}
