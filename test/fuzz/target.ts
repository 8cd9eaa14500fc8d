/** What a target of hostile input is. */
import type { Random } from "../sip/random.ts";

/** An input is timed; time passing is not, as it may bring much about that is due. `from` is the target's to read. */
export type Step =
  | { readonly kind: "input"; readonly bytes: Uint8Array; readonly from: number }
  | { readonly kind: "time"; readonly ms: number };

/** One life of a target. It throws where one of its rules is broken, and lets through what the code under test throws. */
export interface Life {
  /** What comes next, given what has been. */
  next(random: Random): Step;
  feed(step: Step): void | Promise<void>;
  /** The end: nothing may be left. */
  settle(): void | Promise<void>;
}

export type Target = {
  readonly name: string;
  /** Inputs of one session. */
  readonly inputs: number;
  /** Whatever it does must follow from `seed` and the steps alone. */
  open(seed: number): Life;
};

/** A rule that the code under test has broken, in words. */
export class BrokenRule extends Error {}

export function rule(holds: boolean, otherwise: string): void {
  if (!holds) throw new BrokenRule(otherwise);
}
