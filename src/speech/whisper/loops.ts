/** Periods looked for, in tokens: from "no, no, no" to a sentence over and over. */
const longestPeriod = 24;
/** A caller may well say "no, no, no, no": only what goes on far longer is the model's doing. */
const leastRepeats = 4;
const leastTokens = 16;

/**
 * Whether `tokens` end in one passage said over and over, as Whisper does when it has lost the thread.
 *
 * @returns How many tokens to keep: up to the end of the passage's first saying. `undefined` while there is no loop.
 */
export function findLoop(tokens: readonly number[]): { keep: number } | undefined {
  for (let period = 1; period <= longestPeriod; period++) {
    const needed = Math.max(leastRepeats * period, leastTokens);
    if (tokens.length < needed) continue;
    let same = period; // the last `same` tokens have this period
    while (same < tokens.length && tokens.at(-same - 1) === tokens.at(period - same - 1)) same++;
    if (same >= needed) return { keep: tokens.length - same + period };
  }
  return undefined;
}
