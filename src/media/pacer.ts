/**
 * When which call's next packet leaves. All calls share one grid of absolute deadlines, so that one timer serves them,
 * nothing drifts, and calls are spread over the grid's places instead of leaving in one burst. Pure; ms on a monotonic
 * clock.
 *
 * Behind its time: what is up to 100 ms late leaves at once, in order; what is later than that is not sent (its time is
 * lived through all the same, so that clocks stay right); a stall of over a second is cut out.
 */
type Stream = { intervalMs: number; nextMs: number };

/** One frame of one call. `send` false: too late to be of use to anybody. */
export type Due = { callId: string; deadlineMs: number; send: boolean };

export type Pacer = {
  add(callId: string, intervalMs: number, nowMs: number): void;
  remove(callId: string): void;
  /** Everything whose time has come, in the order of deadlines. */
  due(nowMs: number): Due[];
  /** Undefined while there is nobody to send for. */
  readonly nextMs: number | undefined;
};

/** So fine that ten calls of an expensive codec never wait for one another: each has a place of its own in 20 ms. */
const gridMs = 2;
const latestSendMs = 100;
const longestStallMs = 1000;
/** To wait for less takes longer than it lasts. */
const earlyMs = 0.1;

export function createPacer(originMs: number): Pacer {
  const streams = new Map<string, Stream>();

  /** The first deadlines of the grid, the one with the fewest streams on it first. */
  function freestPlace(intervalMs: number, nowMs: number): number {
    const soonest = originMs + gridMs * Math.ceil((nowMs - originMs) / gridMs);
    const places = Array.from({ length: Math.max(1, Math.floor(intervalMs / gridMs)) }, (_, i) => soonest + gridMs * i);
    const load = (place: number) =>
      [...streams.values()].filter((stream) => (place - stream.nextMs) % Math.min(stream.intervalMs, intervalMs) === 0)
        .length;
    return places.reduce((best, place) => (load(place) < load(best) ? place : best));
  }

  return {
    add(callId, intervalMs, nowMs) {
      streams.delete(callId);
      streams.set(callId, { intervalMs, nextMs: freestPlace(intervalMs, nowMs) });
    },
    remove(callId) {
      streams.delete(callId);
    },
    due(nowMs) {
      const all: Due[] = [];
      for (const [callId, stream] of streams) {
        const stalled = Math.floor((nowMs - stream.nextMs) / stream.intervalMs);
        if (stalled * stream.intervalMs > longestStallMs) stream.nextMs += stalled * stream.intervalMs;
        for (; stream.nextMs <= nowMs + earlyMs; stream.nextMs += stream.intervalMs) {
          all.push({ callId, deadlineMs: stream.nextMs, send: nowMs - stream.nextMs <= latestSendMs });
        }
      }
      return all.sort((a, b) => a.deadlineMs - b.deadlineMs);
    },
    get nextMs() {
      let soonest: number | undefined;
      for (const { nextMs } of streams.values()) if (soonest === undefined || nextMs < soonest) soonest = nextMs;
      return soonest;
    },
  };
}
