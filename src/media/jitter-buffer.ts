/**
 * From packets as they come to an even stream of sound. Works on the sender's timestamps and not on packets, so that
 * any packet time, ours another than the peer's, and silence suppression all fit. Timestamps are unwrapped; counted in
 * ticks of the codec's RTP clock. It needs no clock of its own: `nowMs` comes with each call. It decodes nothing: what is
 * pulled says which part of which packet is to be heard, and what is to be made up.
 *
 * The delay grows when it must (nothing is there: the stream is held, not skipped) and between talkspurts; it shrinks
 * in quiet frames only, unless it is past its bound. One closure over the stream's state, hence its length.
 */
import { decodeByte } from "./g711.ts";
import type { CodecName } from "./messages.ts";
import { createPlayoutDelay } from "./playout-delay.ts";

/** The sound of one packet. */
export type Sound = { codec: CodecName; payload: Uint8Array; ticks: number };

export type BufferedPacket = Sound & {
  /** Unwrapped (sequence.ts). */
  sequence: number;
  /** As on the wire, modulo 2^32; undefined: of another clock, and means nothing here. */
  timestamp: number | undefined;
  marker: boolean;
  /** The sender says nothing more for now, on purpose: Opus in discontinuous transmission. */
  endsTalk?: boolean;
};

export type Stored = "stored" | "duplicate" | "late";

/**
 * A stretch of what was pulled. `heard`: that much of the packet, from `offset` on. `lost`: to be made up; `next` is the
 * packet right behind it, if that is there. `silent`: the peer sent nothing on purpose.
 */
export type Run =
  | { kind: "heard"; ticks: number; sound: Sound; offset: number }
  | { kind: "lost"; ticks: number; next?: Sound }
  | { kind: "silent"; ticks: number };

export type JitterBuffer = {
  /** @param packet its payload is copied. `ticks` 0: no sound but a number of the sequence (comfort noise, telephone events). */
  insert(packet: BufferedPacket, nowMs: number): Stored;
  /**
   * The next `ticks` of the stream.
   * @param wasQuiet what was pulled last, once decoded: for codecs whose bytes do not tell how loud they are.
   */
  pull(ticks: number, nowMs: number, wasQuiet?: boolean): Run[];
  /** Forgets the stream: another source, or another life of this one. */
  reset(): void;
  /** In hand, not played. */
  readonly depthTicks: number;
  readonly targetTicks: number;
  /** Dropped to keep the delay within bounds or to lower it. */
  readonly skippedTicks: number;
  /** Packets of sound that this has cost, whole; none of them was heard. */
  readonly skippedPackets: number;
  /** By so much what is pulled now waits longer than what was pulled first: its own doing, whatever the network's is. */
  readonly delayTicks: number;
};

type Entry = { sequence: number; from: number; to: number; endsTalk: boolean; sound: Sound };

const longestTargetMs = 200;
/** More than this in hand is a burst after a stall: it is cut back to the target at once. */
const longestDepthMs = 400;
const mostPackets = 64;
/** For telling a duplicate from a packet that came too late. */
const rememberedPackets = 256;
/** Contiguous packets whose timestamps leap further than this belong to a clock that was set anew. */
const leapMs = 60_000;
const backLeapMs = 2000;
/** So much too late that a skip is the lesser evil, even where there is no quiet, but not all at once. */
const forcedSurplusMs = 80;
const forcedIntervalMs = 500;
/** −40 dBFS: nobody hears a packet of this missing. */
export const quietPeak = 328;

/** @param ticksPerMs of the RTP clock. */
export function createJitterBuffer(ticksPerMs: number): JitterBuffer {
  const longestTarget = longestTargetMs * ticksPerMs;
  const longestDepth = longestDepthMs * ticksPerMs;
  const delay = createPlayoutDelay(ticksPerMs, longestTarget);
  let entries: Entry[] = [];
  /** Timestamp of the next tick to play. */
  let next: number | undefined;
  /** Unwrapped timestamp and end of the newest sound, for unwrapping and for the gaps of silence suppression. */
  let newest = Number.NEGATIVE_INFINITY;
  let soundEnd = Number.NEGATIVE_INFINITY;
  let hasStopped = false;
  /** Highest sequence that has been played or given up. */
  let played = Number.NEGATIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  /** Given out, since the buffer ran dry, without moving on. */
  let held = 0;
  let skipped = 0;
  let skippedPackets = 0;
  let delayTicks = 0;
  let pullTicks = 20 * ticksPerMs;
  let lastForcedMs = Number.NEGATIVE_INFINITY;
  const seen = new Array<number | undefined>(rememberedPackets);

  function reset(): void {
    entries = [];
    seen.fill(undefined);
    next = undefined;
    newest = Number.NEGATIVE_INFINITY;
    soundEnd = Number.NEGATIVE_INFINITY;
    hasStopped = false;
    played = Number.NEGATIVE_INFINITY;
    highest = Number.NEGATIVE_INFINITY;
    held = 0;
    delay.reset();
  }

  /** A pull longer than a packet needs the next one as well, which comes that much later. */
  function needed(packetTicks: number): number {
    return delay.target + Math.max(0, pullTicks - packetTicks);
  }

  /** Whole pulls before `from`: the packet is due at the start of a pull, never in the middle of one. */
  function startBefore(from: number, packetTicks: number): number {
    return from - pullTicks * Math.ceil(needed(packetTicks) / pullTicks);
  }

  function insert(packet: BufferedPacket, nowMs: number): Stored {
    const { sequence, codec, ticks, endsTalk = false } = packet;
    if (seen[sequence % rememberedPackets] === sequence) return "duplicate";
    const isNext = sequence === highest + 1;
    let from = packet.timestamp === undefined ? newest : unwrap(packet.timestamp);
    if (isNext && (from - newest > leapMs * ticksPerMs || newest - from > backLeapMs * ticksPerMs)) {
      reset();
      from = packet.timestamp ?? 0;
    }
    seen[sequence % rememberedPackets] = sequence;
    if (!Number.isFinite(from)) return "stored"; // nothing came before it that would say when it is
    const to = from + ticks;
    if (ticks > 0) delay.arrived(nowMs * ticksPerMs - from);
    if (next === undefined) next = startBefore(from, ticks);
    else if (entries.length === 0) {
      const resumed = resumeAt(next, from, isNext, packet);
      delayTicks -= resumed - next;
      next = resumed;
    }
    highest = Math.max(highest, sequence);
    if (sequence <= played || (ticks > 0 && to <= next)) return "late";
    held = 0;
    const after = entries.findLastIndex((other) => other.sequence < sequence);
    const sound = { codec, ticks, payload: packet.payload.slice() };
    entries.splice(after + 1, 0, { sequence, from, to, endsTalk, sound });
    if (from >= newest) hasStopped = endsTalk;
    newest = Math.max(newest, from);
    soundEnd = Math.max(soundEnd, to);
    if (newest - next > longestDepth) skipTo(startBefore(newest, ticks));
    else if (entries.length > mostPackets) skipTo(entries[entries.length - mostPackets]?.from ?? newest);
    return "stored";
  }

  function unwrap(timestamp: number): number {
    return next === undefined ? timestamp : newest + ((timestamp - newest) | 0);
  }

  /** The first packet after the buffer ran dry: where to go on. */
  function resumeAt(position: number, from: number, isNext: boolean, packet: BufferedPacket): number {
    // RFC 3551 §4.1: silence was suppressed before this packet; a talkspurt may begin with any delay we like.
    if (isNext && (from > soundEnd || (packet.marker && from === soundEnd))) {
      return startBefore(from, packet.ticks);
    }
    // What was held back stands for what got lost; where nothing was lost, the delay has grown by it.
    return isNext ? position : Math.max(position, Math.min(position + held, from));
  }

  function skipTo(position: number): void {
    if (next === undefined || position <= next) return;
    skipped += position - next;
    delayTicks -= position - next;
    // What was begun has been heard in part; what has no length holds no sound.
    const from = next;
    skippedPackets += entries.filter(
      (entry) => entry.from >= from && entry.to > entry.from && entry.to <= position,
    ).length;
    next = position;
    dropPlayed();
  }

  function dropPlayed(): void {
    while (entries[0] !== undefined && next !== undefined && entries[0].to <= next) {
      played = Math.max(played, entries[0].sequence);
      entries.shift();
    }
  }

  function pull(ticks: number, nowMs: number, wasQuiet = false): Run[] {
    pullTicks = ticks;
    if (next === undefined) return [{ kind: "silent", ticks }];
    adjust(nowMs, wasQuiet);
    const runs: Run[] = [];
    for (let rest = ticks; rest > 0; ) {
      const run = pullRun(rest, nowMs);
      rest -= run.ticks;
      const last = runs.at(-1);
      if (last?.kind === run.kind && run.kind !== "heard")
        runs[runs.length - 1] = { ...run, ticks: last.ticks + run.ticks };
      else runs.push(run);
    }
    return runs;
  }

  function pullRun(most: number, nowMs: number): Run {
    dropPlayed();
    const position = next ?? 0;
    const entry = entries[0];
    if (entry === undefined) return runDry(most, nowMs);
    const { from, sound } = entry;
    if (from > position) {
      const ticks = Math.min(most, from - position);
      next = position + ticks;
      const isLoss = entry.sequence > played + 1 && played !== Number.NEGATIVE_INFINITY;
      if (!isLoss) return { kind: "silent", ticks };
      return next === from && sound.ticks > 0 ? { kind: "lost", ticks, next: sound } : { kind: "lost", ticks };
    }
    const offset = position - from;
    const ticks = Math.min(most, sound.ticks - offset);
    next = position + ticks;
    dropPlayed();
    return { kind: "heard", ticks, sound, offset };
  }

  /** Nothing is there. Hold the stream for what may only be late, up to the longest delay; then let time pass. */
  function runDry(ticks: number, nowMs: number): Run {
    if (next === undefined) return { kind: "silent", ticks };
    const isSilence = newest >= soundEnd || hasStopped; // the newest packet carried no sound, or said that none follows
    const delayNow = delay.earliest === undefined ? 0 : nowMs * ticksPerMs - next - delay.earliest;
    if (!isSilence && delayNow + ticks <= longestTarget) {
      held += ticks;
      delayTicks += ticks;
    } else next += ticks;
    return { kind: isSilence ? "silent" : "lost", ticks };
  }

  /** Brings the delay nearer to its target by one packet, where nobody notices; far off it, at intervals, anyhow. */
  function adjust(nowMs: number, wasQuiet: boolean): void {
    const entry = entries[0];
    if (entry === undefined || next === undefined || delay.earliest === undefined || entries.length < 2) return;
    const length = entry.to - entry.from;
    const surplus = nowMs * ticksPerMs - next - delay.earliest - needed(length);
    if (length === 0 || entry.from !== next || surplus < length) return;
    const mustHurry = surplus > forcedSurplusMs * ticksPerMs && nowMs - lastForcedMs >= forcedIntervalMs;
    if (!mustHurry && !isQuiet(entry, wasQuiet)) return;
    if (mustHurry) lastForcedMs = nowMs;
    skipTo(entry.to);
  }

  return {
    insert,
    pull,
    reset,
    get depthTicks() {
      const last = entries.at(-1);
      return last === undefined || next === undefined ? 0 : Math.max(0, last.to - next);
    },
    get targetTicks() {
      return delay.target;
    },
    get skippedTicks() {
      return skipped;
    },
    get skippedPackets() {
      return skippedPackets;
    },
    get delayTicks() {
      return delayTicks;
    },
  };
}

function isQuiet({ sound: { codec, payload } }: Entry, wasQuiet: boolean): boolean {
  if (codec === "G722" || codec === "opus") return wasQuiet;
  return payload.every((byte) => Math.abs(decodeByte(codec, byte)) < quietPeak);
}
