import type { Decoded } from "./decode.ts";

/**
 * Whether a decoded text was never said: Whisper puts words to silence, noise and music. `text` without annotations.
 *
 * The probability of no speech alone is not enough (a short "thank you" on a bad line has a high one), nor is doubt
 * about the words alone (names are always doubtful): as in Whisper's own program, both together decide, unless one of
 * them is beyond doubt.
 */
export function neverSaid(decoded: Decoded, text: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(text)) return true; // punctuation only
  if (decoded.noSpeechProbability > certainlyNoSpeech) return true;
  if (decoded.noSpeechProbability > probablyNoSpeech && decoded.averageLogProbability < doubtful) return true;
  // A loop is kept up to its first saying; where there was hardly anything before it, the model never had the thread.
  return (
    decoded.averageLogProbability < hopeless || (decoded.ended === "loop" && decoded.averageLogProbability < doubtful)
  );
}

export const certainlyNoSpeech = 0.9;
export const probablyNoSpeech = 0.5;
export const doubtful = -0.6;
export const hopeless = -1.5;

/**
 * Whisper's text as a caller would have said it: without annotations such as "[music]" or "♪".
 */
export function withoutAnnotations(text: string): string {
  return text
    .replace(/\[[^\]]*\]?|\([^)]*\)?|\*[^*]*\*|[♩♪♫♬♭♮♯]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
