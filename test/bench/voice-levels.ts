/** How loud a voice leaves: active speech level (ITU-T P.56) and peak of single clauses, and of all of them as one speech. */
import { loadVoice, type VoiceSettings } from "../../src/speech/voice/engine.ts";
import { activeSpeechLevel } from "../../src/speech/voice/speech-level.ts";

export type Level = { text: string; levelDbov: number; peakDbfs: number };

const clauses = [
  "Yes.",
  "No.",
  "Of course.",
  "Which day suits you?",
  "Good morning, Larkspur Lettings, how can I help you?",
  "That is oh seven seven double oh, nine double oh, one two three.",
  "The house has three bedrooms and a garden, and the rent is nine hundred and fifty pounds a month.",
  "Hush, she sees six ships.",
];
const rateHz = 8000;

export async function voiceLevels(settings: VoiceSettings, nativeDir: string): Promise<Level[]> {
  const voice = await loadVoice({ settings, nativeDir });
  const spoken: { text: string; samples: Float32Array }[] = [];
  for (const text of clauses) {
    const { audio } = await voice.speakClause(text, 0, rateHz);
    spoken.push({ text, samples: Float32Array.from(audio, (x) => x / 32_768) });
  }
  const whole = Float32Array.from(spoken.flatMap(({ samples }) => [...samples]));
  return [...spoken, { text: "all of it", samples: whole }].map(({ text, samples }) => ({
    text,
    levelDbov: activeSpeechLevel(samples, rateHz).levelDbov,
    peakDbfs: 20 * Math.log10(samples.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0)),
  }));
}
