/** The sound of one telephone in A-law: what it says on an absolute clock, and all that it has heard, with its time. */
import { randomBytes } from "node:crypto";
import { decode, encode } from "../../src/media/g711.ts";

export type HeardFrame = { atMs: number; samples: Int16Array };

const frameSamples = 160;
const frameMs = 20;
const keyPayloadType = 101;
const keyEvents = "0123456789*#ABCD";

export async function openSound(host = "127.0.0.1") {
  const heard: HeardFrame[] = [];
  const keys: string[] = [];
  const queue: (Int16Array | { event: number; n: number })[] = [];
  const keyTimes = new Set<number>();
  const header = Buffer.alloc(12);
  randomBytes(4).copy(header, 8);
  let sequence = randomBytes(2).readUInt16BE();
  let timestamp = randomBytes(4).readUInt32BE();
  let pressedAt = 0;
  let toneHz: number | undefined;
  let toneAt = 0;
  let remote: { address: string; port: number } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOpen = true;

  const socket = await Bun.udpSocket({
    hostname: host,
    socket: { data: (_, datagram) => receive(Buffer.from(datagram)), error: () => undefined },
  });

  function receive(packet: Buffer): void {
    if (packet.length < 12) return;
    const payloadType = (packet[1] ?? 0) % 128;
    if (payloadType === keyPayloadType) {
      const at = packet.readUInt32BE(4);
      if (!keyTimes.has(at)) keys.push(keyEvents[packet[12] ?? 0] ?? "?");
      keyTimes.add(at);
    }
    if (payloadType !== 8) return;
    const samples = new Int16Array(packet.length - 12);
    decode("PCMA", packet.subarray(12), samples);
    heard.push({ atMs: performance.now(), samples });
  }

  function begin(): void {
    let due = performance.now();
    const tick = () => {
      for (; due <= performance.now() && isOpen; due += frameMs) sendNext();
      if (isOpen) timer = setTimeout(tick, Math.max(0, due - performance.now()));
    };
    tick();
  }

  function sendNext(): void {
    const next = queue.shift() ?? toneFrame();
    if (next instanceof Int16Array) transmit(8, timestamp, encode("PCMA", next));
    else {
      if (next.n === 1) pressedAt = timestamp;
      const samples = next.n * frameSamples;
      const isEnd = next.n === 8;
      for (let copy = 0; copy < (isEnd ? 3 : 1); copy++)
        transmit(keyPayloadType, pressedAt, Uint8Array.of(next.event, isEnd ? 0x8a : 10, samples >> 8, samples & 255));
    }
    timestamp = (timestamp + frameSamples) % 2 ** 32;
  }

  function toneFrame(): Int16Array {
    const frame = new Int16Array(frameSamples);
    if (toneHz === undefined) return frame;
    const step = (2 * Math.PI * toneHz) / 8000;
    return frame.map(() => Math.round(8000 * Math.sin(step * toneAt++)));
  }

  function transmit(payloadType: number, at: number, payload: Uint8Array): void {
    if (remote === undefined) return;
    header[0] = 0x80;
    header[1] = payloadType;
    header.writeUInt16BE(sequence, 2);
    header.writeUInt32BE(at, 4);
    sequence = (sequence + 1) % 65_536;
    try {
      socket.send(Buffer.concat([header, payload]), remote.port, remote.address);
    } catch {
      remote = undefined; // ICMP says that nobody listens any more: the call is over
    }
  }

  return {
    port: socket.port,
    heard,
    /** Each key that was pressed towards us, once. */
    keys,
    sdp: () =>
      [
        ...["v=0", `o=- 1 1 IN IP4 ${host}`, "s=-", `c=IN IP4 ${host}`, "t=0 0"],
        ...[`m=audio ${socket.port} RTP/AVP 8 ${keyPayloadType}`, "a=rtpmap:8 PCMA/8000"],
        ...[`a=rtpmap:${keyPayloadType} telephone-event/8000`, "a=ptime:20", "a=sendrecv", ""],
      ].join("\r\n"),
    /** Sound flows to where an SDP says. */
    connect(sdp: string): void {
      const isFirst = remote === undefined;
      remote = {
        address: /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? host,
        port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1]),
      };
      if (isFirst) begin();
    },
    say(samples: Int16Array): void {
      for (let at = 0; at < samples.length; at += frameSamples) {
        const frame = new Int16Array(frameSamples);
        frame.set(samples.subarray(at, at + frameSamples));
        queue.push(frame);
      }
    },
    press(pressed: string): void {
      for (const key of pressed) {
        for (let n = 1; n <= 8; n++) queue.push({ event: keyEvents.indexOf(key), n });
        for (let n = 0; n < 5; n++) queue.push(new Int16Array(frameSamples));
      }
    },
    tone(hz: number | undefined): void {
      toneHz = hz;
    },
    close(): void {
      isOpen = false;
      clearTimeout(timer);
      socket.close();
    },
  };
}

export type LineSound = Awaited<ReturnType<typeof openSound>>;

const loudRms = 330; // −40 dBFS

function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** Share of the frequencies in the power of the sound, 0…1. */
export function shareOf(frequenciesHz: readonly number[], samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 1e-9);
  return frequenciesHz.reduce((share, hz) => {
    let [cos, sin] = [0, 0];
    samples.forEach((sample, n) => {
      cos += sample * Math.cos((2 * Math.PI * hz * n) / 8000);
      sin += sample * Math.sin((2 * Math.PI * hz * n) / 8000);
    });
    return share + (2 * (cos * cos + sin * sin)) / (samples.length * power);
  }, 0);
}

const isLoud = ({ samples }: HeardFrame) => rms(samples) > loudRms;

/** 100 ms: both tones of a ring go into it in whole periods, and can be told apart. */
const windowFrames = 5;

/** When 100 ms of unbroken sound had come that are (or are not) the ringing tone; undefined if there are none. */
function firstSound(frames: readonly HeardFrame[], isRing: boolean): number | undefined {
  for (let at = 0, loud = 0; at < frames.length; at++) {
    const frame = frames[at];
    loud = frame !== undefined && isLoud(frame) ? loud + 1 : 0;
    if (loud < windowFrames) continue;
    const window = frames.slice(at + 1 - windowFrames, at + 1);
    if (shareOf([400, 450], joined(window)) > 0.75 === isRing) return frame?.atMs;
  }
  return undefined;
}

export const speechFrom = (frames: readonly HeardFrame[]): number | undefined => firstSound(frames, false);
export const ringFrom = (frames: readonly HeardFrame[]): number | undefined => firstSound(frames, true);
/** How much of it is heard at all. */
export const loudFrames = (frames: readonly HeardFrame[]): number => frames.filter(isLoud).length;

export function joined(frames: readonly HeardFrame[]): Int16Array {
  return Int16Array.from(frames.flatMap(({ samples }) => [...samples]));
}
