/** How late packets leave: a histogram of 0.1 ms, over the last one to two minutes. */
const binMs = 0.1;
const bins = 1000; // up to 100 ms; beyond that nothing is sent
const turnMs = 60_000;

export type Lateness = {
  note(lateMs: number, nowMs: number): void;
  /** Upper edge of the bin that holds this share of the packets; 0 if there were none. */
  percentile(share: number): number;
};

export function createLateness(): Lateness {
  let current = new Uint32Array(bins);
  let previous = new Uint32Array(bins);
  let turnedMs = Number.NEGATIVE_INFINITY;
  return {
    note(lateMs, nowMs) {
      if (nowMs - turnedMs >= turnMs) {
        [previous, current] = [current, previous.fill(0)];
        turnedMs = nowMs;
      }
      const bin = Math.min(bins - 1, Math.max(0, Math.floor(lateMs / binMs)));
      current[bin] = (current[bin] ?? 0) + 1;
    },
    percentile(share) {
      const counts = current.map((count, i) => count + (previous[i] ?? 0));
      const total = counts.reduce((sum, count) => sum + count, 0);
      let seen = 0;
      for (let i = 0; i < bins; i++) {
        seen += counts[i] ?? 0;
        if (total > 0 && seen >= share * total) return Math.round((i + 1) * binMs * 10) / 10;
      }
      return 0;
    },
  };
}
