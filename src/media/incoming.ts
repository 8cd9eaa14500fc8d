/**
 * The caller's direction of one call, from datagrams to an even stream of packets' sound. Rejects what is not the
 * caller's, judges sequence and source, feeds the jitter buffer and the key presses. Clock passed in.
 */
import { codecs } from "./codecs.ts";
import { type Digit, type DtmfState, noDtmf, stepDtmf } from "./dtmf.ts";
import { createJitterBuffer, type Run } from "./jitter-buffer.ts";
import type { CodecName, NegotiatedMedia } from "./messages.ts";
import { opusPacketTicks } from "./opus-packet.ts";
import { parseRtp, type RtpPacket } from "./rtp.ts";
import { type JitterState, judgeSequence, type SequenceState, stepJitter } from "./sequence.ts";
import { expectSource, isKnownHost, judgeSource, type LatchState, type Source } from "./source-latch.ts";

/** RFC 3389 §4; tolerated without having been agreed, as many gateways send it. */
const comfortNoisePayloadType = 13;
/** Between two changes of the SSRC by the same source; more often is a fault or an attack. */
const ssrcIntervalMs = 500;
/** An Opus packet of so few bytes is the last before its sender falls silent (RFC 7587 §3.1.3), or a reminder of it. */
const longestPauseBytes = 2;

/** What a datagram came to: used, or dropped and why. */
export type Received = { dropped: string } | { latched: boolean; digits: Digit[] };

/** `skipped`: came in time and were left out, to lower the delay. */
export type ReceptionCounts = { received: number; lost: number; late: number; duplicated: number; skipped: number };

/** For the report block that describes this direction to the peer (RFC 3550 §6.4.1). */
export type Reception = { ssrc: number; expected: number; received: number; highestSequence: number; jitter: number };

export type Incoming = {
  /** A session takes effect; the source is latched anew if its address changed. */
  expect(media: NegotiatedMedia, nowMs: number): void;
  rtp(datagram: Uint8Array, source: Source, nowMs: number): Received;
  /** Whether RTCP from there is to be believed. */
  isKnownHost(address: string): boolean;
  /** The next so many ticks of the codec's clock. @param wasQuiet what was pulled last, once decoded. */
  pull(ticks: number, nowMs: number, wasQuiet: boolean): Run[];
  /** Key presses that have ended because nothing more came of them. */
  lapse(nowMs: number): Digit[];
  /** Where to send RTP: back to the latched source (RFC 4961), before that to the SDP's. */
  readonly target: Source | undefined;
  readonly latched: Source | undefined;
  readonly counts: ReceptionCounts;
  readonly reception: Reception | undefined;
  readonly jitterMs: number;
  /** Of the jitter buffer, since the codec's clock was set. */
  readonly delayTicks: number;
};

type Kind = CodecName | "telephone-event" | "comfort-noise";

type Stream = {
  ssrc: number;
  sinceMs: number;
  sequence: SequenceState | undefined;
  jitter: JitterState;
  received: number;
};

export function createIncoming(): Incoming {
  let ticksPerMs = 8;
  let buffer = createJitterBuffer(ticksPerMs);
  const payloadTypes = new Map<number, CodecName | "telephone-event">();
  let eventTicksPerMs = 8;
  const counts = { received: 0, lost: 0, late: 0, duplicated: 0, skipped: 0 };
  let codec: CodecName = "PCMA";
  let latch: LatchState | undefined;
  let stream: Stream | undefined;
  let dtmf: DtmfState = noDtmf;

  function expect(media: NegotiatedMedia, nowMs: number): void {
    codec = media.codec;
    if (codecs[codec].clockHz !== 1000 * ticksPerMs) setClock(codecs[codec].clockHz / 1000);
    latch = expectSource(latch, media.remote, nowMs);
    // Numbers of the session before remain good for what is still on its way.
    payloadTypes.set(media.sendPayloadType, media.codec).set(media.receivePayloadType, media.codec);
    if (media.dtmfPayloadType !== undefined) payloadTypes.set(media.dtmfPayloadType, "telephone-event");
    eventTicksPerMs = (media.dtmfClockHz ?? 8000) / 1000;
  }

  /** Timestamps of the one clock mean nothing on the other: the stream begins anew, whether its SSRC changes or not. */
  function setClock(perMs: number): void {
    closeStream();
    counts.skipped += buffer.skippedPackets;
    ticksPerMs = perMs;
    buffer = createJitterBuffer(perMs);
  }

  /** Whether its timestamps are of the clock that the call runs on now. */
  const isOnClock = (kind: Kind): boolean => kind === "telephone-event" || clockOf(kind) === 1000 * ticksPerMs;

  function ticksOf(kind: Kind, payload: Uint8Array): number | undefined {
    if (kind === "telephone-event" || kind === "comfort-noise") return 0;
    return kind === "opus" ? opusPacketTicks(payload) : payload.length;
  }

  function rtp(datagram: Uint8Array, source: Source, nowMs: number): Received {
    const packet = parseRtp(datagram);
    if (packet === undefined) return { dropped: "malformed" };
    const kind =
      packet.payloadType === comfortNoisePayloadType ? "comfort-noise" : payloadTypes.get(packet.payloadType);
    if (latch === undefined || kind === undefined) return { dropped: "payload-type" };
    // Under way since before a change of codec: nothing of it can be placed any more.
    if (!isOnClock(kind)) return { dropped: "codec-before" };
    const ticks = ticksOf(kind, packet.payload);
    if (ticks === undefined) return { dropped: "malformed" };
    // RFC 4733 §2.3: an event is four octets.
    if (kind === "telephone-event" && packet.payload.length < 4) return { dropped: "malformed" };
    const judged = judgeSource(latch, source, packet, nowMs);
    latch = judged.state;
    if (judged.verdict === "drop") return { dropped: "source" };
    const isLatched = judged.verdict === "latch";
    const current = follow(packet, isLatched, nowMs);
    if (current === undefined) return { dropped: "ssrc" };
    const sequence = judge(current, packet);
    if (sequence === undefined) return { dropped: "sequence" };
    const digits = take(packet, { kind, ticks, sequence }, current, nowMs);
    return { latched: isLatched, digits };
  }

  /** RFC 3550 §8.2: another SSRC is another stream, although Asterisk changes it in mid-call without a word. */
  function follow(packet: RtpPacket, isLatched: boolean, nowMs: number): Stream | undefined {
    if (stream?.ssrc === packet.ssrc) return stream;
    if (stream !== undefined && !isLatched && nowMs - stream.sinceMs < ssrcIntervalMs) return undefined;
    closeStream();
    stream = {
      ssrc: packet.ssrc,
      sinceMs: nowMs,
      sequence: undefined,
      jitter: { transit: undefined, jitter: 0 },
      received: 0,
    };
    return stream;
  }

  function closeStream(): void {
    if (stream !== undefined) counts.lost += lostOf(stream);
    stream = undefined;
    dtmf = noDtmf;
    buffer.reset();
  }

  function judge(current: Stream, packet: RtpPacket): number | undefined {
    const judged = judgeSequence(current.sequence, packet.sequence);
    if (judged.restarted) {
      counts.lost += lostOf(current);
      current.received = 0;
      buffer.reset();
    }
    current.sequence = judged.state;
    return judged.sequence;
  }

  function take(
    packet: RtpPacket,
    { kind, ticks, sequence }: { kind: Kind; ticks: number; sequence: number },
    current: Stream,
    nowMs: number,
  ): Digit[] {
    const isSound = kind !== "telephone-event" && kind !== "comfort-noise";
    const isOfOtherClock = kind === "telephone-event" && eventTicksPerMs !== ticksPerMs;
    const stored = buffer.insert(
      {
        sequence,
        timestamp: isOfOtherClock ? undefined : packet.timestamp,
        marker: packet.marker,
        codec: isSound ? kind : codec,
        payload: isSound ? packet.payload : new Uint8Array(0),
        ticks,
        endsTalk: kind === "opus" && packet.payload.length <= longestPauseBytes,
      },
      nowMs,
    );
    if (stored === "duplicate") {
      counts.duplicated++;
      return [];
    }
    counts.received++;
    current.received++;
    if (stored === "late") counts.late++;
    // The timestamp of an event is that of its start, however late the packet: no measure of jitter.
    if (isSound) current.jitter = stepJitter(current.jitter, packet.timestamp, nowMs * ticksPerMs);
    if (kind !== "telephone-event") return [];
    return press({
      kind: "packet",
      payload: packet.payload,
      timestamp: packet.timestamp,
      ticksPerMs: eventTicksPerMs,
      nowMs,
    });
  }

  function press(input: Parameters<typeof stepDtmf>[1]): Digit[] {
    const stepped = stepDtmf(dtmf, input);
    dtmf = stepped.state;
    return stepped.digits;
  }

  return {
    expect,
    rtp,
    isKnownHost: (address) => latch !== undefined && isKnownHost(latch, address),
    pull: (ticks, nowMs, wasQuiet) => buffer.pull(ticks, nowMs, wasQuiet),
    lapse: (nowMs) => (dtmf.press === undefined ? [] : press({ kind: "time", nowMs })),
    get target() {
      return latch?.latched ?? latch?.expected;
    },
    get latched() {
      return latch?.latched;
    },
    get counts() {
      const lost = counts.lost + (stream === undefined ? 0 : lostOf(stream));
      return { ...counts, lost, skipped: counts.skipped + buffer.skippedPackets };
    },
    get reception() {
      if (stream?.sequence === undefined) return undefined;
      const { first, highest } = stream.sequence;
      const expected = highest - first + 1;
      return {
        ssrc: stream.ssrc,
        expected,
        received: stream.received,
        highestSequence: highest,
        jitter: stream.jitter.jitter,
      };
    },
    get delayTicks() {
      return buffer.delayTicks;
    },
    get jitterMs() {
      return (stream?.jitter.jitter ?? 0) / ticksPerMs;
    },
  };
}

/** RFC 3389 §4: comfort noise of the static number is counted at 8000 Hz. */
function clockOf(kind: CodecName | "comfort-noise"): number {
  return kind === "comfort-noise" ? 8000 : codecs[kind].clockHz;
}

/** RFC 3550 A.3, never below 0: a packet from before the first one that we saw is no gain. */
function lostOf({ sequence, received }: Stream): number {
  return sequence === undefined ? 0 : Math.max(0, sequence.highest - sequence.first + 1 - received);
}
