/** A word as the voice says it, for a manager to hear. Nothing of it is kept. */
import { AppError } from "../app-error.ts";
import { checkedPronunciation, type Pronunciation } from "../english/pronunciations.ts";
import type { Work } from "./work.ts";

export const spokenWordRateHz = 16_000;
/** More would wait behind one another, and all of them behind callers. */
const atOnce = 2;

/**
 * Speaks the word by an entry that need not be kept yet, behind all callers.
 * @throws AppError("conflict") before speech is ready, "too_many", "speech_failed", or "invalid_input" as for saving.
 */
export function createSpokenWord(work: () => Work): (entry: Pronunciation, signal: AbortSignal) => Promise<Int16Array> {
  let running = 0;
  return async (entry, signal) => {
    const checked = checkedPronunciation(entry);
    const { answering } = work();
    if (answering === undefined) throw new AppError("conflict", "The voice is not ready yet: try again in a moment.");
    if (running >= atOnce) throw new AppError("too_many", "Words are being spoken already. Try again in a moment.");
    running++;
    try {
      const clauses: Int16Array[] = [];
      for await (const clause of answering.speech.tryOut(checked, signal, spokenWordRateHz)) clauses.push(clause);
      return Int16Array.from(clauses.flatMap((clause) => [...clause]));
    } finally {
      running--;
    }
  };
}
