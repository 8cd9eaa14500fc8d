/**
 * Whose packets a call listens to, and where it sends: symmetric RTP (RFC 4961) without letting a stranger in. Pure.
 *
 * - The SDP's own address is believed at once, whatever its port (a NAT may have changed it), its exact port above all.
 * - Another address is a NAT that the SDP does not know of, or somebody guessing ports. It is believed only if the
 *   SDP's address has sent nothing for a while, and only after several packets of one unbroken stream.
 * - A new remote SDP begins anew; with the same address in it, the source so far keeps its place.
 */
export type Source = { address: string; port: number };

type Candidate = { source: Source; ssrc: number; sequence: number; packets: number };

export type LatchState = {
  expected: Source;
  latched: Source | undefined;
  sinceMs: number;
  lastHeardMs: number | undefined;
  candidate: Candidate | undefined;
};

export type LatchVerdict = "accept" | "latch" | "drop";

const foreignGraceMs = 500;
const foreignPackets = 5;

export function expectSource(before: LatchState | undefined, expected: Source, nowMs: number): LatchState {
  const same = before !== undefined && sameSource(before.expected, expected);
  return {
    expected,
    latched: same ? before.latched : undefined,
    sinceMs: nowMs,
    lastHeardMs: same ? before.lastHeardMs : undefined,
    candidate: undefined,
  };
}

/** @param packet of which the header is already known to be good and the payload type agreed. */
export function judgeSource(
  state: LatchState,
  source: Source,
  packet: { ssrc: number; sequence: number },
  nowMs: number,
): { state: LatchState; verdict: LatchVerdict } {
  const { expected, latched } = state;
  if (latched !== undefined && sameSource(latched, source)) {
    return { state: { ...state, lastHeardMs: nowMs }, verdict: "accept" };
  }
  const isExact = sameSource(expected, source);
  const isNear = source.address === expected.address;
  const holdsExact = latched !== undefined && sameSource(latched, expected);
  const holdsNear = latched?.address === expected.address;
  if (isExact || (isNear && !holdsNear) || (isNear && !holdsExact && isSilent(state, nowMs)))
    return latch(state, source, nowMs);
  // The SDP's own address is in possession: only a new SDP moves it (RFC 3264 §8.3.1).
  if (holdsNear) return { state, verdict: "drop" };
  return judgeStranger(state, source, packet, nowMs);
}

/** RTCP has no stream to prove itself with: it must come from a host whose RTP would be believed. */
export function isKnownHost(state: LatchState, address: string): boolean {
  return address === state.expected.address || address === state.latched?.address;
}

function judgeStranger(
  state: LatchState,
  source: Source,
  packet: { ssrc: number; sequence: number },
  nowMs: number,
): { state: LatchState; verdict: LatchVerdict } {
  if (!isSilent(state, nowMs)) return { state, verdict: "drop" };
  const { candidate } = state;
  const goesOn =
    candidate !== undefined &&
    sameSource(candidate.source, source) &&
    candidate.ssrc === packet.ssrc &&
    ((candidate.sequence + 1) & 0xffff) === packet.sequence;
  const packets = goesOn ? candidate.packets + 1 : 1;
  if (packets >= foreignPackets) return latch(state, source, nowMs);
  // A second stranger does not disturb the first one's count unless it has fallen silent or broken.
  if (candidate !== undefined && !goesOn && !sameSource(candidate.source, source) && candidate.packets > 1) {
    return { state: { ...state, candidate: { ...candidate, packets: candidate.packets - 1 } }, verdict: "drop" };
  }
  return { state: { ...state, candidate: { source, ...packet, packets } }, verdict: "drop" };
}

function isSilent(state: LatchState, nowMs: number): boolean {
  return nowMs - Math.max(state.sinceMs, state.lastHeardMs ?? state.sinceMs) >= foreignGraceMs;
}

function latch(state: LatchState, source: Source, nowMs: number): { state: LatchState; verdict: LatchVerdict } {
  return { state: { ...state, latched: source, lastHeardMs: nowMs, candidate: undefined }, verdict: "latch" };
}

function sameSource(a: Source, b: Source): boolean {
  return a.port === b.port && a.address === b.address;
}
