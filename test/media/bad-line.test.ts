/** A call over a bad line, on a clock that is turned: jitter, loss, disorder, doubles, and senders that change in mid-call. */
import { beforeAll, describe, expect, test } from "bun:test";
import { decode } from "../../src/media/g711.ts";
import { writeRtp } from "../../src/media/rtp.ts";
import { createMouth } from "../caller/voice.ts";
import { compareSamples } from "../peers/compare-audio.ts";
import { createImpairment, type Impairment } from "../relay/impairment.ts";
import { framesOf, type Talk, talkOver } from "./line.ts";
import { type Arrival, negotiated, oneCall } from "./one-call.ts";

let speech: Int16Array = new Int16Array(0);
const words =
  "Good morning, I would like to see the house in Station Road on Thursday afternoon, if that is still free. " +
  "Could you tell me whether there is any parking?";

beforeAll(async () => {
  speech = (await createMouth("en-gb"))(words);
});

const framesPerSecond = 50;
const beginsMs = 1_000;
const adaptedMs = beginsMs + 5_000;

/** The echo line hears `seconds` of that. Figures are those of the time after adaptation. */
async function hear(seconds: number, talk: Omit<Talk, "frames">) {
  const call = oneCall(negotiated, "echo");
  const arrivals = talkOver({ frames: framesOf(speech, seconds * framesPerSecond), ...talk });
  const endsMs = beginsMs + 1_000 * seconds;
  await call.through(
    arrivals.filter(({ atMs }) => atMs < adaptedMs),
    adaptedMs,
  );
  const before = call.session.stats;
  await call.through(
    arrivals.filter(({ atMs }) => atMs >= adaptedMs),
    endsMs,
  );
  const after = call.session.stats;
  const received = after.received - before.received;
  return {
    call,
    lateShare: (after.late - before.late) / received,
    concealedShare: (after.concealedMs - before.concealedMs) / (endsMs - adaptedMs),
    doubled: after.duplicated,
    dropped: after.dropped,
  };
}

/** How much of what was said is in what came back. */
function likeness(call: ReturnType<typeof oneCall>, seconds: number) {
  const said = framesOf(speech, seconds * framesPerSecond).flatMap((frame) => [...pcm(frame)]);
  const heard = call.rtp.flatMap(({ payload }) => [...pcm(payload)]);
  return compareSamples(Float64Array.from(said), Float64Array.from(heard));
}

function pcm(frame: Uint8Array): Int16Array {
  const samples = new Int16Array(frame.length);
  decode("PCMA", frame, samples);
  return samples;
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

describe("jitter", () => {
  test.each([1, 2, 3, 4, 5])(
    "50 ms, seed %d: after 5 s at most one in a hundred comes late or is made up",
    async (seed) => {
      const { lateShare, concealedShare, call } = await hear(40, { line: { jitterMs: 50 }, seed });
      expect(lateShare).toBeLessThanOrEqual(0.01);
      expect(concealedShare).toBeLessThanOrEqual(0.01);
      expect(call.of("inactive")).toEqual([]);
    },
  );
});

describe("loss, disorder, doubles", () => {
  test("5 % loss: what is made up is what was lost, and nothing more", async () => {
    const { lateShare, concealedShare } = await hear(60, { line: { lossShare: 0.05 }, seed: 11 });
    expect(lateShare).toBe(0);
    expect(concealedShare).toBeWithin(0.03, 0.07);
  });

  test("10 % loss, 5 % out of order, 5 % double, 20 ms of jitter: the call goes on and is understood", async () => {
    const line: Impairment = { lossShare: 0.1, reorderShare: 0.05, doubleShare: 0.05, jitterMs: 20 };
    const { call, lateShare, concealedShare, doubled, dropped } = await hear(24, { line, seed: 12 });
    const { voiced, matched, windows } = likeness(call, 10);
    const middle = windows.map(({ r }) => r).toSorted((a, b) => a - b)[Math.floor(windows.length / 2)] ?? 0;
    console.log(
      `10 % loss, disorder, doubles: ${percent(concealedShare)} made up, ${percent(lateShare)} late, ` +
        `${matched} of ${voiced} voiced half seconds at r ≥ 0.95, median r ${middle.toFixed(3)}`,
    );
    expect(call.of("inactive")).toEqual([]);
    expect(call.of("fault")).toEqual([]);
    expect(dropped).toEqual({});
    expect(doubled).toBeGreaterThan(20);
    expect(concealedShare).toBeLessThan(0.2);
    expect(middle).toBeGreaterThan(0.7);
  }, 30_000);
});

describe("keys (RFC 4733)", () => {
  /** Each 160 ms long, its end sent three times, 80 ms of silence after it (as telephones do). */
  function pressed(keys: string, line: Impairment, seed: number): Arrival[] {
    const impairment = createImpairment(line, seed);
    const arrivals: Arrival[] = [];
    let [sequence, timestamp, atMs] = [65_500, 2 ** 32 - 10_000, 1_003];
    const send = (payloadType: number, at: number, payload: Uint8Array, marker = false) => {
      const fields = { marker, payloadType, sequence: sequence & 0xffff, timestamp: at >>> 0, ssrc: 7, payload };
      const datagram = writeRtp(fields, new Uint8Array(12 + payload.length));
      for (const delayMs of impairment.next().delaysMs) arrivals.push({ atMs: atMs + delayMs, datagram });
      sequence++;
    };
    const pass = () => {
      timestamp += 160;
      atMs += 20;
    };
    for (const key of keys) {
      const begun = timestamp;
      for (let n = 1; n <= 8; n++, pass()) {
        const event = "0123456789*#".indexOf(key);
        const payload = Uint8Array.of(event, (n === 8 ? 0x80 : 0) | 10, (160 * n) >> 8, (160 * n) & 0xff);
        for (let copy = 0; copy < (n === 8 ? 3 : 1); copy++) send(101, begun, payload, n === 1);
      }
      for (let n = 0; n < 4; n++, pass()) send(8, timestamp, new Uint8Array(160).fill(0xd5));
    }
    return arrivals.sort((a, b) => a.atMs - b.atMs);
  }

  const keys = Array.from({ length: 240 }, (_, i) => "0123456789*#55"[(i * 7 + Math.floor(i / 12)) % 14]).join("");

  test.each([
    ["5 % loss", { lossShare: 0.05 }],
    ["5 % loss, 50 ms of jitter", { lossShare: 0.05, jitterMs: 50 }],
    ["10 % loss, disorder, doubles", { lossShare: 0.1, reorderShare: 0.05, doubleShare: 0.1, jitterMs: 10 }],
  ])("%s: 240 of 240 keys are right, on three lines", async (_name, line: Impairment) => {
    for (const seed of [21, 22, 23]) {
      const call = oneCall();
      await call.through(pressed(keys, line, seed), 1_500 + 240 * keys.length);
      expect(
        call
          .of("digit")
          .map(({ digit }) => digit)
          .join(""),
      ).toBe(keys);
    }
  });
});

describe("senders that change in mid-call", () => {
  test("another SSRC without a word, as Asterisk does it: heard at once", async () => {
    const call = oneCall(negotiated, "echo");
    const frames = framesOf(speech, 300);
    const first = talkOver({ frames, ssrc: 7, sequence: 40_000, timestamp: 1 });
    const second = talkOver({ frames, ssrc: 8, sequence: 0, timestamp: 4_000_000_000, fromMs: 7_003 });
    await call.through([...first, ...second], 13_200);
    const { received, lost, dropped } = call.session.stats;
    expect([received, lost, dropped]).toEqual([600, 0, {}]);
    const loudAfter = call.rtp.filter(({ atMs, payload }) => atMs > 7_100 && atMs < 8_500 && isLoud(payload));
    expect(loudAfter.length).toBeGreaterThan(20);
  });

  test("sequence and timestamp wrap, 0 is as good as any: nothing is lost", async () => {
    const call = oneCall(negotiated, "echo");
    await call.through(
      talkOver({ frames: framesOf(speech, 500), sequence: 65_300, timestamp: 2 ** 32 - 30_000 }),
      11_200,
    );
    const { received, lost, late, concealedMs } = call.session.stats;
    expect([received, lost, late]).toEqual([500, 0, 0]);
    expect(concealedMs).toBeLessThanOrEqual(220); // after his last packet
  });

  test.each([
    ["ahead by an hour", 8_000 * 3_600],
    ["back by ten minutes", -8_000 * 600],
    ["ahead by a second", 8_000],
  ])("timestamps that leap %s: heard again within 300 ms", async (_name, leap) => {
    const call = oneCall(negotiated, "echo");
    const tone = Int16Array.from({ length: 8_000 }, (_, n) => 8_000 * Math.sin((2 * Math.PI * 440 * n) / 8_000));
    const frames = framesOf(tone, 200);
    const first = talkOver({ frames, timestamp: 5_000_000 });
    const timestamp = (5_000_000 + 200 * 160 + leap) >>> 0;
    const second = talkOver({ frames, sequence: 200, timestamp, fromMs: 5_003 });
    await call.through([...first, ...second], 9_300);
    const quiet = call.rtp.filter(({ atMs, payload }) => atMs > 1_200 && atMs < 9_000 && !isLoud(payload));
    expect(20 * quiet.length).toBeLessThanOrEqual(300);
    expect(call.session.stats.received).toBe(400);
  });

  test.each([1.0002, 0.9998])("a clock at %d of ours, 50 ms of jitter: followed for ten minutes", async (clock) => {
    const { lateShare, concealedShare, call } = await hear(600, { clock, line: { jitterMs: 50 }, seed: 31 });
    expect(lateShare).toBeLessThanOrEqual(0.01);
    expect(concealedShare).toBeLessThanOrEqual(0.01);
    expect(call.of("inactive")).toEqual([]);
  });
});

function isLoud(payload: Uint8Array): boolean {
  const samples = pcm(payload);
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length) > 300;
}
