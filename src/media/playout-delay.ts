/**
 * How late a peer's packets come, and so how long to keep them before playing. Counted in samples of 8000 Hz.
 * `lateness` of a packet is its arrival minus its timestamp; only differences of it mean anything.
 */
const windowPackets = 128; // 2.6 s at 20 ms
const reviewEvery = 8;
const percentile = 0.98;
const marginSamples = 40; // 5 ms: timers wake that late
const smallestTarget = 80; // 10 ms
/** One packet in hand until the peer's regularity is known. */
const initialTarget = 160;

export type PlayoutDelay = {
  arrived(lateness: number): void;
  /** Of the promptest packet of the window; undefined before the first. */
  readonly earliest: number | undefined;
  /** Delay after the promptest packet at which about 98 % of the packets are there; at most `limit`. */
  readonly target: number;
  reset(): void;
};

/** @param limit longest target, samples: what comes later than that is lost. */
export function createPlayoutDelay(limit: number): PlayoutDelay {
  let window: number[] = [];
  let at = 0;
  let earliest: number | undefined;
  let target = initialTarget;
  function review(): void {
    const sorted = window.toSorted((a, b) => a - b);
    const low = sorted[0] ?? 0;
    const high = sorted[Math.min(sorted.length - 1, Math.floor(percentile * sorted.length))] ?? 0;
    earliest = low;
    target = Math.min(limit, Math.max(smallestTarget, high - low + marginSamples));
  }
  return {
    arrived(lateness) {
      window[at % windowPackets] = lateness;
      at++;
      if (earliest === undefined || lateness < earliest) earliest = lateness;
      if (at >= 2 * reviewEvery && at % reviewEvery === 0) review();
    },
    get earliest() {
      return earliest;
    },
    get target() {
      return target;
    },
    reset() {
      window = [];
      at = 0;
      earliest = undefined;
      target = initialTarget;
    },
  };
}
