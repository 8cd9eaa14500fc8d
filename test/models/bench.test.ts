import { expect, test } from "bun:test";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { checkArithmetic, hearTokens, processorOf, referenceTokens } from "../../src/models/bench/arithmetic.ts";
import { rate, reckon, recommend } from "../../src/models/bench/recommend.ts";
import { makeUtterances, sentences } from "../../src/models/bench/utterances.ts";
import { quantile, type WhisperFigures } from "../../src/models/bench/whisper.ts";
import { readCatalogue } from "../../src/models/catalogue.ts";
import { models } from "./desk.ts";

const utterances = await makeUtterances();
const pace = { hearers: 1, speakMs: 40, speakers: 1, mediaShare: 0.006, cores: 2 };

test("the speech is of one to five seconds, and the same every time", async () => {
  expect(utterances.map(({ text }) => text)).toEqual([...sentences]);
  for (const { samples } of utterances) expect(samples.length / 16_000).toBeWithin(0.9, 5.5);
  const again = (await makeUtterances()).map(({ samples }) => Bun.hash(samples.buffer));
  expect(again).toEqual(utterances.map(({ samples }) => Bun.hash(samples.buffer)));
}, 60_000);

test("the embedded model's int8 gives the tokens that are on record, and fp32 the same", async () => {
  expect(await checkArithmetic(utterances, ort)).toEqual({ utterances: sentences.length, wrong: [] });
  const fp32 = await hearTokens({ folder: join(models, "demo-whisper") }, "fp32", utterances, ort);
  expect(fp32).toEqual(referenceTokens().utterances.map(({ tokens }) => tokens));
}, 60_000);

test("speech that is not what it should be is noticed", async () => {
  const [first, ...others] = utterances;
  const false_ = { text: first?.text ?? "", samples: others[5]?.samples ?? new Float32Array(16_000) };
  expect((await checkArithmetic([false_, ...others], ort)).wrong).toEqual([false_.text]);
}, 60_000);

test("a processor is known by what it has for 8-bit products", () => {
  const old = "model name\t: Old\nflags\t\t: fpu sse2 avx2\n\nmodel name\t: Old\nflags\t\t: fpu sse2 avx2\n";
  expect(processorOf(old)).toEqual({ name: "Old", flags: ["avx2"], maySaturate: true });
  expect(processorOf("model name : New\nflags : avx2 avx512f avx512_vnni\n").maySaturate).toBe(false);
  expect(processorOf("Features : fp asimd asimddp\n")).toEqual({
    name: "unknown",
    flags: ["asimddp"],
    maySaturate: false,
  });
});

/** As tiny.en would be measured where its encoder takes 100 ms and a token 6. */
const tiny: WhisperFigures = {
  loadMs: 100,
  restBytes: 2e8,
  peakBytes: 3e8,
  finalP50Ms: 160,
  finalP95Ms: 200,
  hearMs: 160,
  encodeMs: 100,
  tokenMs: 6,
  realTimeFactor: 0.06,
  frames: 1312,
  textLayers: 4,
  textState: 384,
  vocabulary: 51_864,
};

test("what is not here is reckoned from what is, by the work; without a yardstick nothing is", () => {
  const { models: published } = readCatalogue();
  const reckoned = reckon([{ name: "mine", figures: tiny }], published);
  const of = (id: string) => reckoned.find(({ name }) => name === id)?.hearMs ?? 0;
  expect(of("whisper-tiny.en")).toBeCloseTo(100 + 11 * 6, 0);
  expect(of("whisper-base.en") / of("whisper-tiny.en")).toBeWithin(1.9, 2.7);
  expect(of("whisper-small.en")).toBeGreaterThan(of("whisper-distil-small.en"));
  expect(reckoned.every(({ name }) => name.startsWith("whisper-"))).toBe(true);
  expect(reckon([{ name: "demo", figures: { ...tiny, textState: 192 } }], published)).toEqual([]);
});

test("the largest that keeps ten calls within the goal is recommended, and one to fetch only if it is larger", () => {
  const fast = rate("fast", 40, false, pace);
  const good = rate("good", 120, false, pace);
  const slow = rate("slow", 1200, false, pace);
  expect([fast.fits, good.fits, slow.fits]).toEqual([true, true, false]);
  expect(recommend([fast, good, slow]).here?.name).toBe("good");
  expect(recommend([slow]).here).toBeUndefined();
  expect(recommend([good, rate("other", 60, true, pace)]).toFetch).toBeUndefined();
  expect(recommend([fast, rate("other", 60, true, pace)]).toFetch?.name).toBe("other");
});

test("quantiles", () => {
  expect([0, 0.5, 0.95, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([1, 3, 4, 4]);
});
