/** Telephone events (RFC 4733 §2.5.2): many packets, each key press reported once, at its end. Pure. */

/** The press in progress. Times in ticks of the event's RTP clock unless a name says ms. */
type Press = {
  event: number;
  startedAt: number;
  priorTicks: number;
  ticks: number;
  ticksPerMs: number;
  lastHeardMs: number;
};

export type DtmfState = {
  press: Press | undefined;
  /** The last press reported, by its RTP timestamp: its packets may go on for a while. */
  reported: { startedAt: number; lastHeardMs: number } | undefined;
};

export type DtmfInput =
  | { kind: "packet"; payload: Uint8Array; timestamp: number; ticksPerMs: number; nowMs: number }
  /** Time passing: a press whose last packets were all lost ends by itself. */
  | { kind: "time"; nowMs: number };

export type Digit = { digit: string; durationMs: number };

export const noDtmf: DtmfState = { press: undefined, reported: undefined };

const digits = "0123456789*#ABCD";
/** Updates come every 50 ms at the latest (§2.5.1.2: packet interval); three missing in a row are the end. */
const lostEndMs = 150;
const stragglerMs = 5000;
/** A new timestamp this near to where the press before reached is that press going on (§2.5.1.3, long events). */
const segmentToleranceMs = 100;
const longestSegmentTicks = 0xffff;

export function stepDtmf(state: DtmfState, input: DtmfInput): { state: DtmfState; digits: Digit[] } {
  if (input.kind === "time") {
    const over = state.press !== undefined && input.nowMs - state.press.lastHeardMs >= lostEndMs;
    return over ? finish(state) : { state, digits: [] };
  }
  const { payload, timestamp, ticksPerMs, nowMs } = input;
  const event = payload[0];
  if (payload.length < 4 || event === undefined || event >= digits.length) return { state, digits: [] };
  const ended = ((payload[1] ?? 0) & 0x80) !== 0;
  const ticks = ((payload[2] ?? 0) << 8) | (payload[3] ?? 0);
  const { press, reported } = state;
  // Retransmissions of an end, and stragglers of it, name the same start (or an earlier one).
  if (reported !== undefined && isStraggler(reported, timestamp, nowMs)) {
    return { state: { ...state, reported: { ...reported, lastHeardMs: nowMs } }, digits: [] };
  }
  if (press !== undefined && distance(timestamp, press.startedAt) < 0) return { state, digits: [] };

  let before: Digit[] = [];
  let current = state;
  let ours: Press;
  if (press !== undefined && timestamp === press.startedAt) {
    ours = { ...press, ticks: Math.max(press.ticks, ticks), lastHeardMs: nowMs };
  } else if (press !== undefined && continues(press, event, timestamp)) {
    const priorTicks = press.priorTicks + distance(timestamp, press.startedAt);
    ours = { event, startedAt: timestamp, priorTicks, ticks, ticksPerMs, lastHeardMs: nowMs };
  } else {
    if (press !== undefined) ({ state: current, digits: before } = finish(state));
    ours = { event, startedAt: timestamp, priorTicks: 0, ticks, ticksPerMs, lastHeardMs: nowMs };
  }
  current = { ...current, press: ours };
  if (!ended) return { state: current, digits: before };
  const last = finish(current);
  return { state: last.state, digits: [...before, ...last.digits] };
}

/** After such a silence an earlier timestamp is no straggler but a sender that has begun to count anew. */
function isStraggler(reported: { startedAt: number; lastHeardMs: number }, timestamp: number, nowMs: number): boolean {
  return distance(timestamp, reported.startedAt) <= 0 && nowMs - reported.lastHeardMs < stragglerMs;
}

/** §2.5.1.3: an event longer than the duration field goes on as a new segment where the one before left off. */
function continues(press: Press, event: number, timestamp: number): boolean {
  const reached = distance(timestamp, press.startedAt);
  const tolerance = segmentToleranceMs * press.ticksPerMs;
  const isLong = press.ticks + tolerance >= longestSegmentTicks;
  return event === press.event && isLong && Math.abs(reached - longestSegmentTicks) <= tolerance;
}

function finish(state: DtmfState): { state: DtmfState; digits: Digit[] } {
  const { press } = state;
  if (press === undefined) return { state, digits: [] };
  const durationMs = Math.round((press.priorTicks + press.ticks) / press.ticksPerMs);
  return {
    state: { press: undefined, reported: { startedAt: press.startedAt, lastHeardMs: press.lastHeardMs } },
    digits: [{ digit: digits[press.event] ?? "", durationMs }],
  };
}

/** From `b` to `a` the shorter way round 2^32. */
function distance(a: number, b: number): number {
  return (a - b) | 0;
}
