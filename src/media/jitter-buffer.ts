/**
 * From packets as they come to an even stream of samples. Works on the sender's timestamps and not on packets, so that
 * any packet time, ours another than the peer's, and silence suppression all fit. Timestamps are unwrapped; counted in
 * samples of 8000 Hz. It needs no clock of its own: `nowMs` comes with each call.
 *
 * The delay grows when it must (nothing is there: the stream is held, not skipped) and between talkspurts; it shrinks
 * in quiet frames only, unless it is past its bound. One closure over the stream's state, hence its length.
 */
import { decodeByte, silenceByte, transcode } from "./g711.ts";
import type { CodecName } from "./messages.ts";
import { createPlayoutDelay } from "./playout-delay.ts";

export type BufferedPacket = {
  /** Unwrapped (sequence.ts). */
  sequence: number;
  /** As on the wire, modulo 2^32. */
  timestamp: number;
  marker: boolean;
  codec: CodecName;
  /** Empty for packets that carry no sound but a number of the sequence: comfort noise, telephone events. */
  payload: Uint8Array;
};

export type Stored = "stored" | "duplicate" | "late";

/** A stretch of what was pulled. `lost`: to be concealed; `silent`: the peer sent nothing on purpose. */
export type Run = { kind: "heard" | "lost" | "silent"; samples: number };

export type JitterBuffer = {
  /** @param packet its payload is copied. */
  insert(packet: BufferedPacket, nowMs: number): Stored;
  /**
   * Fills `into` with the next samples, in `codec`; what is not `heard` is no sound (silence, where a byte can say so).
   * @param wasQuiet what was pulled last, once decoded: for codecs whose bytes do not tell how loud they are.
   */
  pull(into: Uint8Array, codec: CodecName, nowMs: number, wasQuiet?: boolean): Run[];
  /** Forgets the stream: another source, or another life of this one. */
  reset(): void;
  /** Samples in hand that have not been played. */
  readonly depthSamples: number;
  readonly targetSamples: number;
  /** Dropped to keep the delay within bounds or to lower it, samples. */
  readonly skippedSamples: number;
};

type Entry = { sequence: number; from: number; to: number; codec: CodecName; bytes: Uint8Array };

const samplesPerMs = 8;
const longestTarget = 200 * samplesPerMs;
/** More than this in hand is a burst after a stall: it is cut back to the target at once. */
const longestDepth = 400 * samplesPerMs;
const mostPackets = 64;
/** For telling a duplicate from a packet that came too late. */
const rememberedPackets = 256;
/** Contiguous packets whose timestamps leap further than this belong to a clock that was set anew. */
const leapSamples = 60_000 * samplesPerMs;
const backLeapSamples = 2000 * samplesPerMs;
/** So much too late that a skip is the lesser evil, even where there is no quiet, but not all at once. */
const forcedSurplus = 80 * samplesPerMs;
const forcedIntervalMs = 500;
/** −40 dBFS: nobody hears a packet of this missing. */
export const quietPeak = 328;

export function createJitterBuffer(): JitterBuffer {
  const delay = createPlayoutDelay(longestTarget);
  let entries: Entry[] = [];
  /** Timestamp of the next sample to play. */
  let next: number | undefined;
  /** Unwrapped timestamp and end of the newest sound, for unwrapping and for the gaps of silence suppression. */
  let newest = Number.NEGATIVE_INFINITY;
  let soundEnd = Number.NEGATIVE_INFINITY;
  /** Highest sequence that has been played or given up. */
  let played = Number.NEGATIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  /** Samples given out, since the buffer ran dry, without moving on. */
  let held = 0;
  let skipped = 0;
  let pullSamples = 160;
  let lastForcedMs = Number.NEGATIVE_INFINITY;
  const seen = new Array<number | undefined>(rememberedPackets);

  function reset(): void {
    entries = [];
    seen.fill(undefined);
    next = undefined;
    newest = Number.NEGATIVE_INFINITY;
    soundEnd = Number.NEGATIVE_INFINITY;
    played = Number.NEGATIVE_INFINITY;
    highest = Number.NEGATIVE_INFINITY;
    held = 0;
    delay.reset();
  }

  /** A pull longer than a packet needs the next one as well, which comes that much later. */
  function needed(packetSamples: number): number {
    return delay.target + Math.max(0, pullSamples - packetSamples);
  }

  /** Whole pulls before `from`: the packet is due with a pull's first sample, never in the middle of one. */
  function startBefore(from: number, packetSamples: number): number {
    return from - pullSamples * Math.ceil(needed(packetSamples) / pullSamples);
  }

  function insert(packet: BufferedPacket, nowMs: number): Stored {
    const { sequence, payload } = packet;
    if (seen[sequence % rememberedPackets] === sequence) return "duplicate";
    const isNext = sequence === highest + 1;
    let from = unwrap(packet.timestamp);
    if (isNext && (from - newest > leapSamples || newest - from > backLeapSamples)) {
      reset();
      from = packet.timestamp;
    }
    seen[sequence % rememberedPackets] = sequence;
    const to = from + payload.length;
    if (payload.length > 0) delay.arrived(nowMs * samplesPerMs - from);
    if (next === undefined) next = startBefore(from, payload.length);
    else if (entries.length === 0) next = resumeAt(next, from, isNext, packet);
    highest = Math.max(highest, sequence);
    if (sequence <= played || (payload.length > 0 && to <= next)) return "late";
    held = 0;
    const after = entries.findLastIndex((other) => other.sequence < sequence);
    entries.splice(after + 1, 0, { sequence, from, to, codec: packet.codec, bytes: payload.slice() });
    newest = Math.max(newest, from);
    soundEnd = Math.max(soundEnd, to);
    if (newest - next > longestDepth) skipTo(startBefore(newest, payload.length));
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
      return startBefore(from, packet.payload.length);
    }
    // What was held back stands for what got lost; where nothing was lost, the delay has grown by it.
    return isNext ? position : Math.max(position, Math.min(position + held, from));
  }

  function skipTo(position: number): void {
    if (next === undefined || position <= next) return;
    skipped += position - next;
    next = position;
    dropPlayed();
  }

  function dropPlayed(): void {
    while (entries[0] !== undefined && next !== undefined && entries[0].to <= next) {
      played = Math.max(played, entries[0].sequence);
      entries.shift();
    }
  }

  function pull(into: Uint8Array, codec: CodecName, nowMs: number, wasQuiet = false): Run[] {
    pullSamples = into.length;
    into.fill(codec === "G722" ? 0 : silenceByte[codec]);
    if (next === undefined) return [{ kind: "silent", samples: into.length }];
    adjust(nowMs, wasQuiet);
    const runs: Run[] = [];
    for (let at = 0; at < into.length; ) {
      const run = pullRun(into.subarray(at), codec, nowMs);
      at += run.samples;
      const last = runs.at(-1);
      if (last?.kind === run.kind) last.samples += run.samples;
      else runs.push(run);
    }
    return runs;
  }

  function pullRun(into: Uint8Array, codec: CodecName, nowMs: number): Run {
    dropPlayed();
    const position = next ?? 0;
    const entry = entries[0];
    if (entry === undefined) return runDry(into.length, nowMs);
    if (entry.from > position) {
      const samples = Math.min(into.length, entry.from - position);
      next = position + samples;
      const isLoss = entry.sequence > played + 1 && played !== Number.NEGATIVE_INFINITY;
      return { kind: isLoss ? "lost" : "silent", samples };
    }
    const offset = position - entry.from;
    const samples = Math.min(into.length, entry.bytes.length - offset);
    const isFit = copySound(entry, offset, into.subarray(0, samples), codec);
    next = position + samples;
    dropPlayed();
    return { kind: isFit ? "heard" : "lost", samples };
  }

  /** Nothing is there. Hold the stream for what may only be late, up to the longest delay; then let time pass. */
  function runDry(samples: number, nowMs: number): Run {
    if (next === undefined) return { kind: "silent", samples };
    const isSilence = newest >= soundEnd; // the newest packet carried no sound
    const delayNow = delay.earliest === undefined ? 0 : nowMs * samplesPerMs - next - delay.earliest;
    if (!isSilence && delayNow + samples <= longestTarget) held += samples;
    else next += samples;
    return { kind: isSilence ? "silent" : "lost", samples };
  }

  /** Brings the delay nearer to its target by one packet, where nobody notices; far off it, at intervals, anyhow. */
  function adjust(nowMs: number, wasQuiet: boolean): void {
    const entry = entries[0];
    if (entry === undefined || next === undefined || delay.earliest === undefined || entries.length < 2) return;
    const length = entry.to - entry.from;
    const surplus = nowMs * samplesPerMs - next - delay.earliest - needed(length);
    if (length === 0 || entry.from !== next || surplus < length) return;
    const mustHurry = surplus > forcedSurplus && nowMs - lastForcedMs >= forcedIntervalMs;
    if (!mustHurry && !isQuiet(entry, wasQuiet)) return;
    if (mustHurry) lastForcedMs = nowMs;
    skipTo(entry.to);
  }

  return {
    insert,
    pull,
    reset,
    get depthSamples() {
      const last = entries.at(-1);
      return last === undefined || next === undefined ? 0 : Math.max(0, last.to - next);
    },
    get targetSamples() {
      return delay.target;
    },
    get skippedSamples() {
      return skipped;
    },
  };
}

/** @returns false for what came before a change of codec to or from G.722: its bytes mean nothing out of their stream. */
function copySound({ codec, bytes }: Entry, offset: number, into: Uint8Array, wanted: CodecName): boolean {
  const part = bytes.subarray(offset, offset + into.length);
  if (codec === wanted) into.set(part);
  else if (codec === "G722" || wanted === "G722") return false;
  else into.set(transcode(codec, wanted, part));
  return true;
}

function isQuiet({ codec, bytes }: Entry, wasQuiet: boolean): boolean {
  if (codec === "G722") return wasQuiet;
  return bytes.every((byte) => Math.abs(decodeByte(codec, byte)) < quietPeak);
}
