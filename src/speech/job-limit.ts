/**
 * How long a job may take before its child counts as hung: a caller waits behind it, so the bound follows what jobs of its
 * size took of late, and is no constant that fits the slowest machine. Times in ms. Pure.
 */

export type JobLimit = {
  /** @param size Of the job, in any unit: samples, letters. */
  limitMs(size: number): number;
  /** A job was answered after so long. */
  answered(size: number, tookMs: number): void;
  /** A job overran its limit. The next may have longer: a machine that became slower must not kill for ever. */
  overran(): void;
};

/** Whatever is measured: a machine may stall for so long without being hung. */
const leastMs = 2_500;
/** Jobs are not alike, and the machine does other things. */
const slack = 6;
const overrunFactor = 2;
/** How fast the measure follows jobs that became faster; slower ones count at once. */
const forgetting = 0.1;

/** @param unmeasuredMs Before anything was measured. @param mostMs Nobody waits longer, whatever is measured. */
export function createJobLimit({ unmeasuredMs, mostMs }: { unmeasuredMs: number; mostMs: number }): JobLimit {
  /** Of one unit of size; a job has a fixed part too, which makes small ones look slow: an error on the safe side. */
  let unitMs: number | undefined;
  let patience = 1;
  return {
    limitMs(size) {
      const base = unitMs === undefined ? unmeasuredMs : leastMs + slack * unitMs * size;
      return Math.min(mostMs, base * patience);
    },
    answered(size, tookMs) {
      patience = 1;
      const measured = tookMs / Math.max(1, size);
      unitMs = unitMs === undefined || measured > unitMs ? measured : unitMs + forgetting * (measured - unitMs);
    },
    overran() {
      patience *= overrunFactor;
    },
  };
}
