import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createEchoCanceller } from "../../../src/media/echo/canceller.ts";
import type { VadModel } from "../../../src/media/silero.ts";
import { createMouth } from "../../caller/voice.ts";
import { seeded } from "../network.ts";
import { createSpeakerPhone, type PathKind } from "./echo-path.ts";
import { type Line, loadVad, onsetOf, power, runSpeakerCall } from "./speaker-call.ts";

/** Half a minute of call each, on a machine that may be busy. */
setDefaultTimeout(60_000);

const rateHz = 8000;
const greeting = "Thank you for calling Harbour and Lane, this call is recorded. How can I help you today?";
const offer = "We have three properties in Maple Road that you could see this week, one of them with a garden.";
let model: VadModel;
let prompts: Line[];
let answer: Int16Array;
let untilMs: number;

beforeAll(async () => {
  model = await loadVad();
  const agent = await createMouth("gmw/en-GB-x-rp");
  const caller = await createMouth("gmw/en");
  const [first, second] = [agent(greeting), agent(offer)];
  const secondMs = 1500 + first.length / 8;
  prompts = [
    { fromMs: 400, samples: first },
    { fromMs: secondMs, samples: second },
  ];
  untilMs = 20 * Math.ceil((secondMs + second.length / 8 + 1000) / 20);
  answer = caller("Sorry, could it be on Wednesday?");
});

function call(kind: PathKind, returnLossDb: number, delayMs: number, caller: readonly Line[] = []) {
  const phone = createSpeakerPhone({ returnLossDb, delayMs, kind, seed: 1 }, rateHz);
  const canceller = createEchoCanceller(rateHz);
  return { model, canceller, call: { phone, rateHz, agent: prompts, caller, canceller, untilMs } as const };
}

describe("our own voice from a telephone on speaker", () => {
  test.each([
    ["clean", 6, 20, 12],
    ["clean", 20, 300, 12],
    ["clipped", 10, 120, 6],
    ["noisy", 6, 200, 4],
  ] as const)("%s, %d dB down after %d ms, starts no speech and is taken out", async (kind, lossDb, delayMs, least) => {
    const { call: made, canceller } = call(kind, lossDb, delayMs);
    const { startedMs, echoPower, leftPower } = await runSpeakerCall(model, made);
    expect(startedMs).toEqual([]);
    expect(10 * Math.log10(echoPower / leftPower)).toBeGreaterThan(least);
    expect(Math.abs((canceller.stats?.delayMs ?? 0) - delayMs)).toBeLessThan(10);
    expect(Math.abs((canceller.stats?.returnLossDb ?? 0) - lossDb)).toBeLessThan(kind === "clipped" ? 6 : 3);
  });

  test("would start speech without", async () => {
    const { call: made } = call("clean", 20, 120);
    expect((await runSpeakerCall(model, { ...made, canceller: undefined })).startedMs.length).toBeGreaterThan(1);
  });
});

describe("a caller who speaks into it", () => {
  test.each([6, 10, 15, 20])("is heard within 250 ms with an echo %d dB down", async (lossDb) => {
    const line = { fromMs: (prompts[1]?.fromMs ?? 0) + 1310, samples: answer };
    const { startedMs } = await runSpeakerCall(model, call("clean", lossDb, 120, [line]).call);
    expect(startedMs.length).toBe(1);
    expect((startedMs[0] ?? 0) - onsetOf(line, rateHz)).toBeWithin(0, 251);
  });
});

test("our next words are our own, whoever was speaking when the echo of the last ones had gone by", () => {
  const random = seeded(4);
  const canceller = createEchoCanceller(rateHz);
  const noise = () => Int16Array.from({ length: 160 }, () => 8000 * (random() - 0.5));
  const silence = new Int16Array(160);
  const say = (frames: number) =>
    Array.from({ length: frames }, () => {
      const frame = noise();
      canceller.said(frame);
      return canceller.heard(frame.map((x) => x / 3)).verdict;
    });
  const hear = (frames: number, sound: () => Int16Array) =>
    Array.from({ length: frames }, () => {
      canceller.said(silence);
      return canceller.heard(sound()).verdict;
    });
  say(100);
  expect(hear(100, noise).at(30)).toBe("caller"); // the tail is 740 ms
  hear(20, () => silence);
  expect(new Set(say(20))).toEqual(new Set(["echo"]));
});

describe("where nothing of ours comes back", () => {
  test("every sample is passed on as it is, and speech begins when it would have", async () => {
    const line = { fromMs: (prompts[1]?.fromMs ?? 0) + 1310, samples: answer };
    const handset = () => call("clean", 200, 20, [line]).call;
    const cleaned = await runSpeakerCall(model, handset());
    const plain = await runSpeakerCall(model, { ...handset(), canceller: undefined });
    expect(cleaned.cleaned).toEqual(cleaned.heard);
    expect(cleaned.startedMs).toEqual(plain.startedMs);
    expect(cleaned.startedMs.length).toBe(1);
  });

  test("nothing is done while we are silent", () => {
    const canceller = createEchoCanceller(rateHz);
    const random = seeded(3);
    for (let i = 0; i < 50; i++) {
      const frame = Int16Array.from({ length: 160 }, () => 60_000 * (random() - 0.5));
      canceller.said(new Int16Array(160));
      expect(canceller.heard(frame)).toEqual({ samples: frame, verdict: "caller" });
      expect(canceller.heard(frame).samples).toBe(frame);
    }
  });
});

describe("an echo that comes by another way from one moment to the next", () => {
  test.each([20, -40])("%d ms later, is found again and starts no speech", async (ms) => {
    const { call: made, canceller } = call("clean", 20, 120);
    const atMs = (prompts[1]?.fromMs ?? 0) + 2000;
    const { startedMs } = await runSpeakerCall(model, { ...made, jumps: [{ atMs, ms }] });
    expect(startedMs).toEqual([]);
    expect(Math.abs((canceller.stats?.delayMs ?? 0) - 120 - ms)).toBeLessThan(10);
  });
});

test("a path that was known before is known again as soon as it is back", () => {
  const canceller = createEchoCanceller(rateHz);
  const phone = createSpeakerPhone({ returnLossDb: 10, delayMs: 60, kind: "clean", seed: 7 }, rateHz);
  const voice = prompts[1]?.samples ?? new Int16Array(0);
  let at = 0;
  /** @returns for how long the path was another one. */
  const say = (ms: number, delayMs: number): number => {
    let elsewhereMs = 0;
    for (let done = 0; done < ms; done += 20, at += 160) {
      const frame = voice.slice(at, at + 160);
      canceller.said(frame);
      canceller.heard(phone.hear(frame));
      if (Math.abs((canceller.stats?.delayMs ?? 0) - delayMs) > 12) elsewhereMs += 20;
    }
    return elsewhereMs;
  };
  say(1500, 60);
  phone.jump(150);
  const newMs = say(1200, 210);
  phone.jump(-150);
  const backMs = say(1000, 60);
  expect(newMs).toBeLessThan(200);
  expect(backMs).toBeLessThan(140); // 160 ms if it had to be found and learned anew
});

describe("an echo that our own jitter buffer holds back for longer, or shorter", () => {
  /** In mid-word, twice and back, as where a line is uneven. */
  const movesAt = [900, 1300, 2000, 2600, 3100, 3700];
  const moved = (ms: number) =>
    movesAt.map((afterMs, i) => ({
      atMs: (prompts[1]?.fromMs ?? 0) + afterMs,
      ms: i % 2 === 0 ? ms : -ms,
      isOurs: true,
    }));

  test.each([
    ["clean", 6, 20],
    ["clean", 6, 60],
    ["clean", 15, 200],
    ["clipped", 10, 40],
  ] as const)("%s, %d dB down, by %d ms: starts no speech, and is taken out all the same", async (kind, lossDb, ms) => {
    const { call: made, canceller } = call(kind, lossDb, 120);
    const even = await runSpeakerCall(model, call(kind, lossDb, 120).call);
    const uneven = await runSpeakerCall(model, { ...made, jumps: moved(ms) });
    expect(uneven.startedMs).toEqual([]);
    expect(Math.abs((canceller.stats?.delayMs ?? 0) - 120)).toBeLessThan(10);
    const left = (result: typeof even) => 10 * Math.log10(result.leftPower / result.echoPower);
    expect(left(uneven) - left(even)).toBeLessThan(6);
  });

  test("a sender whose clock stood still is none of its doing", () => {
    const random = seeded(5);
    const canceller = createEchoCanceller(rateHz);
    const say = (frames: number, grown: number) => {
      let verdict = "";
      for (let i = 0; i < frames; i++) {
        const frame = Int16Array.from({ length: 160 }, () => 8000 * (random() - 0.5));
        canceller.said(frame);
        ({ verdict } = canceller.heard(
          frame.map((x) => x / 3),
          i === 0 ? grown : 0,
        ));
      }
      return verdict;
    };
    say(100, 0);
    expect(say(3, 30 * rateHz)).toBe("echo");
    expect(canceller.stats?.delayMs).toBeLessThan(5);
  });

  test("would start speech if nobody said so", async () => {
    const { call: made } = call("clean", 6, 120);
    const jumps = moved(60).map(({ atMs, ms }) => ({ atMs, ms }));
    expect((await runSpeakerCall(model, { ...made, jumps })).startedMs.length).toBeGreaterThan(0);
  });
});

describe("whatever comes", () => {
  const kinds: Record<string, (random: () => number, n: number) => number> = {
    silence: () => 0,
    noise: (random) => 65_535 * random() - 32_768,
    clicks: (random) => (random() < 0.002 ? 32_767 : 0),
    "a square wave": (_, n) => (n % 40 < 20 ? 32_767 : -32_768),
  };
  const pairs = Object.keys(kinds).flatMap((said) => Object.keys(kinds).map((heard) => [said, heard] as const));

  test.each(pairs)("%s said, %s heard: nothing becomes louder", (said, heard) => {
    for (const [rate, frameMs] of [
      [8000, 10],
      [8000, 60],
      [16_000, 20],
    ] as const) {
      const random = seeded(rate + frameMs);
      const canceller = createEchoCanceller(rate);
      const length = (rate * frameMs) / 1000;
      let [came, left] = [0, 0];
      for (let n = 0; n < 3 * rate; n += length) {
        const frame = (kind: string) => Int16Array.from({ length }, (_, i) => kinds[kind]?.(random, n + i) ?? 0);
        canceller.said(frame(said));
        const from = frame(heard);
        const { samples } = canceller.heard(from);
        expect(samples.length).toBe(length);
        came += power(from);
        left += power(samples);
      }
      expect(left).toBeLessThanOrEqual(1.05 * came);
    }
  });

  test("a telephone that is itself our echo, and ends being it, is not heard for ever as one", () => {
    const random = seeded(9);
    const canceller = createEchoCanceller(rateHz);
    const noise = () => Int16Array.from({ length: 160 }, () => 8000 * (random() - 0.5));
    for (let i = 0; i < 100; i++) {
      const frame = noise();
      canceller.said(frame);
      canceller.heard(frame.map((x) => x / 3));
    }
    expect(canceller.stats?.returnLossDb).toBeCloseTo(20 * Math.log10(3), 0);
    let verdict = "";
    for (let i = 0; i < 100; i++) {
      canceller.said(noise());
      verdict = canceller.heard(noise()).verdict;
    }
    expect(verdict).toBe("caller");
  });
});
