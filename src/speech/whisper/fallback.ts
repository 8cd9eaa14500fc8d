/** A second look at a text that greedy decoding lost the thread of: tokens are drawn, more and more freely. */
import type { Decoded, Sampling } from "./decode.ts";

/** Whisper's own steps, and its own limit of what may be believed. */
const temperatures = [0.2, 0.4, 0.6, 0.8, 1] as const;
const hopelessBelow = -1;
/** Above it there were no words to be found: noise is not to be asked until it says something. */
const noSpeechAbove = 0.5;

/** Whether a text is worth another try: there is one, somebody may have spoken, and it cannot be believed as it is. */
export function isHopeless({ tokens, ended, averageLogProbability, noSpeechProbability }: Decoded): boolean {
  if (tokens.length === 0 || noSpeechProbability > noSpeechAbove) return false;
  return ended === "loop" || averageLogProbability < hopelessBelow;
}

/**
 * @param greedy A hopeless text.
 * @param again Decodes the same piece, drawing tokens.
 * @param mayGoOn Asked before each try.
 * @returns The first that can be believed, marked as `drawn`, else `greedy`, which the gates then judge. The same for the same piece: the
 *   numbers that tokens are drawn by begin anew with each, unless time cuts it short.
 */
export async function drawn(
  greedy: Decoded,
  again: (sampling: Sampling) => Promise<Decoded>,
  mayGoOn: () => boolean,
): Promise<Decoded> {
  const random = seededRandom(1);
  for (const temperature of temperatures) {
    if (!mayGoOn()) break;
    const decoded = await again({ temperature, random });
    if (decoded.tokens.length > 0 && !isHopeless(decoded)) return { ...decoded, drawn: true };
  }
  return greedy;
}

/** Numbers in [0, 1) by Marsaglia's xorshift ("Xorshift RNGs", 2003). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
