/** Two calls bridged: each hears the other, whatever their codecs and packet times; neither is listened to. */
import { expect, test } from "bun:test";
import { createCallCodec } from "../../src/media/call-codec.ts";
import { codecs } from "../../src/media/codecs.ts";
import type { NegotiatedMedia } from "../../src/media/messages.ts";
import { caller, codecMemory, decodedAll, loud, negotiated, oneCall, quiet, say, talker } from "./one-call.ts";

type Call = ReturnType<typeof oneCall>;

const g722: NegotiatedMedia = { ...negotiated, codec: "G722", sendPayloadType: 9, receivePayloadType: 9 };

function tone(frequencyHz: number, rateHz: number, ms: number): Int16Array {
  return Int16Array.from(
    { length: (rateHz * ms) / 1000 },
    (_, n) => 9000 * Math.sin((2 * Math.PI * frequencyHz * n) / rateHz),
  );
}

/** Share of `frequencyHz` in the power of the sound. */
function shareOf(frequencyHz: number, samples: Int16Array, rateHz: number): number {
  let [cos, sin, whole] = [0, 0, 1e-9];
  samples.forEach((sample, n) => {
    cos += sample * Math.cos((2 * Math.PI * frequencyHz * n) / rateHz);
    sin += sample * Math.sin((2 * Math.PI * frequencyHz * n) / rateHz);
    whole += sample * sample;
  });
  return (2 * (cos * cos + sin * sin)) / (samples.length * whole);
}

function bridged(a: NegotiatedMedia, b: NegotiatedMedia) {
  const [left, right] = [oneCall(a), oneCall(b)];
  left.session.bridge(right.session);
  right.session.bridge(left.session);
  return { left, right };
}

/** Both clocks go on together for so long. */
async function together(calls: Call[], untilMs: number, arriving: (call: Call) => void): Promise<void> {
  for (;;) {
    const [next] = calls.toSorted((a, b) => a.nowMs - b.nowMs);
    if (next === undefined || next.nowMs >= untilMs) return;
    await next.frames(1, () => arriving(next));
  }
}

function speaker(media: NegotiatedMedia, frequencyHz: number) {
  const { clockHz, rateHz } = codecs[media.codec];
  const voice = talker(media.receivePayloadType, { samples: (media.ptimeMs * clockHz) / 1000 });
  const sound = tone(frequencyHz, rateHz, 4000);
  const codec = createCallCodec(media.codec, codecMemory);
  let at = 0;
  return () => {
    const part = sound.slice(at, at + (media.ptimeMs * rateHz) / 1000);
    at += part.length;
    return voice.packet(codec.encode(part));
  };
}

function heardBy(call: Call, media: NegotiatedMedia): { samples: Int16Array; rateHz: number } {
  const sent = call.rtp.filter(({ payloadType }) => payloadType === media.sendPayloadType);
  const samples = decodedAll(media, sent);
  const { rateHz } = codecs[media.codec];
  return { samples: samples.subarray(rateHz / 2), rateHz }; // after the jitter buffer has filled
}

const opus: NegotiatedMedia = { ...negotiated, codec: "opus", sendPayloadType: 111, receivePayloadType: 111 };
const pcmu30: NegotiatedMedia = {
  ...negotiated,
  codec: "PCMU",
  sendPayloadType: 0,
  receivePayloadType: 0,
  ptimeMs: 30,
};

test.each([
  ["PCMA with PCMA", negotiated, negotiated],
  ["PCMA of 20 ms with PCMU of 30 ms", negotiated, pcmu30],
  ["PCMU of 30 ms with G.722", pcmu30, g722],
  ["G.722 with G.722", g722, g722],
  ["Opus with PCMA", opus, negotiated],
  ["G.722 with Opus of 40 ms", g722, { ...opus, ptimeMs: 40 }],
])("%s: both ways, whole", async (_, a, b) => {
  const { left, right } = bridged(a, b);
  const voices = new Map([
    [left, speaker(a, 600)],
    [right, speaker(b, 1000)],
  ]);
  await together([left, right], 3000, (call) => {
    const packet = voices.get(call)?.();
    if (packet) call.session.rtp(packet, caller);
  });
  const [toLeft, toRight] = [heardBy(left, a), heardBy(right, b)];
  expect(shareOf(1000, toLeft.samples, toLeft.rateHz)).toBeGreaterThan(0.97);
  expect(shareOf(600, toRight.samples, toRight.rateHz)).toBeGreaterThan(0.97);
  expect(left.session.stats).toMatchObject({ lost: 0, late: 0, concealedMs: 0 });
  expect(right.session.stats).toMatchObject({ lost: 0, late: 0, concealedMs: 0 });
});

test("nothing that two people say to one another is listened to, or recorded even where recording goes on", async () => {
  const { left, right } = bridged(negotiated, negotiated);
  left.session.record(true);
  const [voice, other] = [talker(), talker()];
  await together([left, right], 3000, (call) => {
    call.session.rtp(call === left ? voice.packet(loud) : other.packet(quiet), caller);
  });
  expect(left.of("speech-started")).toEqual([]);
  expect(left.of("recorded")).toEqual([]);
});

test("what was being said ends with the bridge, and after it we speak and hear as before", async () => {
  const [left, right] = [oneCall(), oneCall()];
  say(left, 1, 1000);
  left.session.ringback(true);
  await left.frames(5);
  left.session.bridge(right.session);
  right.session.bridge(left.session);
  expect(left.of("play-ended")).toMatchObject([{ playId: 1, completed: false }]);
  await together([left, right], 2000, () => undefined);
  for (const call of [left, right]) call.session.bridge(undefined);
  const before = left.rtp.length;
  await left.frames(20);
  expect(left.rtp.slice(before).every(({ payload }) => payload.every((byte) => byte === quiet))).toBe(true);
  say(left, 2, 200);
  const voice = talker();
  await left.frames(60, () => left.session.rtp(voice.packet(loud), caller));
  expect(left.of("play-started").at(-1)?.playId).toBe(2);
  expect(left.of("speech-started")).toHaveLength(1);
});

test("while one side is held the other goes on, and on resuming hears what is said now, not then", async () => {
  const { left, right } = bridged(negotiated, negotiated);
  const voice = talker();
  await together([left, right], 2000, (call) => {
    if (call === left) call.session.rtp(voice.packet(0x11), caller);
  });
  right.session.start({ ...negotiated, direction: "recvonly" }, "converse");
  const sent = right.rtp.length;
  await together([left, right], 3000, (call) => {
    if (call === left) call.session.rtp(voice.packet(0x22), caller);
  });
  expect(right.rtp.length).toBe(sent);
  right.session.start(negotiated, "converse");
  await together([left, right], 4000, (call) => {
    if (call === left) call.session.rtp(voice.packet(0x33), caller);
  });
  const after = right.rtp.slice(sent).map(({ payload }) => payload[80]);
  expect(after.filter((byte) => byte === 0x22).length).toBeLessThan(10);
  expect(after.at(-1)).toBe(0x33);
});

test("a key is pressed towards one side in the place of sound, by the number that it wants", async () => {
  const call = oneCall({ ...negotiated, sendDtmfPayloadType: 97 });
  call.session.press("7", 100);
  await call.frames(20);
  const events = call.rtp.filter(({ payloadType }) => payloadType === 97);
  expect(events).toHaveLength(7);
  expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(1);
  expect(events.map(({ payload }) => payload[0])).toEqual(Array(7).fill(7));
  const sequences = call.rtp.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, i) => ((sequences[0] ?? 0) + i) & 0xffff));
  const last = call.rtp.at(-1);
  expect(((last?.timestamp ?? 0) - (call.rtp[0]?.timestamp ?? 0)) >>> 0).toBe(19 * 160);
});

test("a key is not pressed where telephone events were not agreed", async () => {
  const { dtmfPayloadType: _, ...without } = negotiated;
  const call = oneCall(without);
  call.session.press("7", 100);
  await call.frames(20);
  expect(new Set(call.rtp.map(({ payloadType }) => payloadType))).toEqual(new Set([8]));
});

test("the ringing tone is heard between prompts, from the beginning of a ring, until it is switched off", async () => {
  const call = oneCall();
  call.session.ringback(true);
  await call.frames(10);
  say(call, 1, 200);
  await call.frames(10);
  const isPrompt = ({ payload }: { payload: Uint8Array }) => payload.every((byte) => byte === 1);
  expect(call.rtp.slice(10, 20).every(isPrompt)).toBe(true);
  await call.frames(160);
  const rings = call.rtp.slice(20).map(({ payload }) => payload.some((byte) => byte !== quiet && byte !== 0x55));
  expect(rings.slice(1, 20).every(Boolean)).toBe(true);
  expect(rings.slice(22, 29).some(Boolean)).toBe(false);
  expect(rings.slice(31, 49).every(Boolean)).toBe(true);
  call.session.ringback(false);
  const before = call.rtp.length;
  await call.frames(160);
  expect(call.rtp.slice(before).every(({ payload }) => payload.every((byte) => byte === quiet))).toBe(true);
});
