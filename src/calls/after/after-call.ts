/** What is made of a call once it is over. Pure: the same from a call that ended as from one that was killed. */
import type { Outcome } from "../../receptionist/contract.ts";
import { type CallFacts, lastNotes } from "./facts.ts";
import { type FollowUp, followUps } from "./follow-ups.ts";
import { judge, type QualityReason } from "./quality.ts";
import { summarise } from "./summary.ts";

export type AfterCall = {
  /** At most three sentences. */
  summary: string;
  /** 0…100; null where there was nothing to judge. */
  score: number | null;
  /** What took points off. */
  reasons: QualityReason[];
  /** Topics. */
  unanswered: string[];
};

export function afterCall(facts: CallFacts): { after: AfterCall; followUps: FollowUp[] } {
  const { score, reasons } = judge(facts);
  const unanswered = [...new Set(lastNotes(facts)?.unanswered ?? [])];
  return {
    after: { summary: summarise(facts), score: score ?? null, reasons, unanswered },
    followUps: followUps(facts),
  };
}

/** Of a call that nobody could end: by what it had committed. */
export function outcomeOfCutOff({ emergency, books }: Pick<CallFacts, "emergency" | "books">): Outcome {
  if (emergency !== null) return "emergency";
  const isBooked = [...books.viewings, ...books.valuations].some(({ status }) => status === "booked");
  if (isBooked) return "booked";
  return books.messages.length > 0 ? "message" : "failed";
}
