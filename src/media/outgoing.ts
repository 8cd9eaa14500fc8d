/** Our direction of one call: one packet each packet time, and RTCP about both directions. Clock passed in. */
import type { Reception } from "./incoming.ts";
import type { MediaStats } from "./messages.ts";
import { buildReport, middleOf, ntpTime, type ReportBlock, type RtcpPacket } from "./rtcp.ts";
import { rtpHeaderBytes, writeRtp } from "./rtp.ts";

export type Outgoing = {
  /** From now on time is counted by this clock: another stream, so that nobody takes its timestamps for those before. */
  setClock(clockHz: number): void;
  /** The next packet, of so many ticks; valid until the next call. */
  packet(payload: Uint8Array, payloadType: number, ticks: number): Uint8Array;
  /**
   * The next packet where a key is pressed instead of sound (RFC 4733 §2.5.1.2): all of one event bear the timestamp of
   * its first, while time goes on.
   */
  event(event: { payload: Uint8Array; isFirst: boolean }, payloadType: number, ticks: number): Uint8Array;
  /** Time passes without a packet; the next one begins a talkspurt. */
  skip(ticks: number): void;
  /** Takes note of the peer's sender reports, for the delays that our reports quote, and of how we arrive there. */
  heard(packets: readonly RtcpPacket[], times: { nowMs: number; unixMs: number }): void;
  /** A report if one is due: an SR where we have sent since the last, otherwise an RR. */
  report(times: { nowMs: number; unixMs: number }, reception: Reception | undefined): Uint8Array | undefined;
  /** The last report, with BYE. */
  farewell(times: { nowMs: number; unixMs: number }, reception: Reception | undefined): Uint8Array;
  readonly sent: number;
  /** As the peer last reported it. */
  readonly atPeer: MediaStats["atPeer"];
};

/** RFC 3550 §6.2: 5 s at the least; each one at a random half to one and a half of it (§6.3.1), the first half as soon. */
const reportIntervalMs = 5000;

/** @param random 0…1. RFC 3550 §5.1: first sequence, timestamp and SSRC are random. */
export function createOutgoing(random: () => number, nowMs: number): Outgoing {
  let ssrc = Math.floor(random() * 2 ** 32);
  let clockHz = 8000;
  const cname = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 24).toString(36)).join("");
  let firstTimestamp = Math.floor(random() * 2 ** 32);
  let buffer = new Uint8Array(rtpHeaderBytes + 480);
  let sequence = Math.floor(random() * 2 ** 16);
  let ticks = 0;
  let eventTimestamp = 0;
  let isTalkspurt = true;
  let sent = 0;
  /** Of this stream. */
  let packets = 0;
  let octets = 0;
  let reportedPackets = 0;
  let nextReportMs = nowMs + reportIntervalMs * (0.25 + 0.5 * random());
  let before = { expected: 0, received: 0, ssrc: 0 };
  let atPeer: MediaStats["atPeer"];
  let senderReport: { middle: number; heardMs: number } | undefined;

  function block(reception: Reception, now: number): ReportBlock {
    const known = before.ssrc === reception.ssrc ? before : { expected: 0, received: 0 };
    const expected = reception.expected - known.expected;
    const lost = expected - (reception.received - known.received);
    before = reception;
    return {
      ssrc: reception.ssrc,
      fractionLost: expected <= 0 || lost <= 0 ? 0 : Math.min(255, Math.floor((256 * lost) / expected)),
      cumulativeLost: reception.expected - reception.received,
      highestSequence: reception.highestSequence,
      jitter: reception.jitter,
      lastSenderReport: senderReport?.middle ?? 0,
      delaySinceLast: senderReport === undefined ? 0 : Math.round(((now - senderReport.heardMs) * 65_536) / 1000),
    };
  }

  function build(
    { nowMs: now, unixMs }: { nowMs: number; unixMs: number },
    reception: Reception | undefined,
    leaving: boolean,
  ): Uint8Array {
    const timestamp = (firstTimestamp + ticks) >>> 0;
    const info = packets > reportedPackets ? { ...ntpTime(unixMs), timestamp, packets, octets } : undefined;
    reportedPackets = packets;
    return buildReport({ ssrc, cname, info, block: reception && block(reception, now), leaving });
  }

  function write(marker: boolean, payloadType: number, timestamp: number, payload: Uint8Array): Uint8Array {
    if (buffer.length < rtpHeaderBytes + payload.length) buffer = new Uint8Array(rtpHeaderBytes + payload.length);
    const packet = writeRtp({ marker, payloadType, sequence, timestamp, ssrc, payload }, buffer);
    sequence = (sequence + 1) & 0xffff;
    sent++;
    packets++;
    octets += payload.length;
    return packet;
  }

  return {
    /** RFC 7160 §4.1: another clock rate, another SSRC. */
    setClock(hz) {
      if (hz === clockHz) return;
      clockHz = hz;
      ssrc = Math.floor(random() * 2 ** 32);
      firstTimestamp = Math.floor(random() * 2 ** 32);
      [ticks, packets, octets, reportedPackets] = [0, 0, 0, 0];
      isTalkspurt = true;
    },
    packet(payload, payloadType, packetTicks) {
      const packet = write(isTalkspurt, payloadType, firstTimestamp + ticks, payload);
      ticks += packetTicks;
      isTalkspurt = false;
      return packet;
    },
    event({ payload, isFirst }, payloadType, passed) {
      if (isFirst) eventTimestamp = firstTimestamp + ticks;
      ticks += passed;
      return write(isFirst, payloadType, eventTimestamp, payload);
    },
    skip(skipped) {
      ticks += skipped;
      isTalkspurt = true;
    },
    heard(packets, times) {
      for (const packet of packets) {
        if (packet.kind === "sender-report") senderReport = { middle: middleOf(packet.info), heardMs: times.nowMs };
        if (packet.kind !== "sender-report" && packet.kind !== "receiver-report") continue;
        const ours = packet.blocks.find((one) => one.ssrc === ssrc);
        if (ours !== undefined) atPeer = { ...atPeer, ...reported(ours, clockHz / 1000, times.unixMs) };
      }
    },
    report(times, reception) {
      if (times.nowMs < nextReportMs) return undefined;
      nextReportMs = times.nowMs + reportIntervalMs * (0.5 + random());
      return build(times, reception, false);
    },
    farewell: (times, reception) => build(times, reception, true),
    get sent() {
      return sent;
    },
    get atPeer() {
      return atPeer;
    },
  };
}

/** Longer than that is a clock set anew, or a peer that makes its figures up. */
const longestRoundTripMs = 10_000;

/** RFC 3550 §6.4.1: the round trip is what has passed since our report that is quoted, less the time it lay there. */
function reported(block: ReportBlock, ticksPerMs: number, unixMs: number): NonNullable<MediaStats["atPeer"]> {
  const figures = { lost: block.cumulativeLost, jitterMs: block.jitter / ticksPerMs };
  if (block.lastSenderReport === 0) return figures;
  const passed = (middleOf(ntpTime(unixMs)) - block.lastSenderReport - block.delaySinceLast) | 0;
  const roundTripMs = (passed * 1000) / 65_536;
  // A little below zero is the rounding of both sides' clocks.
  if (roundTripMs < -5 || roundTripMs > longestRoundTripMs) return figures;
  return { ...figures, roundTripMs: Math.max(0, roundTripMs) };
}
