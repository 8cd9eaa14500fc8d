/** A call in Opus: what is said, heard, returned and recorded, and what its losses cost, on a clock that the test turns. */
import { describe, expect, test } from "bun:test";
import { createCallCodec } from "../../src/media/call-codec.ts";
import { decode } from "../../src/media/g711.ts";
import type { NegotiatedMedia } from "../../src/media/messages.ts";
import { writeRtp } from "../../src/media/rtp.ts";
import { seeded } from "./network.ts";
import { caller, codecMemory, decodedAll, likeness, loud, negotiated, oneCall, talker } from "./one-call.ts";

const opus: NegotiatedMedia = {
  ...negotiated,
  codec: "opus",
  sendPayloadType: 111,
  receivePayloadType: 111,
  dtmfPayloadType: 110,
  dtmfClockHz: 48_000,
  opus: { inBandFec: true, constantBitrate: false },
};
const rateHz = 16_000;
const frame = 320;

/** Like a voice: a gliding pitch with overtones up to 7 kHz, that swells and fades. */
function voice(ms: number): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: (rateHz * ms) / 1000 }, (_, n) => {
    phase += (2 * Math.PI * (130 + 40 * Math.sin((2 * Math.PI * n) / 9000))) / rateHz;
    let sum = 0;
    for (let k = 1; k < 45; k++) sum += Math.sin(k * phase) / k;
    return 5000 * (1 + 0.6 * Math.sin((2 * Math.PI * n) / 5000)) * sum;
  });
}

/** As one who was told that we can use his redundancy. */
function speaker(sound: Int16Array) {
  const codec = createCallCodec("opus", codecMemory, { inBandFec: true, constantBitrate: false });
  const packets = talker(111, { samples: 960 });
  let at = 0;
  return {
    next(): Uint8Array {
      const part = new Int16Array(frame);
      part.set(sound.subarray(at, at + frame));
      at += frame;
      return packets.packet(codec.encode(part));
    },
  };
}

describe("what is sent", () => {
  test("a prompt of 16 kHz: 960 ticks a packet of 20 ms, about 32 kbit/s, whole", async () => {
    const call = oneCall(opus);
    const samples = voice(800);
    call.session.play({
      ...{ kind: "play", callId: "call", playId: 1, last: true, interruptible: true },
      audio: { kind: "pcm", rateHz, samples },
    });
    await call.frames(50);
    expect(new Set(call.rtp.map(({ payloadType }) => payloadType))).toEqual(new Set([111]));
    for (const [i, packet] of call.rtp.entries()) {
      expect(packet.timestamp).toBe(((call.rtp[0]?.timestamp ?? 0) + 960 * i) >>> 0);
    }
    const bytes = call.rtp.slice(5, 40).reduce((sum, { payload }) => sum + payload.length, 0);
    expect((8 * bytes) / 0.7).toBeLessThan(40_000);
    expect(likeness(samples.subarray(3200, 4800), decodedAll(opus, call.rtp))).toBeGreaterThan(0.9);
    expect(call.of("play-ended")).toMatchObject([{ playedMs: 800, completed: true }]);
  });

  test("what the other side asks for is kept to: its bitrate, a constant one, its bandwidth", async () => {
    const terms = { inBandFec: false, constantBitrate: true, maxBitrate: 12_000, maxPlaybackHz: 8000 };
    const call = oneCall({ ...opus, opus: terms }, "echo");
    const speech = speaker(voice(2000));
    await call.frames(90, () => call.session.rtp(speech.next(), caller));
    const sizes = call.rtp.slice(20).map(({ payload }) => payload.length);
    expect(new Set(sizes)).toEqual(new Set([30]));
    // Configurations 0–3 and 16–19 are narrowband (RFC 6716 table 2).
    for (const { payload } of call.rtp.slice(20))
      expect([0, 1, 2, 3, 16, 17, 18, 19]).toContain((payload[0] ?? 0) >> 3);
  });

  test.each([10, 40, 60])("packets of %d ms", async (ptimeMs) => {
    const call = oneCall({ ...opus, ptimeMs }, "echo");
    const sound = voice(2400);
    const speech = speaker(sound);
    let fedMs = 0;
    await call.frames(2400 / ptimeMs, () => {
      for (; fedMs <= call.nowMs - 1000; fedMs += 20) call.session.rtp(speech.next(), caller);
    });
    expect(((call.rtp[1]?.timestamp ?? 0) - (call.rtp[0]?.timestamp ?? 0)) >>> 0).toBe(48 * ptimeMs);
    expect(likeness(sound.subarray(8000, 9600), decodedAll({ ...opus, ptimeMs }, call.rtp))).toBeGreaterThan(0.85);
    expect(call.session.stats).toMatchObject({ lost: 0, late: 0, dropped: {} });
  });
});

describe("losses", () => {
  test("nothing lost: sound as it was, and nothing made up", async () => {
    const call = oneCall(opus, "echo");
    const sound = voice(3000);
    const speech = speaker(sound);
    await call.frames(150, () => call.session.rtp(speech.next(), caller));
    expect(call.session.stats).toMatchObject({ received: 150, lost: 0, late: 0, concealedMs: 0, dropped: {} });
    expect(likeness(sound.subarray(32_000, 33_600), decodedAll(opus, call.rtp))).toBeGreaterThan(0.9);
  });

  test("a lost packet is restored from the one behind it where that is there, otherwise made up", () => {
    const restored = createCallCodec("opus", codecMemory);
    const madeUp = createCallCodec("opus", codecMemory);
    const sound = voice(2000);
    const encoder = createCallCodec("opus", codecMemory, { inBandFec: true, constantBitrate: false });
    const packets = Array.from({ length: 100 }, (_, i) => encoder.encode(sound.subarray(frame * i, frame * (i + 1))));
    const clear = createCallCodec("opus", codecMemory);
    let [withFec, without, whole] = [0, 0, 0];
    const [a, b, truth] = [new Int16Array(frame), new Int16Array(frame), new Int16Array(frame)];
    packets.forEach((payload, i) => {
      const sound = { codec: "opus" as const, payload, ticks: 960 };
      const heard = [{ kind: "heard" as const, ticks: 960, sound, offset: 0 }];
      const next = { codec: "opus" as const, payload: packets[i + 1] ?? payload, ticks: 960 };
      const isLost = i > 10 && i % 7 === 0;
      clear.decode(heard, truth);
      restored.decode(isLost ? [{ kind: "lost", ticks: 960, next }] : heard, a);
      madeUp.decode(isLost ? [{ kind: "lost", ticks: 960 }] : heard, b);
      if (!isLost) return;
      for (let n = 0; n < frame; n++) {
        withFec += ((a[n] ?? 0) - (truth[n] ?? 0)) ** 2;
        without += ((b[n] ?? 0) - (truth[n] ?? 0)) ** 2;
        whole += (truth[n] ?? 0) ** 2;
      }
    });
    expect(withFec).toBeLessThan(0.5 * without);
    expect(withFec).toBeLessThan(0.25 * whole);
    expect(restored.concealedMs).toBe(0);
    expect(madeUp.concealedMs).toBeGreaterThan(200);
  });

  test("10 %: the call goes on, what is missing is made up", async () => {
    const call = oneCall(opus, "echo");
    const sound = voice(6000);
    const speech = speaker(sound);
    const random = seeded(5);
    await call.frames(300, () => {
      const packet = speech.next();
      if (random() >= 0.1) call.session.rtp(packet, caller);
    });
    const { lost, concealedMs } = call.session.stats;
    expect(lost).toBeGreaterThan(15);
    expect(concealedMs).toBeGreaterThan(0);
    expect(concealedMs).toBeLessThanOrEqual(20 * lost + 60);
    expect(call.rtp).toHaveLength(300);
  });

  test("discontinuous transmission is silence and not loss, however long", async () => {
    const call = oneCall(opus, "echo");
    const [first, second] = [speaker(voice(600)), speaker(voice(600))];
    for (let i = 0; i < 30; i++) await call.frames(1, () => call.session.rtp(first.next(), caller));
    // The last packet before the pause is nothing but its table of contents: 20 ms of wideband SILK.
    const pause = { marker: false, payloadType: 111, sequence: 30, timestamp: 30 * 960, ssrc: 7 };
    call.session.rtp(writeRtp({ ...pause, payload: Uint8Array.of(9 << 3) }, new Uint8Array(13)), caller);
    await call.frames(200);
    expect(call.session.stats).toMatchObject({ lost: 0, late: 0, concealedMs: 0 });
    const resumed = talker(111, { sequence: 31, timestamp: 231 * 960, samples: 960 });
    await call.frames(20, () => call.session.rtp(resumed.packet(second.next().subarray(12)), caller));
    expect(call.session.stats).toMatchObject({ lost: 0, late: 0, concealedMs: 0 });
    const after = decodedAll(opus, call.rtp).subarray(-16 * 200);
    expect(after.some((sample) => Math.abs(sample) > 2000)).toBe(true);
  });

  test("bytes that are no Opus are dropped or made up for, and what follows is heard", async () => {
    const call = oneCall(opus, "echo");
    const random = seeded(9);
    const garbage = talker(111, { samples: 960 });
    await call.frames(300, () => {
      const bytes = Uint8Array.from({ length: Math.floor(60 * random()) }, () => 256 * random());
      call.session.rtp(garbage.packet(bytes), caller);
    });
    expect(call.of("fault")).toEqual([]);
    expect(call.session.stats.dropped.malformed).toBeGreaterThan(0);
    const sound = voice(1000);
    const speech = speaker(sound);
    const from = call.rtp.length;
    await call.frames(60, (i) => {
      const payload = speech.next().subarray(12);
      const fields = {
        marker: false,
        payloadType: 111,
        sequence: 5000 + i,
        timestamp: 960 * (900 + i),
        ssrc: 77,
        payload,
      };
      call.session.rtp(writeRtp(fields, new Uint8Array(12 + payload.length)), caller);
    });
    expect(likeness(sound.subarray(4800, 6400), decodedAll(opus, call.rtp.slice(from)))).toBeGreaterThan(0.85);
  });
});

describe("around it", () => {
  test("speech in it is heard as such, and recorded as A-law of 8 kHz beside what we say", async () => {
    const call = oneCall(opus);
    call.session.record(true);
    const sound = voice(1000);
    const speech = speaker(sound);
    await call.frames(150, () => call.session.rtp(speech.next(), caller));
    expect(call.of("speech-started")).toHaveLength(1);
    expect(call.of("utterance")).toHaveLength(1);
    const [chunk] = call.of("recorded");
    expect([chunk?.codec, chunk?.caller.length, chunk?.agent.length]).toEqual(["PCMA", 8000, 8000]);
    const recorded = new Int16Array(8000);
    decode("PCMA", chunk?.caller ?? new Uint8Array(0), recorded);
    const narrow = sound.filter((_, n) => n % 2 === 0); // aliased: near enough for a likeness
    expect(likeness(narrow.subarray(2000, 5000), recorded)).toBeGreaterThan(0.8);
  });

  test("keys of the clock of 48 kHz have their true length; those of 8 kHz are understood beside it", async () => {
    for (const [clockHz, ticks] of [
      [48_000, 4800],
      [8000, 800],
    ] as const) {
      const call = oneCall({ ...opus, dtmfClockHz: clockHz });
      const speech = speaker(voice(400));
      await call.frames(10, () => call.session.rtp(speech.next(), caller));
      for (let i = 0; i < 3; i++) {
        const payload = Uint8Array.of(7, 0x8a, ticks >> 8, ticks & 255);
        const fields = { marker: i === 0, payloadType: 110, sequence: 10 + i, timestamp: 9600, ssrc: 7, payload };
        call.session.rtp(writeRtp(fields, new Uint8Array(16)), caller);
      }
      await call.frames(5);
      expect(call.of("digit")).toMatchObject([{ digit: "7", durationMs: 100 }]);
      expect(call.session.stats).toMatchObject({ lost: 0, dropped: {} });
    }
  });

  test("re-INVITEs from A-law to Opus and back: both directions go on in the new codec, with a stream of their own", async () => {
    const call = oneCall(negotiated, "echo");
    const narrow = talker(8);
    await call.frames(25, () => call.session.rtp(narrow.packet(loud), caller));
    call.session.start(opus, "echo");
    // Still under way in the old codec: dropped, and nothing else comes of it.
    call.session.rtp(narrow.packet(loud), caller);
    const sound = voice(1000);
    const speech = speaker(sound);
    await call.frames(50, () => call.session.rtp(speech.next(), caller));
    expect(call.session.stats.dropped).toEqual({ "codec-before": 1 });
    const inOpus = call.rtp.slice(25);
    expect(inOpus.every(({ payloadType }) => payloadType === 111)).toBe(true);
    expect(new Set(inOpus.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(inOpus[0]?.ssrc).not.toBe(call.rtp[0]?.ssrc as number);
    expect(likeness(sound.subarray(3200, 4800), decodedAll(opus, inOpus))).toBeGreaterThan(0.85);

    call.session.start(negotiated, "echo");
    const again = talker(8, { ssrc: 99, sequence: 7, timestamp: 12 });
    await call.frames(25, () => call.session.rtp(again.packet(loud), caller));
    expect(call.rtp.at(-1)).toMatchObject({ payloadType: 8, payload: loud });
    expect(call.rtp).toHaveLength(100);
  });

  test("a thousand codecs one after the other, and the library's memory is given back", async () => {
    for (let i = 0; i < 1000; i++) {
      const codec = createCallCodec("opus", codecMemory);
      codec.encode(new Int16Array(frame));
      codec.close();
      await Promise.resolve();
      await Bun.sleep(0);
    }
    const last = createCallCodec("opus", codecMemory);
    expect(last.encode(new Int16Array(frame)).length).toBeGreaterThan(0);
  });
});
