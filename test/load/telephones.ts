/**
 * The telephones of a load, in a process of their own that is started by main.ts: places the calls, sends sound into
 * each every 20 ms, counts what comes back, hangs up. What it measures itself (how late its own timer fires, how long a
 * set-up took) tells whether it was the slower side; the figures of the load come from the capture.
 */

import { rtpHeaderBytes, writeRtp } from "../../src/media/rtp.ts";
import { readCrypto, writeCrypto } from "../../src/media/sdes.ts";
import { createSrtpSender } from "../../src/media/srtp.ts";
import { masterBytes } from "../../src/media/srtp-suites.ts";
import { sleepLastFraction } from "../../src/media/worker/last-fraction.ts";
import { preferThisThread } from "../../src/media/worker/thread-priority.ts";
import { createDialler, type Dialler, type Placed } from "./dialler.ts";
import { ascending, quantile } from "./lateness.ts";
import { type LoadCodec, soundOf } from "./sounds.ts";

export type Orders = {
  target: { host: string; port: number };
  host: string;
  calls: number;
  codec: LoadCodec;
  srtp: boolean;
  seconds: number;
};

/** In this order. Keys are those of this one run. */
export type News =
  | { kind: "sockets"; ports: number[] }
  | { kind: "talking"; streams: { port: number; remotePort: number; receiveKey: Uint8Array | undefined }[] }
  | { kind: "done"; figures: TelephoneFigures };

export type TelephoneFigures = {
  sent: number;
  received: number;
  failed: string[];
  setupMs: number[];
  resent: number;
  ownTimerP99Ms: number;
};

const frameMs = 20;
const callsPerSecond = 50;
const suite = "AES_CM_128_HMAC_SHA1_80";

type Telephone = {
  port: number;
  send(packet: Uint8Array, port: number): void;
  received(): number;
  close(): void;
};

const tell = (news: News) => process.send?.(news);

async function run(orders: Orders): Promise<void> {
  preferThisThread(); // a wish: where it is not granted, ownTimerP99Ms says what it cost
  const telephones = await Promise.all(Array.from({ length: orders.calls }, () => openTelephone(orders)));
  const dialler = await createDialler(orders.host, orders.target);
  const go = Promise.withResolvers<void>();
  process.once("message", () => go.resolve());
  tell({ kind: "sockets", ports: telephones.map(({ port }) => port) });
  await go.promise;
  const failed: string[] = [];
  const placed = await placeAll(orders, telephones, dialler, failed);
  tell({
    kind: "talking",
    streams: placed.map(({ telephone, remotePort, receiveKey }) => ({ port: telephone.port, remotePort, receiveKey })),
  });
  const { sent, lateMs } = await talk(orders, placed);
  await Promise.all(
    placed.map(({ call }) => call.hangUp().catch((error: unknown) => failed.push(`hang-up: ${String(error)}`))),
  );
  tell({
    kind: "done",
    figures: {
      sent,
      received: telephones.reduce((sum, { received }) => sum + received(), 0),
      failed,
      setupMs: placed.map(({ call }) => call.setupMs),
      resent: dialler.resent,
      ownTimerP99Ms: quantile(ascending(lateMs), 0.99),
    },
  });
}

async function openTelephone({ host, target }: Orders): Promise<Telephone> {
  let received = 0;
  const socket = await Bun.udpSocket({
    hostname: host,
    socket: { data: () => void received++, error: () => undefined },
  });
  return {
    port: socket.port,
    send: (packet, port) => void socket.send(packet, port, target.host),
    received: () => received,
    close: () => socket.close(),
  };
}

type Talking = {
  telephone: Telephone;
  call: Placed;
  remotePort: number;
  sendKey: Uint8Array | undefined;
  receiveKey: Uint8Array | undefined;
};

async function placeAll(
  { host, srtp, codec, calls }: Orders,
  telephones: readonly Telephone[],
  dialler: Dialler,
  failed: string[],
): Promise<Talking[]> {
  const { payloadType, rtpmap } = soundOf(codec);
  const startMs = performance.now();
  const placing = telephones.map(async (telephone, i): Promise<Talking | undefined> => {
    await Bun.sleep(Math.max(0, startMs + (1000 * i) / callsPerSecond - performance.now()));
    const sendKey = srtp ? crypto.getRandomValues(new Uint8Array(masterBytes(suite))) : undefined;
    const offer = [
      ...["v=0", `o=load ${i + 1} 1 IN IP4 ${host}`, "s=-", `c=IN IP4 ${host}`, "t=0 0"],
      `m=audio ${telephone.port} ${srtp ? "RTP/SAVP" : "RTP/AVP"} ${payloadType}`,
      ...(sendKey === undefined ? [] : [writeCrypto({ tag: 1, suite, key: sendKey })]),
      ...[`a=rtpmap:${payloadType} ${rtpmap}`, "a=ptime:20", "a=sendrecv", ""],
    ].join("\r\n");
    try {
      const call = await dialler.place("echo", offer);
      const remotePort = Number(/^m=audio (\d+)/m.exec(call.sdp)?.[1]);
      const receiveKey = readCrypto(/^a=crypto:(.*)$/m.exec(call.sdp)?.[1] ?? "")?.key;
      if (srtp && receiveKey === undefined) throw new Error("answered without a key");
      return { telephone, call, remotePort, sendKey, receiveKey };
    } catch (error) {
      failed.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  });
  const placed = (await Promise.all(placing)).filter((one) => one !== undefined);
  if (failed.length === calls) throw new Error(`no call was answered: ${failed[0]}`);
  return placed;
}

/** One timer of a millisecond for all; the calls are spread over the 20 ms of a frame. */
function talk({ codec, seconds }: Orders, placed: readonly Talking[]): Promise<{ sent: number; lateMs: number[] }> {
  const { payloadType, payloads, ticks } = soundOf(codec);
  const longest = Math.max(...payloads.map(({ length }) => length));
  const startMs = performance.now() + 5;
  const streams = placed.map(({ telephone, remotePort, sendKey }, i) => {
    const ssrc = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    const buffer = new Uint8Array(rtpHeaderBytes + longest);
    const sender = sendKey && createSrtpSender(suite, sendKey);
    let frame = 0;
    return {
      dueMs: startMs + Math.floor((frameMs * i) / placed.length),
      send() {
        const payload = payloads[frame % payloads.length] ?? new Uint8Array(0);
        const fields = { marker: frame === 0, payloadType, sequence: frame & 0xffff, timestamp: frame * ticks, ssrc };
        const packet = writeRtp({ ...fields, payload }, buffer);
        telephone.send(sender === undefined ? packet : sender.rtp(packet), remotePort);
        frame++;
      },
    };
  });
  const lateMs: number[] = [];
  let sent = 0;
  const { promise, resolve } = Promise.withResolvers<{ sent: number; lateMs: number[] }>();
  const tick = () => {
    const nextMs = Math.min(...streams.map(({ dueMs }) => dueMs));
    if (nextMs >= startMs + 1000 * seconds) return resolve({ sent, lateMs });
    sleepLastFraction(nextMs);
    const nowMs = performance.now();
    for (const stream of streams) {
      if (stream.dueMs > nowMs + 0.05) continue;
      lateMs.push(nowMs - stream.dueMs);
      stream.send();
      sent++;
      stream.dueMs += frameMs;
    }
    const restMs = Math.min(...streams.map(({ dueMs }) => dueMs)) - performance.now();
    if (restMs < 1) setImmediate(tick);
    else setTimeout(tick, Math.floor(restMs));
  };
  tick();
  return promise;
}

if (import.meta.main) {
  await run(JSON.parse(process.argv[2] ?? "") as Orders);
  process.exit(0);
}
