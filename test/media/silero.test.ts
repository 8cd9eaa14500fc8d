import { beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { embeddedFile } from "../../src/embedded/files.ts";
import { extractNatives, loadOnnxRuntime } from "../../src/embedded/natives.ts";
import { createVad, type VadModel, vadStepSamples } from "../../src/media/silero.ts";
import { loadVadModel } from "../../src/media/worker/vad-model.ts";
import { seeded } from "./network.ts";

const fixtures = join(import.meta.dir, "../fixtures/media/silero");
/** Made by make-vectors.py: another language, another framing, the same model. */
const vectors: { withContext: number[]; withoutContext: number[] } = JSON.parse(
  readFileSync(join(fixtures, "vectors.json"), "utf8"),
);
const speech = readSound("speech-16k.s16le.raw");
const tolerance = 2e-4;

let model: VadModel;

beforeAll(async () => {
  const runtime = await loadOnnxRuntime(extractNatives(import.meta.dir));
  model = await loadVadModel(runtime, embeddedFile("models/silero_vad_v5.onnx"));
});

function readSound(name: string): Float32Array {
  const bytes = readFileSync(join(fixtures, name));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => view.getInt16(2 * i, true) / 32_768);
}

function fail(error: unknown): never {
  throw error;
}

/** All streams at once, step by step; settles when the last step of each has been judged. */
function judge(sounds: readonly Float32Array[], vad = createVad(model, fail)): Promise<number[][]> {
  return Promise.all(
    sounds.map((sound) => {
      const stream = vad.stream();
      const steps = Math.floor(sound.length / vadStepSamples);
      return new Promise<number[]>((resolve) => {
        const found: number[] = [];
        const next = (at: number) =>
          stream.push(sound.subarray(at * vadStepSamples, (at + 1) * vadStepSamples), (probability) => {
            found.push(probability);
            if (found.length === steps) resolve(found);
            else next(at + 1);
          });
        next(0);
      });
    }),
  );
}

async function judgeOne(sound: Float32Array): Promise<number[]> {
  return (await judge([sound]))[0] ?? [];
}

function furthest(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 0))));
}

function made(seconds: number, sample: (n: number) => number): Float32Array {
  return Float32Array.from({ length: 16_000 * seconds }, (_, n) => sample(n));
}

describe("Silero VAD", () => {
  test("its probabilities are the reference's, step by step", async () => {
    expect(furthest(await judgeOne(speech), vectors.withContext)).toBeLessThan(tolerance);
  });

  test("that depends on the 64 samples of context: the reference without them is another", () => {
    expect(furthest(vectors.withContext, vectors.withoutContext)).toBeGreaterThan(0.2);
  });

  test("eleven calls through one session, at different places in their speech, do not mix", async () => {
    const sounds = Array.from({ length: 11 }, (_, i) => speech.subarray(0, speech.length - i * 5000));
    const all = await judge(sounds);
    for (const found of all)
      expect(furthest(found, vectors.withContext.slice(0, found.length))).toBeLessThan(tolerance);
  });

  test("speech is likely, most of the time", () => {
    const speaking = vectors.withContext.filter((probability) => probability > 0.5).length;
    expect(speaking / vectors.withContext.length).toBeGreaterThan(0.5);
  });

  test("silence, noise, tones and clicks are not", async () => {
    const random = seeded(4);
    const tone = (hz: number) => (n: number) => 0.3 * Math.sin((2 * Math.PI * hz * n) / 16_000);
    const others = {
      silence: made(2, () => 0),
      noise: made(2, () => 0.1 * (2 * random() - 1)),
      faintNoise: made(2, () => 0.005 * (2 * random() - 1)),
      tone440: made(2, tone(440)),
      dialTone: made(2, (n) => tone(350)(n) + tone(440)(n)),
      key5: made(2, (n) => tone(770)(n) + tone(1336)(n)),
      clicks: made(2, (n) => (n % 8000 < 20 ? 0.9 : 0)),
    };
    for (const [name, sound] of Object.entries(others)) {
      const found = await judgeOne(sound);
      const likely = found.filter((probability) => probability >= 0.5).length;
      expect([name, likely]).toEqual([name, 0]);
    }
  });

  test("silence before speech costs no inference, and the speech is recognised all the same", async () => {
    const vad = createVad(model, fail);
    const sound = new Float32Array(2 * 16_384 + speech.length);
    sound.set(speech, 2 * 16_384);
    const [found = []] = await judge([sound], vad);
    expect(vad.counts).toEqual({ inferred: vectors.withContext.length, silent: 64, skipped: 0 });
    const decided = found.slice(64).map((probability) => probability >= 0.5);
    const differing = decided.filter((is, i) => is !== (vectors.withContext[i] ?? 0) >= 0.5).length;
    expect(differing).toBeLessThanOrEqual(2);
  });
});

describe("the queue in front of it", () => {
  const loud = new Float32Array(vadStepSamples).fill(0.5);
  const still = new Float32Array(vadStepSamples);

  /** A model that answers when it is told to: each step of a batch with the batch's number. */
  function slowModel() {
    const pending: (() => void)[] = [];
    const batches: number[] = [];
    const slow: VadModel = {
      infer: (_, state, batch) => {
        batches.push(batch);
        const probabilities = new Float32Array(batch).fill(batches.length / 100);
        return new Promise((resolve) => pending.push(() => resolve({ probabilities, state })));
      },
    };
    const answer = async () => {
      pending.shift()?.();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    };
    return { slow, batches, answer };
  }

  test("silent steps wait for the loud ones before them: the order stays", async () => {
    const { slow, answer } = slowModel();
    const stream = createVad(slow, fail).stream();
    const order: string[] = [];
    stream.push(loud, () => order.push("loud"));
    stream.push(still, () => order.push("still"));
    expect(order).toEqual([]);
    await answer();
    expect(order).toEqual(["loud", "still"]);
    stream.push(still, () => order.push("at once"));
    expect(order.at(-1)).toBe("at once");
  });

  test("at most eight go together, and nobody is served twice before all were once", async () => {
    const { slow, batches, answer } = slowModel();
    const vad = createVad(slow, fail);
    const served: number[] = [];
    for (let i = 0; i < 10; i++) {
      const stream = vad.stream();
      for (let n = 0; n < 2; n++) stream.push(loud, () => served.push(i));
    }
    for (let i = 0; i < 5; i++) await answer();
    expect(batches).toEqual([1, 8, 8, 3]);
    expect(served.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)));
    expect(new Set(served.slice(0, 10)).size).toBe(10);
  });

  test("seventeen waiting are one too many: the oldest that waits counts as the one before it", async () => {
    const { slow, answer } = slowModel();
    const vad = createVad(slow, fail);
    const stream = vad.stream();
    const found: number[] = [];
    for (let n = 0; n < 17; n++) stream.push(loud, (probability) => found.push(probability));
    expect(vad.counts.skipped).toBe(1);
    for (let i = 0; i < 16; i++) await answer();
    expect(found.length).toBe(17);
  });

  test("a closed stream reports nothing, also of what is on its way", async () => {
    const { slow, answer } = slowModel();
    const stream = createVad(slow, fail).stream();
    let reported = 0;
    stream.push(loud, () => reported++);
    stream.push(loud, () => reported++);
    stream.close();
    await answer();
    stream.push(loud, () => reported++);
    expect(reported).toBe(0);
  });

  test("an error of the model is reported", async () => {
    const broken: VadModel = { infer: () => Promise.reject(new Error("broken")) };
    const { promise, resolve } = Promise.withResolvers<unknown>();
    createVad(broken, resolve)
      .stream()
      .push(loud, () => resolve("judged"));
    expect(String(await promise)).toContain("broken");
  });
});

test("whoever pushes the next step as soon as it can gets every result", async () => {
  for (const ticks of [0, 1, 2, 3, 4, 5]) {
    const stream = createVad(model, fail).stream();
    for (let at = 0; at < 8; at++) {
      const step = speech.subarray(at * vadStepSamples, (at + 1) * vadStepSamples).map((x) => x + 0.1);
      const judged = new Promise<number>((done) => stream.push(step, done));
      expect(await judged).toBeWithin(0, 1.000_001);
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    }
  }
});
