/**
 * A small telephone: one UDP socket for SIP, one for RTP, A-law, G.722 or Opus both ways. It can place one call and hear one.
 * Test equipment: never bundled into the executable, which has no code to place a call.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { CodecName } from "../../src/media/messages.ts";
import { createSpeakerPhone, type EchoPath } from "../media/echo/echo-path.ts";
import { frameMs, frameSamples, type Sound, soundOf } from "./phone-sound.ts";

export type PhoneEvents = {
  answered(): void;
  /** 20 ms of the other side, 8 kHz. Silence where nothing came. */
  heard(frame: Int16Array): void;
  ended(by: "them" | "us", status?: number): void;
  /**
   * For measuring: each frame as its packet came in or went out, with `performance.now()` of that moment. Of what went
   * out the caller's own sound: without the echo of a telephone on speaker.
   */
  received?(frame: Int16Array, atMs: number): void;
  sent?(frame: Int16Array, atMs: number): void;
};

export interface Phone {
  /** Queues sound to be sent, 8 kHz; frames of silence flow whenever the queue is empty. */
  say(samples: Int16Array): void;
  /** Queues keys as telephone-events (RFC 4733 §2.5), each of 160 ms with 80 ms of silence after it. */
  press(keys: string): void;
  /** True while queued sound is still being sent. */
  speaking(): boolean;
  hangUp(): void;
  close(): void;
}

/** What happens to the packets that it sends. */
export type Line = { lossShare: number; jitterMs: number };

/** One 20 ms packet of a key held down; `samples` since it was pressed. */
type KeyPacket = { event: number; samples: number; isEnd: boolean };

const keyEvents = "0123456789*#ABCD";
const keyPayloadType = 101;

export type Target = {
  host: string;
  port: number;
  number: string;
  from: string;
  line?: Line;
  codec?: Exclude<CodecName, "PCMU">;
  /** It is on speaker: what it plays is in what it sends. */
  speaker?: EchoPath;
};

/**
 * A machine that held it up for longer has it send nothing of that time, like a telephone whose sound card ran over: what
 * was to be said is said afterwards. A second in one burst would be cut short by any jitter buffer.
 */
const longestBurstMs = 200;

/** What a telephone on speaker keeps in hand before it plays, so that its echo stays where it is. */
const speakerDepth = 3;

/** Calls `number` at host:port and returns at once; what happens then comes as events. */
export async function dial(target: Target, events: PhoneEvents): Promise<Phone> {
  const queue: (Int16Array | KeyPacket)[] = [];
  let remote: { address: string; port: number } | undefined;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sequence = randomBytes(2).readUInt16BE();
  let timestamp = randomBytes(4).readUInt32BE();
  let pressedAt = 0;
  /** When the next frame is to be sent. Never, until the call is answered. */
  let due = Number.POSITIVE_INFINITY;
  const ssrc = randomBytes(4);
  const sound = soundOf(target.codec ?? "PCMA");
  const arrived: Int16Array[] = [];
  const speaker = target.speaker && createSpeakerPhone(target.speaker, 8000);
  let isPlaying = speaker === undefined;

  const rtp = await Bun.udpSocket({
    hostname: target.host,
    socket: {
      data(_socket, datagram) {
        if (datagram.length < 12 || (datagram[1] ?? 0) % 128 !== sound.payloadType) return;
        const frame = sound.decode(datagram.subarray(12));
        events.received?.(frame, performance.now());
        if (arrived.length < 50) arrived.push(frame);
      },
      error: () => undefined,
    },
  });

  function begin(): void {
    due = performance.now();
    const tick = () => {
      catchUp();
      if (!over) timer = setTimeout(tick, Math.max(0, due - performance.now()));
    };
    tick();
  }

  function catchUp(): void {
    const now = performance.now();
    while (due <= now && !over) {
      const isSending = now - due < longestBurstMs;
      due += frameMs;
      const next = (isSending ? queue.shift() : undefined) ?? new Int16Array(frameSamples);
      isPlaying ||= arrived.length >= speakerDepth;
      const played = (isPlaying ? arrived.shift() : undefined) ?? new Int16Array(frameSamples);
      const echoed = speaker?.hear(played, next instanceof Int16Array ? next : undefined);
      if (!(next instanceof Int16Array)) sendKey(next);
      else if (isSending) sendFrame(next, echoed ?? next);
      timestamp = (timestamp + sound.ticks) % 2 ** 32;
      events.heard(played);
    }
  }

  /**
   * What is said now is not said in the past: while its words were thought of, on this very thread, nothing was sent, and
   * the microphone of a telephone would have heard silence. Sent in a burst the first words would all come too late.
   */
  function speakNow(): void {
    if (queue.length === 0) catchUp();
  }

  function sendFrame(said: Int16Array, frame: Int16Array): void {
    transmit(sound.payloadType, false, timestamp, sound.encode(frame));
    events.sent?.(said, performance.now());
  }

  /** RFC 4733 §2.5.1.3 and §2.5.1.4: all packets of a key carry the time of its beginning, and its end is sent three times. */
  function sendKey({ event, samples, isEnd }: KeyPacket): void {
    if (samples === frameSamples) pressedAt = timestamp;
    const payload = Buffer.from([event, (isEnd ? 0x80 : 0) | 10, samples >> 8, samples & 0xff]);
    const isFirst = samples === frameSamples;
    for (let copy = 0; copy < (isEnd ? 3 : 1); copy++) transmit(keyPayloadType, isFirst, pressedAt, payload);
  }

  function transmit(payloadType: number, marker: boolean, at: number, payload: Uint8Array): void {
    if (!remote) return;
    const packet = Buffer.alloc(12 + payload.length);
    packet[0] = 0x80;
    packet[1] = (marker ? 0x80 : 0) | payloadType;
    packet.writeUInt16BE(sequence, 2);
    packet.writeUInt32BE(at, 4);
    ssrc.copy(packet, 8);
    packet.set(payload, 12);
    sequence = (sequence + 1) % 65_536;
    const { port, address } = remote;
    const { lossShare, jitterMs } = target.line ?? { lossShare: 0, jitterMs: 0 };
    if (Math.random() < lossShare) return;
    if (jitterMs === 0) rtp.send(packet, port, address);
    else setTimeout(() => over || rtp.send(packet, port, address), Math.random() * jitterMs);
  }

  const signalling = await startSignalling(target, rtp.port, sound, {
    answered(address, port) {
      remote = { address, port };
      events.answered();
      begin();
    },
    ended(by, status) {
      if (over) return;
      over = true;
      clearTimeout(timer);
      events.ended(by, status);
    },
  });

  return {
    say(samples) {
      speakNow();
      for (let at = 0; at < samples.length; at += frameSamples) {
        const frame = new Int16Array(frameSamples);
        frame.set(samples.subarray(at, at + frameSamples));
        queue.push(frame);
      }
    },
    press(keys) {
      speakNow();
      for (const key of keys) {
        const event = keyEvents.indexOf(key);
        for (let n = 1; n <= 8; n++) queue.push({ event, samples: n * frameSamples, isEnd: n === 8 });
        for (let n = 0; n < 4; n++) queue.push(new Int16Array(frameSamples));
      }
    },
    speaking: () => queue.length > 0,
    hangUp: () => signalling.hangUp(),
    close() {
      over = true;
      clearTimeout(timer);
      signalling.close();
      rtp.close();
    },
  };
}

type SignallingEvents = {
  answered(address: string, port: number): void;
  ended(by: "them" | "us", status?: number): void;
};

/** INVITE with retransmission, ACK, BYE both ways: what one call over loopback needs. */
async function startSignalling(target: Target, rtpPort: number, sound: Sound, events: SignallingEvents) {
  const { payloadType, rtpmap } = sound;
  const callId = randomUUID();
  const tag = randomBytes(4).toString("hex");
  const inviteBranch = `z9hG4bK${randomBytes(6).toString("hex")}`;
  let toHeader = `<sip:${target.number}@${target.host}:${target.port}>`;
  let answered = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const socket = await Bun.udpSocket({
    hostname: target.host,
    socket: { data: (_socket, datagram) => receive(datagram.toString("utf8")), error: () => undefined },
  });
  const uri = `sip:${target.number}@${target.host}:${target.port}`;
  const send = (text: string) => socket.send(text, target.port, target.host);

  function request(method: string, cseq: number, branch: string, body = ""): string {
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${target.host}:${socket.port};branch=${branch};rport`,
      "Max-Forwards: 70",
      `From: <sip:${target.from}@${target.host}>;tag=${tag}`,
      `To: ${toHeader}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:caller@${target.host}:${socket.port}>`,
      ...(body ? ["Content-Type: application/sdp"] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n");
  }

  const sdp = [
    "v=0",
    `o=caller 1 1 IN IP4 ${target.host}`,
    "s=-",
    `c=IN IP4 ${target.host}`,
    "t=0 0",
    `m=audio ${rtpPort} RTP/AVP ${payloadType} 101`,
    `a=rtpmap:${payloadType} ${rtpmap}`,
    "a=rtpmap:101 telephone-event/8000",
    "a=ptime:20",
    "a=sendrecv",
    "",
  ].join("\r\n");

  function invite(afterMs: number): void {
    send(request("INVITE", 1, inviteBranch, sdp));
    if (afterMs > 16_000) return events.ended("them", 408);
    retry = setTimeout(() => invite(afterMs * 2), afterMs);
  }

  function receive(text: string): void {
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1]);
    if (Number.isNaN(status)) return receiveRequest(text);
    clearTimeout(retry);
    if (status < 200 || !/^CSeq: *1 INVITE/im.test(text)) return;
    toHeader = /^To: *(.*)$/im.exec(text)?.[1]?.trim() ?? toHeader;
    const branch = status < 300 ? `z9hG4bK${randomBytes(6).toString("hex")}` : inviteBranch;
    send(request("ACK", 1, branch));
    if (answered) return;
    answered = true;
    const port = Number(/^m=audio (\d+)/m.exec(text)?.[1]);
    const address = /^c=IN IP4 (\S+)/m.exec(text)?.[1];
    if (status < 300 && address) events.answered(address, port);
    else events.ended("them", status);
  }

  function receiveRequest(text: string): void {
    const lines = text.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
    send(["SIP/2.0 200 OK", ...lines, "Content-Length: 0", "", ""].join("\r\n"));
    if (text.startsWith("BYE")) events.ended("them");
  }

  invite(500);
  return {
    hangUp() {
      send(request("BYE", 2, `z9hG4bK${randomBytes(6).toString("hex")}`));
      events.ended("us");
    },
    close() {
      clearTimeout(retry);
      socket.close();
    },
  };
}
