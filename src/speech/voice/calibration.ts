/**
 * How loud a voice is, found once for each voice and kept for all that it says. Were every clause brought to the same
 * level, a "Yes." would come as loud as the longest sentence beside it, and loudness would jump within an answer.
 */
import { resampled } from "../../media/resample.ts";
import { gainTo, targetDbov } from "./level.ts";
import { trimmed } from "./silence.ts";
import { activeSpeechLevel } from "./speech-level.ts";

/** Statement, question and numbers, seven seconds: one sentence alone lies up to 2 dB from what the voice does on average. */
export const calibrationClauses = [
  "Good morning, how can I help you?",
  "The house has three bedrooms and a small garden.",
  "We shall ring you back before half past five.",
];

/** The telephone's: level is what the caller's band carries. */
const rateHz = 8000;

/**
 * @param clauses What the voice made of `calibrationClauses`, −1…1 at `voiceRateHz`.
 * @returns The factor that brings the voice to `targetDbov`.
 */
export function gainOfVoice(clauses: readonly Float32Array[], voiceRateHz: number): number {
  const spoken = clauses.map((clause) => trimmed(resampled(clause, voiceRateHz, rateHz), rateHz));
  const whole = new Float32Array(spoken.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const clause of spoken) {
    whole.set(clause, at);
    at += clause.length;
  }
  return gainTo(targetDbov, activeSpeechLevel(whole, rateHz).levelDbov);
}
