/** What a Piper voice costs on this machine: from a clause of about a second to its first sound, which is all of it. */
import { loadVoice, type VoiceSettings } from "../../speech/voice/engine.ts";
import { quantile } from "./whisper.ts";

export type VoiceFigures = { loadMs: number; firstP50Ms: number; firstP95Ms: number; realTimeFactor: number };

const clauses = ["Thursday at half past two,", "is that all right?", "Good morning,", "Let me look that up."];

export async function measureVoice(settings: VoiceSettings, nativeDir: string, rounds: number): Promise<VoiceFigures> {
  const startedAt = performance.now();
  const voice = await loadVoice({ settings, nativeDir });
  const loadMs = performance.now() - startedAt;
  const tookMs: number[] = [];
  let spokenMs = 0;
  for (let round = 0; round < rounds; round++) {
    for (const clause of clauses) {
      const fromMs = performance.now();
      const { audio } = await voice.speakClause(clause, 0);
      tookMs.push(performance.now() - fromMs);
      spokenMs += audio.length / 8;
    }
  }
  const total = tookMs.reduce((sum, ms) => sum + ms, 0);
  return {
    loadMs,
    firstP50Ms: quantile(tookMs, 0.5),
    firstP95Ms: quantile(tookMs, 0.95),
    realTimeFactor: total / spokenMs,
  };
}
