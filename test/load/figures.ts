/** From captured datagrams to the figures of a load: how late, how many lost, and whether it was sound. */
import { parseRtp } from "../../src/media/rtp.ts";
import { createSrtpReceiver } from "../../src/media/srtp.ts";
import { isLoud } from "../caller/loudness.ts";
import { type Arrival, ascending, quantile, streamFigures } from "./lateness.ts";
import type { CapturedDatagram } from "./pcap.ts";
import { type LoadCodec, soundOf } from "./sounds.ts";

/** One call: our port, theirs, and the key of what they send. */
export type Stream = { port: number; remotePort: number; receiveKey: Uint8Array | undefined };

export type LoadFigures = {
  packets: number;
  lateP50Ms: number;
  lateP90Ms: number;
  lateP99Ms: number;
  lateMaxMs: number;
  lostPercent: number;
  /** Share of the packets with what the telephone had sent in them, in the call that had fewest. */
  loudWorstCall: number;
  /** Of the telephones' own packets: what this machine does to whoever must be in time. */
  telephonesLateP99Ms: number;
};

/** Jitter buffers fill, the pace is found. */
const settlingMs = 1000;

export function figuresOf(
  datagrams: readonly CapturedDatagram[],
  streams: readonly Stream[],
  codec: LoadCodec,
): LoadFigures {
  const { ticks } = soundOf(codec);
  const ours: CapturedDatagram[][] = [];
  const theirs: CapturedDatagram[][] = [];
  const index = new Map(streams.map(({ port }, i) => [port, i]));
  for (const datagram of datagrams) {
    const to = index.get(datagram.toPort);
    const from = index.get(datagram.fromPort);
    if (to !== undefined && datagram.fromPort === streams[to]?.remotePort) push(theirs, to, datagram);
    if (from !== undefined && datagram.toPort === streams[from]?.remotePort) push(ours, from, datagram);
  }
  const fromMs = Math.min(...datagrams.map(({ atMs }) => atMs)) + settlingMs;
  const sent = streams.map((_, i) => streamFigures(arrivals(ours[i] ?? []), ticks / 20, fromMs));
  const came = streams.map((_, i) => streamFigures(arrivals(theirs[i] ?? []), ticks / 20, fromMs));
  const late = ascending(came.flatMap(({ lateMs }) => lateMs));
  const packets = sum(came.map((stream) => stream.packets));
  const lost = sum(came.map((stream) => stream.lost));
  return {
    packets,
    lateP50Ms: round(quantile(late, 0.5)),
    lateP90Ms: round(quantile(late, 0.9)),
    lateP99Ms: round(quantile(late, 0.99)),
    lateMaxMs: round(quantile(late, 1)),
    lostPercent: round((100 * lost) / (packets + lost)),
    loudWorstCall: round(
      Math.min(...streams.map((stream, i) => loudShare(theirs[i] ?? [], ours[i] ?? [], stream, codec))),
    ),
    telephonesLateP99Ms: round(quantile(ascending(sent.flatMap(({ lateMs }) => lateMs)), 0.99)),
  };
}

function push(lists: CapturedDatagram[][], at: number, datagram: CapturedDatagram): void {
  const list = lists[at] ?? [];
  list.push(datagram);
  lists[at] = list;
}

/** The header of SRTP is in clear. */
function arrivals(datagrams: readonly CapturedDatagram[]): Arrival[] {
  return datagrams.flatMap(({ atMs, payload }) => {
    const packet = parseRtp(payload);
    return packet === undefined ? [] : [{ atMs, sequence: packet.sequence, timestamp: packet.timestamp }];
  });
}

/**
 * Of what came back while the telephone was sending; every packet is opened, in order.
 * @throws Error if a packet of theirs is no authentic SRTP.
 */
function loudShare(
  came: readonly CapturedDatagram[],
  sent: readonly CapturedDatagram[],
  { receiveKey }: Stream,
  codec: LoadCodec,
): number {
  const decode = soundOf(codec).decoder();
  const receiver = receiveKey && createSrtpReceiver("AES_CM_128_HMAC_SHA1_80", receiveKey);
  const fromMs = (sent[0]?.atMs ?? 0) + settlingMs;
  const untilMs = sent.at(-1)?.atMs ?? 0;
  let [loud, all] = [0, 0];
  for (const { payload, atMs } of came) {
    const opened = receiver?.rtp(payload) ?? { clear: payload };
    if ("dropped" in opened) throw new Error(`a packet of the appliance was ${opened.dropped}`);
    const packet = parseRtp(opened.clear);
    const isHeard = packet !== undefined && isLoud(decode(packet.payload));
    if (atMs < fromMs || atMs > untilMs) continue;
    all++;
    if (isHeard) loud++;
  }
  return all === 0 ? 0 : loud / all;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const round = (value: number) => Number(value.toFixed(3));
