/** A call in G.722: what is said, heard, returned and recorded, on a clock that the test turns. */
import { expect, test } from "bun:test";
import { decode, encode } from "../../src/media/g711.ts";
import { createG722Decoder, createG722Encoder } from "../../src/media/g722.ts";
import { createDownsampler } from "../../src/media/resample.ts";
import { caller, likeness, negotiated, oneCall, talker } from "./one-call.ts";

const g722 = { ...negotiated, codec: "G722", sendPayloadType: 9, receivePayloadType: 9 } as const;

function tone(frequencyHz: number, rateHz: number, ms: number): Int16Array {
  return Int16Array.from(
    { length: (rateHz * ms) / 1000 },
    (_, n) => 9000 * Math.sin((2 * Math.PI * frequencyHz * n) / rateHz),
  );
}

/** What the other side hears of our packets. */
function heardOf(call: ReturnType<typeof oneCall>): Int16Array {
  const bytes = Uint8Array.from(call.rtp.flatMap(({ payload }) => [...payload]));
  const heard = new Int16Array(2 * bytes.length);
  createG722Decoder().decode(bytes, heard);
  return heard;
}

test("a prompt of 16 kHz goes out whole, 160 bytes and 160 ticks a packet of 20 ms", async () => {
  const call = oneCall(g722);
  const samples = tone(5200, 16_000, 400);
  call.session.play({
    kind: "play",
    callId: "call",
    playId: 1,
    audio: { kind: "pcm", rateHz: 16_000, samples },
    last: true,
    interruptible: true,
  });
  await call.frames(40);
  expect(new Set(call.rtp.map(({ payload, payloadType }) => `${payloadType} ${payload.length}`))).toEqual(
    new Set(["9 160"]),
  );
  const [first, second] = call.rtp;
  expect(((second?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe(160);
  expect(likeness(samples.subarray(800, 1600), heardOf(call))).toBeGreaterThan(0.99);
  expect(call.of("play-ended")).toMatchObject([{ playedMs: 400, completed: true }]);
});

test.each([
  [0, 0.98],
  [5, 0.6],
])("the echo line returns 5 kHz, which no G.711 call could, at %d %% loss", async (lossPercent, least) => {
  const call = oneCall(g722, "echo");
  const voice = talker(9);
  const encoder = createG722Encoder();
  const sound = tone(5000, 16_000, 1000);
  await call.frames(60, (i) => {
    if (i >= 50) return;
    const packet = voice.packet(encoder.encode(sound.subarray(320 * i, 320 * (i + 1))));
    if (lossPercent === 0 || i % (100 / lossPercent) !== 10) call.session.rtp(packet, caller);
  });
  expect(likeness(sound.subarray(3000, 5000), heardOf(call))).toBeGreaterThan(least);
  if (lossPercent > 0) expect(call.session.stats.concealedMs).toBeGreaterThanOrEqual(40);
});

test("speech in it is heard as such, and is recorded as A-law of 8 kHz beside what we say", async () => {
  const call = oneCall(g722);
  call.session.record(true);
  const encoder = createG722Encoder();
  const voice = talker(9);
  const [spoken, prompt] = [tone(700, 16_000, 1000), tone(1500, 8000, 1000)];
  const silence = new Int16Array(320);
  call.session.play({
    kind: "play",
    callId: "call",
    playId: 1,
    audio: { kind: "pcm", rateHz: 8000, samples: prompt },
    last: true,
    interruptible: false,
  });
  await call.frames(150, (i) => {
    call.session.rtp(voice.packet(encoder.encode(i < 50 ? spoken.subarray(320 * i, 320 * (i + 1)) : silence)), caller);
  });
  expect(call.of("speech-started")).toHaveLength(1);
  expect(call.of("utterance")).toHaveLength(1);
  const chunks = call.of("recorded");
  expect(chunks.map(({ codec, caller: bytes, agent }) => [codec, bytes.length, agent.length])).toEqual([
    ["PCMA", 8000, 8000],
    ["PCMA", 8000, 8000],
    ["PCMA", 8000, 8000],
  ]);
  const recorded = (bytes: Uint8Array | undefined) => {
    const samples = new Int16Array(bytes?.length ?? 0);
    decode("PCMA", bytes ?? new Uint8Array(0), samples);
    return samples;
  };
  expect(likeness(tone(700, 8000, 500), recorded(chunks[0]?.caller))).toBeGreaterThan(0.99);
  expect(likeness(prompt.subarray(800, 4800), recorded(chunks[0]?.agent))).toBeGreaterThan(0.99);
});

test("a re-INVITE from A-law to G.722 and back: both directions go on in the new codec", async () => {
  const call = oneCall(negotiated, "echo");
  const [narrow, wide] = [talker(8), talker(9, { sequence: 25, timestamp: 25 * 160 })];
  const encoder = createG722Encoder();
  const sound = tone(1000, 8000, 1500);
  const broad = tone(1000, 16_000, 1500);
  await call.frames(25, (i) =>
    call.session.rtp(narrow.packet(encode("PCMA", sound.subarray(160 * i, 160 * (i + 1)))), caller),
  );
  call.session.start(g722, "echo");
  await call.frames(25, (i) =>
    call.session.rtp(wide.packet(encoder.encode(broad.subarray(320 * i, 320 * (i + 1)))), caller),
  );
  expect(call.session.stats.dropped).toEqual({});
  const late = call.rtp.slice(30).flatMap(({ payload }) => [...payload]);
  const heard = new Int16Array(2 * late.length);
  createG722Decoder().decode(Uint8Array.from(late), heard);
  expect(call.rtp.slice(25).every(({ payloadType }) => payloadType === 9)).toBe(true);
  expect(likeness(broad.subarray(0, 1600), heard)).toBeGreaterThan(0.95);
});

test("16 → 8 kHz: a tone of the telephone band stays, one above it is 60 dB down", () => {
  const level = (frequencyHz: number) => {
    const halved = createDownsampler()
      .push(tone(frequencyHz, 16_000, 500))
      .subarray(100);
    return Math.sqrt(halved.reduce((sum, value) => sum + value * value, 0) / halved.length) / (9000 / Math.SQRT2);
  };
  expect(level(1000)).toBeCloseTo(1, 2);
  expect(level(3400)).toBeGreaterThan(0.98);
  expect(level(4800)).toBeLessThan(0.0012);
  expect(level(7000)).toBeLessThan(0.0012);
});
