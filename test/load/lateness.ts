/** How even a stream of RTP is, and what of it is missing. Pure arithmetic over the packets of one stream, as they came. */
export type Arrival = { atMs: number; sequence: number; timestamp: number };

export type StreamFigures = {
  /** How much later than its even pace each packet was, ms. */
  lateMs: number[];
  packets: number;
  /** Numbers that never came, between the first and the last. */
  lost: number;
};

const sequences = 2 ** 16;
const timestamps = 2 ** 32;

/**
 * The ideal grid is the stream's own: the place that its timestamps give each packet, behind the earliest one. So a
 * packet's lateness holds all that delayed it, the sender's timer as well as the network. The earliest hundredth and not
 * the very earliest, as one packet may leave too early.
 *
 * @param ticksPerMs of the RTP clock. @param fromMs earlier packets are left out: the stream is settling.
 */
export function streamFigures(arrivals: readonly Arrival[], ticksPerMs: number, fromMs: number): StreamFigures {
  const kept = arrivals.filter(({ atMs }) => atMs >= fromMs);
  const first = kept[0];
  if (first === undefined) return { lateMs: [], packets: 0, lost: 0 };
  const transit = kept.map(({ atMs, timestamp }) => atMs - ahead(timestamp, first.timestamp, timestamps) / ticksPerMs);
  const pace = transit.toSorted((a, b) => a - b)[Math.floor(transit.length / 100)] ?? 0;
  const numbers = new Set(kept.map(({ sequence }) => ahead(sequence, first.sequence, sequences)));
  const span = Math.max(...numbers) - Math.min(...numbers) + 1;
  return { lateMs: transit.map((value) => Math.max(0, value - pace)), packets: kept.length, lost: span - numbers.size };
}

/** Signed distance on a circle. */
function ahead(value: number, from: number, range: number): number {
  const distance = (((value - from) % range) + range) % range;
  return distance < range / 2 ? distance : distance - range;
}

/** @param share 0…1. @returns 0 of nothing. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

export const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
