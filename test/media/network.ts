/** A caller's packets as a network delivers them: seeded loss, delay, disorder and doubles; and how a call pulls them. */
import { createJitterBuffer, type JitterBuffer, type Run, type Stored } from "../../src/media/jitter-buffer.ts";

/** Mulberry32: 0…1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Sent = { sequence: number; timestamp: number; marker: boolean; payload: Uint8Array; arrivesMs: number };

/** A-law bytes that say which sample they are (never the byte of silence), loud. */
export function numbered(sample: number): number {
  return 1 + (sample % 100);
}

/** `count` packets of a continuous talker, from sample 0 at 0 ms, each delayed by `delayMs(i)` or lost (undefined). */
export function talk(
  count: number,
  delayMs: (i: number) => number | undefined,
  { ptimeMs = 20, clock = 1, byte = numbered, sequence = 0, timestamp = 0 } = {},
): Sent[] {
  const samples = 8 * ptimeMs;
  return Array.from({ length: count }, (_, i) => {
    const delay = delayMs(i);
    const payload = Uint8Array.from({ length: samples }, (_, n) => byte(samples * i + n));
    return {
      sequence: sequence + i,
      timestamp: (timestamp + samples * i) >>> 0,
      marker: i === 0,
      payload,
      arrivesMs: delay === undefined ? Number.POSITIVE_INFINITY : ptimeMs * i * clock + delay,
    };
  }).filter(({ arrivesMs }) => arrivesMs !== Number.POSITIVE_INFINITY);
}

export type Pulled = { atMs: number; runs: Run[]; depthTicks: number; delayTicks: number };

/** Pulls every `ptimeMs` (from `phaseMs` on) what has arrived by then. */
export function receive(
  packets: readonly Sent[],
  untilMs: number,
  {
    ptimeMs = 20,
    phaseMs = 7,
    buffer = createJitterBuffer(8),
  }: { ptimeMs?: number; phaseMs?: number; buffer?: JitterBuffer } = {},
) {
  const arriving = packets.toSorted((a, b) => a.arrivesMs - b.arrivesMs);
  const pulled: Pulled[] = [];
  const stored: Record<Stored, number> = { stored: 0, duplicate: 0, late: 0 };
  let next = 0;
  for (let atMs = phaseMs; atMs < untilMs; atMs += ptimeMs) {
    for (; next < arriving.length; next++) {
      const packet = arriving[next];
      if (packet === undefined || packet.arrivesMs > atMs) break;
      stored[buffer.insert({ ...packet, codec: "PCMA", ticks: packet.payload.length }, packet.arrivesMs)]++;
    }
    pulled.push({
      atMs,
      runs: buffer.pull(8 * ptimeMs, atMs),
      depthTicks: buffer.depthTicks,
      delayTicks: buffer.delayTicks,
    });
  }
  return { pulled, stored, buffer };
}

/** Everything that was heard, losses and silence left out. */
export function heardBytes(pulled: readonly Pulled[]): number[] {
  return pulled.flatMap(({ runs }) =>
    runs.flatMap((run) =>
      run.kind === "heard" ? [...run.sound.payload.subarray(run.offset, run.offset + run.ticks)] : [],
    ),
  );
}

export function ticksOf(pulled: readonly Pulled[], kind: Run["kind"]): number {
  return pulled.flatMap(({ runs }) => runs).reduce((sum, run) => sum + (run.kind === kind ? run.ticks : 0), 0);
}

/** What was heard as unbroken stretches: [first byte, length]. */
export function stretches(pulled: readonly Pulled[]): [number, number][] {
  const found: [number, number][] = [];
  let before: number | undefined;
  for (const byte of heardBytes(pulled)) {
    const current = found.at(-1);
    if (current !== undefined && before !== undefined && byte === 1 + (before % 100)) current[1]++;
    else found.push([byte, 1]);
    before = byte;
  }
  return found;
}
