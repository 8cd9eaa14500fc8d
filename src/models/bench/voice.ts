/** What a Piper voice costs on this machine: from a clause of about a second to its first sound, and to its end. */
import { loadVoice, type VoiceSettings } from "../../speech/voice/engine.ts";
import { quantile } from "./whisper.ts";

/** `clauseMs`: for all of it, median; so long does the next wait. */
export type VoiceFigures = {
  loadMs: number;
  firstP50Ms: number;
  firstP95Ms: number;
  clauseMs: number;
  realTimeFactor: number;
};

const clauses = ["Thursday at half past two,", "is that all right?", "Good morning,", "Let me look that up."];

export async function measureVoice(settings: VoiceSettings, nativeDir: string, rounds: number): Promise<VoiceFigures> {
  const startedAt = performance.now();
  const voice = await loadVoice({ settings, nativeDir });
  const loadMs = performance.now() - startedAt;
  const firstsMs: number[] = [];
  const tookMs: number[] = [];
  let spokenMs = 0;
  for (let round = 0; round < rounds; round++) {
    for (const clause of clauses) {
      const fromMs = performance.now();
      let firstMs: number | undefined;
      const part = ({ length }: Int16Array) => {
        firstMs ??= performance.now() - fromMs;
        spokenMs += length / 8;
      };
      const { audio } = await voice.speakClause(clause, 0, 8000, { part });
      tookMs.push(performance.now() - fromMs);
      part(audio);
      firstsMs.push(firstMs ?? 0);
    }
  }
  const total = tookMs.reduce((sum, ms) => sum + ms, 0);
  return {
    loadMs,
    firstP50Ms: quantile(firstsMs, 0.5),
    firstP95Ms: quantile(firstsMs, 0.95),
    clauseMs: quantile(tookMs, 0.5),
    realTimeFactor: total / spokenMs,
  };
}
