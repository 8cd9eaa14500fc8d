/** How long a call's callers wait for us: from the end of a turn to the first sound of what is said to it. */
import type { FromMedia } from "../media/messages.ts";

export type AnswerDelay = {
  media(event: FromMedia): void;
  /** Of this call, for its row; none before the first answer. */
  figures(): { answers: number; answerP50Ms: number; answerP95Ms: number } | undefined;
};

/** Of the longest calls, the first so many answers stand for the rest. */
const mostKept = 500;

/** @param answered with the wait in ms; turns that nothing is said to are left out. */
export function measureAnswers(nowMs: () => number, answered: (delayMs: number) => void): AnswerDelay {
  const delaysMs: number[] = [];
  let waitingSinceMs: number | undefined;
  return {
    media({ kind }) {
      if (kind === "utterance") waitingSinceMs = nowMs();
      if (kind === "speech-started") waitingSinceMs = undefined;
      if (kind !== "play-started" || waitingSinceMs === undefined) return;
      const delayMs = nowMs() - waitingSinceMs;
      waitingSinceMs = undefined;
      if (delaysMs.length < mostKept) delaysMs.push(delayMs);
      answered(delayMs);
    },
    figures() {
      if (delaysMs.length === 0) return undefined;
      const sorted = delaysMs.toSorted((a, b) => a - b);
      return { answers: sorted.length, answerP50Ms: percentile(sorted, 50), answerP95Ms: percentile(sorted, 95) };
    },
  };
}

/** Nearest rank: a wait that did occur, in whole ms. */
function percentile(sorted: readonly number[], percent: number): number {
  return Math.round(sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0);
}
