/**
 * How late a peer's packets come, and so how long to keep them before playing. Counted in ticks of the RTP clock.
 * `lateness` of a packet is its arrival minus its timestamp; only differences of it mean anything.
 */
const windowPackets = 128; // 2.6 s at 20 ms
const reviewEvery = 8;
const percentile = 0.98;
const marginMs = 5; // timers wake that late
const smallestTargetMs = 10;
/** One packet in hand until the peer's regularity is known. */
const initialTargetMs = 20;

export type PlayoutDelay = {
  arrived(lateness: number): void;
  /** Of the promptest packet of the window; undefined before the first. */
  readonly earliest: number | undefined;
  /** Delay after the promptest packet at which about 98 % of the packets are there; at most `limit`. */
  readonly target: number;
  reset(): void;
};

/** @param limit longest target, ticks: what comes later than that is lost. */
export function createPlayoutDelay(ticksPerMs: number, limit: number): PlayoutDelay {
  const initialTarget = initialTargetMs * ticksPerMs;
  let window: number[] = [];
  let at = 0;
  let earliest: number | undefined;
  let target = initialTarget;
  function review(): void {
    const sorted = window.toSorted((a, b) => a - b);
    const low = sorted[0] ?? 0;
    const high = sorted[Math.min(sorted.length - 1, Math.floor(percentile * sorted.length))] ?? 0;
    earliest = low;
    target = Math.min(limit, Math.max(smallestTargetMs * ticksPerMs, high - low + marginMs * ticksPerMs));
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
