import type { Decoded } from "./decode.ts";

/**
 * Measured with the demo model on 520 clips of noise, tones, music and breath: 518 gave no text at all, most with a
 * probability of no speech above 0.9. On 160 clips of speech, half of them in noise: below 0.005, and averages above
 * −0.44. −1 is where Whisper's own program gives a text up.
 */
const certainlyNoSpeech = 0.9;
const probablyNoSpeech = 0.5;
const doubtful = -0.6;
const hopeless = -1;

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

/**
 * Whisper's text as a caller would have said it: without annotations such as "[music]" or "♪".
 */
export function withoutAnnotations(text: string): string {
  return text
    .replace(/\[[^\]]*\]?|\([^)]*\)?|\*[^*]*\*|[♩♪♫♬♭♮♯]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
