/** One item of a conversation, heard once or several times, and what the agency knows that it may be. */
import type { LocalTime } from "../../agency/types.ts";

export const itemKinds = [
  "postcode",
  "name",
  "surname",
  "birth-date",
  "phone",
  "date",
  "time",
  "money",
  "email",
  "address",
  "yes-no",
] as const;
export type ItemKind = (typeof itemKinds)[number];

/** A text as it was recognised: natural-log probability, or null where unknown. */
export type Hypothesis = readonly [text: string, logProbability: number | null];

/** One attempt at the item: an n-best list, best first. */
export type Attempt = readonly Hypothesis[];

export type ItemContext = {
  /** In the agency's own time. */
  readonly now: LocalTime;
  /** What money is talked of: "four fifty" is £450,000 for a sale and £450 a month for a let. */
  readonly context: "sale" | "let" | undefined;
};

/** What one text may mean. `certainty` 0…1: that a caller whose words these are means this value. */
export type Reading = { readonly value: string; readonly certainty: number };

/** The readings of one text, best first; none where it says nothing of the kind. */
export type ReadItem = (text: string, context: ItemContext) => readonly Reading[];

/** 0…1, of a value that is known. A text is taken apart once and compared with thousands. */
export type Likeness = (known: string) => number;

/** How an item is read, and compared with what the agency knows. */
export type ItemReader = {
  readonly read: ReadItem;
  /** 0…1: how likely `text` is what came of `known` being said. 1 for the very value. Left out: only equal values count. */
  readonly likeness?: (text: string, context: ItemContext) => Likeness;
  /** A register's value in the form in which values are given. Default: as it is. */
  readonly canonical?: (value: string) => string;
};

/** The best value of all attempts. `value` null: nothing was understood. */
export type Decision = {
  readonly value: string | null;
  /** 0…1. */
  readonly certainty: number;
  /** Whether a caller should be asked to confirm it before anything is done with it. */
  readonly wouldConfirm: boolean;
  readonly alternatives: readonly Reading[];
};
