/**
 * Steps of voice activity of which it is not known yet whose voice they are. They wait for the verdict; then they count
 * as the caller's, from their own time on, or as silence. Where no verdict comes they are the caller's: better to be
 * interrupted for nothing than not to listen.
 */
import type { Verdict } from "./verdict.ts";

export type DoubtfulSteps = {
  /** @param probability that the step is speech. */
  push(probability: number, verdict: Verdict): void;
};

/** 32 ms each. */
const longestDoubt = 10;

/** @param judge is given each step once, in order. @param speech below this there is nothing to doubt. */
export function createDoubtfulSteps(speech: number, judge: (probability: number) => void): DoubtfulSteps {
  let waiting: number[] = [];

  function settle(isCaller: boolean): void {
    const steps = waiting;
    waiting = [];
    for (const probability of steps) judge(isCaller ? probability : 0);
  }

  return {
    push(probability, verdict) {
      if (verdict === "unsure" && (waiting.length > 0 || probability >= speech)) {
        waiting.push(probability);
        if (waiting.length > longestDoubt) settle(true);
        return;
      }
      settle(verdict !== "echo");
      judge(verdict === "echo" ? 0 : probability);
    },
  };
}
