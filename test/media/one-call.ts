/** One call's media on a clock that the test turns: what it sends, what it says, and a caller to feed it. */
import { createCallCodec } from "../../src/media/call-codec.ts";
import type { MediaChannel } from "../../src/media/call-protection.ts";
import { type CallSession, createCallSession } from "../../src/media/call-session.ts";
import { codecs } from "../../src/media/codecs.ts";
import type { DtlsIdentity } from "../../src/media/dtls/certificates.ts";
import type { FromMedia, MediaSettings, NegotiatedMedia, PlayableAudio } from "../../src/media/messages.ts";
import { parseRtcp, type RtcpPacket } from "../../src/media/rtcp.ts";
import { parseRtp, type RtpPacket, writeRtp } from "../../src/media/rtp.ts";
import { createVad, type VadModel } from "../../src/media/silero.ts";
import type { Source } from "../../src/media/source-latch.ts";
import { loadOpus } from "../../src/media/worker/opus-library.ts";
import { seeded } from "./network.ts";

export const codecMemory = await loadOpus();

export const caller: Source = { address: "192.0.2.9", port: 4000 };

export const settings: MediaSettings = {
  kind: "settings",
  rtpPorts: undefined,
  nativeDir: "",
  inactivityMs: 10_000,
  speculateAfterMs: 120,
  defaultSilenceMs: 700,
  maxUtteranceMs: 15_000,
};

export const negotiated: NegotiatedMedia = {
  codec: "PCMA",
  sendPayloadType: 8,
  receivePayloadType: 8,
  dtmfPayloadType: 101,
  ptimeMs: 20,
  remote: caller,
  direction: "sendrecv",
};

export type SentRtp = RtpPacket & { atMs: number; to: Source };
export type SentRtcp = { atMs: number; to: Source; parts: RtcpPacket[] };
export type SentDatagram = { channel: MediaChannel; bytes: Uint8Array; to: Source };
export type Arrival = { atMs: number; datagram: Uint8Array; from?: Source };
export type Noted = FromMedia & { nowMs: number };

/** What is loud is speech: the endpointer and all behind it are the real ones. */
const loudness: VadModel = {
  infer: async (input, state, batch) => ({
    state,
    probabilities: Float32Array.from({ length: batch }, (_, i) => {
      const step = input.subarray(i * 576 + 64, (i + 1) * 576);
      return Math.sqrt(step.reduce((sum, value) => sum + value * value, 0) / step.length) > 0.02 ? 0.95 : 0.02;
    }),
  }),
};

/** @param identity our end of DTLS handshakes. */
export function oneCall(
  media: NegotiatedMedia = negotiated,
  mode: "converse" | "echo" = "converse",
  identity?: DtlsIdentity,
) {
  let nowMs = 1000;
  const sent: SentDatagram[] = [];
  const rtp: SentRtp[] = [];
  const rtcp: SentRtcp[] = [];
  const events: Noted[] = [];
  const session: CallSession = createCallSession("call", settings, {
    ...(identity && { identity }),
    send(channel, packet, to) {
      sent.push({ channel, bytes: packet.slice(), to });
      const parsed = channel === "rtp" ? parseRtp(packet.slice()) : undefined;
      if (parsed) rtp.push({ ...parsed, atMs: nowMs, to });
      if (channel === "rtcp") rtcp.push({ atMs: nowMs, to, parts: parseRtcp(packet) ?? [] });
    },
    emit: (event) => events.push({ ...event, nowMs }),
    vad: createVad(loudness, (error) => {
      throw error;
    }),
    codecMemory,
    random: seeded(1),
    nowMs: () => nowMs,
    unixMs: () => 1_750_000_000_000 + nowMs,
  });
  session.start(media, mode);

  /** `count` frames; before each, `arriving` may feed the session. Lets the voice activity model answer in between. */
  async function frames(count: number, arriving: (i: number) => void = () => undefined): Promise<void> {
    for (let i = 0; i < count; i++) {
      arriving(i);
      session.speak(nowMs, true);
      session.hear(nowMs);
      await settled();
      nowMs += session.ptimeMs;
    }
  }

  /** Frames up to `untilMs`, each datagram at its own time. @param arrivals in order. */
  async function through(arrivals: readonly Arrival[], untilMs: number): Promise<void> {
    let next = 0;
    while (nowMs < untilMs) {
      const frameMs = nowMs;
      for (let one = arrivals[next]; one !== undefined && one.atMs <= frameMs; one = arrivals[++next]) {
        nowMs = one.atMs;
        session.rtp(one.datagram, one.from ?? caller);
      }
      nowMs = frameMs;
      await frames(1);
    }
  }

  return {
    session,
    /** All that left, as it left. */
    sent,
    rtp,
    rtcp,
    events,
    frames,
    through,
    of: <K extends FromMedia["kind"]>(kind: K) =>
      events.filter((event): event is Extract<FromMedia, { kind: K }> & { nowMs: number } => event.kind === kind),
    get nowMs() {
      return nowMs;
    },
  };
}

/** Every promise that can settle without the world has done so. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
}

/** What the other side hears of packets that all come, in order. */
export function decodedAll({ codec: name, ptimeMs }: NegotiatedMedia, sent: readonly RtpPacket[]): Int16Array {
  const { clockHz, rateHz } = codecs[name];
  const codec = createCallCodec(name, codecMemory);
  const ticks = (ptimeMs * clockHz) / 1000;
  const frame = (ptimeMs * rateHz) / 1000;
  const heard = new Int16Array(frame * sent.length);
  sent.forEach(({ payload }, i) => {
    const sound = { codec: name, payload, ticks };
    codec.decode([{ kind: "heard", ticks, sound, offset: 0 }], heard.subarray(frame * i, frame * (i + 1)));
  });
  codec.close();
  return heard;
}

/** The best correlation of `wanted` with any place of `heard`. */
export function likeness(wanted: Int16Array, heard: Int16Array): number {
  let best = 0;
  for (let lag = 0; lag + wanted.length <= heard.length; lag++) {
    let [cross, a, b] = [0, 1e-9, 1e-9];
    wanted.forEach((value, n) => {
      const other = heard[lag + n] ?? 0;
      cross += value * other;
      a += value * value;
      b += other * other;
    });
    best = Math.max(best, cross / Math.sqrt(a * b));
  }
  return best;
}

/** A talker's packets, one after the other. */
export function talker(payloadType = 8, { ssrc = 7, sequence = 0, timestamp = 0, samples = 160 } = {}) {
  let next = sequence;
  let at = timestamp;
  return {
    packet(byte: number | Uint8Array): Uint8Array {
      const payload = typeof byte === "number" ? new Uint8Array(samples).fill(byte) : byte;
      const fields = { marker: false, payloadType, sequence: next & 0xffff, timestamp: at >>> 0, ssrc, payload };
      next++;
      at += samples;
      return writeRtp(fields, new Uint8Array(12 + payload.length));
    },
    lose() {
      next++;
      at += samples;
    },
  };
}

/** A-law of a loud square wave (speech to the test's ear) and of silence. */
export const loud: Uint8Array = Uint8Array.from({ length: 160 }, (_, n) => (n % 40 < 20 ? 0x9a : 0x1a));
export const quiet = 0xd5;

/** A prompt of one byte, its own number, queued for the call. */
function prompt(byte: number, ms: number): PlayableAudio {
  return { kind: "encoded", codec: "PCMA", bytes: new Uint8Array(8 * ms).fill(byte) };
}

export function say(call: ReturnType<typeof oneCall>, playId: number, ms: number, interruptible = true): void {
  call.session.play({ kind: "play", callId: "call", playId, audio: prompt(playId, ms), last: true, interruptible });
}
