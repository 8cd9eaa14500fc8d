/**
 * Voice-to-voice latency as a caller could measure it: from the packet that carries the caller's last speech sample to
 * the packet that carries the agent's first one, taken at the caller's own sockets. Pure arithmetic over what went by.
 */

export type Packet = { atMs: number; loud: boolean };

/**
 * @param quietMs The caller's turn is over once this long nothing loud was sent (pauses inside a line are shorter).
 * @returns One latency a turn, in ms; turns that were never answered are left out and counted.
 */
export function turnLatencies(
  sent: readonly Packet[],
  received: readonly Packet[],
  quietMs: number,
): { latenciesMs: number[]; unanswered: number } {
  const latenciesMs: number[] = [];
  let unanswered = 0;
  const loud = sent.filter((packet) => packet.loud);
  loud.forEach((packet, i) => {
    const next = loud[i + 1];
    if (next && next.atMs - packet.atMs < quietMs) return; // the line goes on
    const answer = received.find((other) => other.loud && other.atMs > packet.atMs);
    if (!answer || (next && answer.atMs > next.atMs)) unanswered++;
    else latenciesMs.push(answer.atMs - packet.atMs);
  });
  return { latenciesMs, unanswered };
}

/** Nearest-rank percentile of `values`, 0 < p ≤ 100. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}
