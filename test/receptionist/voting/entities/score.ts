/** How well items are understood: the figures of one kind and source. */
import type { Attempt, Decision } from "../../../../src/receptionist/voting/item.ts";
import { readers } from "../../../../src/receptionist/voting/readers.ts";
import { decide } from "../../../../src/receptionist/voting/vote.ts";
import type { Item } from "./items.ts";

export type Score = {
  n: number;
  /** Items that hold a text with every word right. */
  held: number;
  /** The value is right. */
  right: number;
  /** Right, and not asked about. */
  unasked: number;
  /** Right, or asked about with the right one among the first three alternatives. */
  confirmed: number;
  /** Wrong, and not asked about. */
  silent: number;
  certainty: number;
  ms: number;
  /** Items of several attempts: how many there are, right by all of them, right by each alone. */
  repeated: number;
  byAll: number;
  byEach: number[];
};

export const noScore = (): Score => ({
  n: 0,
  held: 0,
  right: 0,
  unasked: 0,
  confirmed: 0,
  silent: 0,
  certainty: 0,
  ms: 0,
  repeated: 0,
  byAll: 0,
  byEach: [0, 0, 0],
});

const decided = ({ kind, register, context }: Item, attempts: readonly Attempt[]): Decision =>
  decide(attempts, register, readers[kind], context);

/** Capitals and commas are no part of what was said. */
const plain = (value: string | null): string => (value ?? "").toLowerCase().replace(/[,'’]/g, "");
export const same = (value: string | null, truth: string): boolean => plain(value) === plain(truth);

/** Adds `item` to `score`; returns what was made of it. */
export function count(item: Item, score: Score): Decision {
  const began = performance.now();
  const decision = decided(item, item.attempts);
  score.ms += performance.now() - began;
  const right = same(decision.value, item.truth);
  const second = decision.alternatives.slice(0, 3).some(({ value }) => same(value, item.truth));
  score.n++;
  score.held += Number(item.holdsIt);
  score.right += Number(right);
  score.unasked += Number(right && !decision.wouldConfirm);
  score.confirmed += Number(right || (decision.wouldConfirm && second));
  score.silent += Number(!right && !decision.wouldConfirm);
  score.certainty += decision.certainty;
  if (item.attempts.length > 1) {
    score.repeated++;
    score.byAll += Number(right);
    for (const [at, attempt] of item.attempts.entries())
      score.byEach[at] = (score.byEach[at] ?? 0) + Number(same(decided(item, [attempt]).value, item.truth));
  }
  return decision;
}
