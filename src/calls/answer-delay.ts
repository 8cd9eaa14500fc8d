/** How long a call's callers wait for us: from the end of a turn to the first sound of what is said to it. */
import type { FromMedia } from "../media/messages.ts";

export type AnswerDelay = { media(event: FromMedia): void };

/** @param answered with the wait in ms; turns that nothing is said to are left out. */
export function measureAnswers(nowMs: () => number, answered: (delayMs: number) => void): AnswerDelay {
  let waitingSinceMs: number | undefined;
  return {
    media({ kind }) {
      if (kind === "utterance") waitingSinceMs = nowMs();
      if (kind === "speech-started") waitingSinceMs = undefined;
      if (kind !== "play-started" || waitingSinceMs === undefined) return;
      answered(nowMs() - waitingSinceMs);
      waitingSinceMs = undefined;
    },
  };
}
