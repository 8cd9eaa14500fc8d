/** What was made of a call, as people read it. */
import type { AfterCall } from "./after-call.ts";
import type { QualityReason } from "./quality.ts";
import { topicTitle } from "./topics.ts";

export type ShownAfterCall = {
  summary: string;
  /** 0…100; null where there was nothing to judge. */
  score: number | null;
  /** Why points were taken off, most first. */
  reasons: { words: string; points: number }[];
  /** What the caller asked in vain. */
  unanswered: string[];
};

export function shown({ summary, score, reasons, unanswered }: AfterCall): ShownAfterCall {
  return {
    summary,
    score,
    reasons: reasons
      .toSorted((a, b) => b.points - a.points)
      .map((reason) => ({ words: reasonInWords(reason), points: reason.points })),
    unanswered: unanswered.map(topicTitle),
  };
}

const times = (count: number) => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

function reasonInWords({ kind, count }: QualityReason): string {
  switch (kind) {
    case "not-understood":
      return `The caller was not understood ${times(count)}`;
    case "corrected":
      return `The caller corrected us ${times(count)}`;
    case "repeated":
      return `The same was said again ${times(count)}`;
    case "silence":
      return `The caller was waited for in vain ${times(count)}`;
    case "interrupted":
      return `The caller spoke into our words ${times(count)}`;
    case "slow-usually":
      return `Half of the answers came after ${count} ms or later`;
    case "slow-at-times":
      return `The slowest answers came after ${count} ms`;
    case "abandoned":
      return "The caller hung up in the midst of something";
    case "cut-off":
      return "The call failed or was cut off";
  }
}
