import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { readGraph } from "../../../src/speech/onnx/graph.ts";
import { findDecoder } from "../../../src/speech/voice/decoder-part.ts";
import { joined } from "../../../src/speech/voice/join.ts";
import { loadPiper, piperFeeds } from "../../../src/speech/voice/piper.ts";
import { parsePiperConfig } from "../../../src/speech/voice/piper-config.ts";
import { hopSamplesOf, splitVoice } from "../../../src/speech/voice/split-voice.ts";
import { createWindows, spansOf } from "../../../src/speech/voice/windows.ts";
import { floats, node } from "../made-onnx.ts";
import { framesOfId, madeHop, madeVoice, writeMadeVoice } from "./made-voice.ts";

setDefaultTimeout(30_000); // a voice of real size is loaded, on machines that do other things

const models = join(import.meta.dir, "../../../models");
const tones = join(models, "piper-tones/tones.onnx");
const settings = JSON.parse(readFileSync(`${tones}.json`, "utf8"));
const folder = mkdtempSync(join(tmpdir(), "gatehouse-windows-"));
const options = { intraOpNumThreads: 1, logSeverityLevel: 4 } as const;

beforeAll(async () => {
  const filled = Bun.spawn([process.execPath, join(models, "fill-shapes.ts"), folder, "piper-shape"], {
    stdout: "ignore",
  });
  if ((await filled.exited) !== 0) throw new Error("fill-shapes.ts failed");
});
afterAll(() => rmSync(folder, { recursive: true }));

const feedsOf = (ids: readonly number[], speakers: number, speaker: number) => {
  const config = parsePiperConfig(JSON.stringify({ ...settings, num_speakers: speakers }), "made");
  const feeds = piperFeeds(ids, config, speaker, 0);
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new ort.Tensor(type, data, dims)]),
  );
};
const someIds = (count: number) => Array.from({ length: count }, (_, i) => (i * 7) % 120);
const largest = (samples: Float32Array) => samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const apart = (a: Float32Array, b: Float32Array) => largest(a.map((x, i) => x - (b[i] ?? Number.NaN)));

/** The same file twice: as a whole, and split, with windows of so many frames. */
async function bothWays(file: Uint8Array, beside: string) {
  const extra = { session: { model_external_initializers_file_folder_path: beside } };
  const create = (bytes: Uint8Array) => ort.InferenceSession.create(bytes, { ...options, extra });
  const split = splitVoice(file);
  if (split === undefined) throw new Error("it was not split");
  const whole = await create(file);
  const sessions = { front: await create(split.frontFile()), decoder: await create(split.decoderFile()) };
  const hop = hopSamplesOf(split.plan);
  return {
    hop,
    whole: async (feeds: ort.InferenceSession.FeedsType) => (await whole.run(feeds)).output?.data as Float32Array,
    windowed: async (feeds: ort.InferenceSession.FeedsType, frames: number) => {
      const rateHz = Math.floor((frames * hop * 1000) / 300); // a window has 300 ms
      return await Array.fromAsync(createWindows({ plan: split.plan, ...sessions, ort, rateHz }).run(feeds));
    },
  };
}

test("in a graph as Piper exports it the decoder is found behind the mask, told of its speaker from outside", () => {
  const part = findDecoder(readGraph(madeVoice()));

  expect(part).toMatchObject({ latents: "latents", sides: ["told"], sound: "sound" });
  expect(part?.stages.map(({ input, output, rate }) => [input, output, rate])).toEqual([
    ["latents", "begun/soft", 1],
    ["begun/soft", "level.0/soft", 4],
    ["level.0/soft", "sound", 4],
  ]);
});

test("windows of any length give the sound of the whole graph, for each speaker", async () => {
  const { hop, whole, windowed } = await bothWays(madeVoice(), folder);
  expect(hop).toBe(madeHop);
  for (const count of [1, 2, 9, 30]) {
    const feeds = feedsOf(someIds(count), 3, count % 3);
    const all = await whole(feeds);
    expect(all.length).toBe(count * framesOfId * madeHop);
    for (const frames of [1, 2, 3, 5, 8, 13, 40]) {
      const parts = await windowed(feeds, frames);
      expect(parts.length).toBe([...spansOf(count * framesOfId, frames)].length);
      expect(joined(parts).length).toBe(all.length);
      expect(apart(all, joined(parts))).toBeLessThan(1e-5);
    }
  }
  const [first, second] = [await whole(feedsOf([5, 6], 3, 0)), await whole(feedsOf([5, 6], 3, 1))];
  expect(apart(first, second)).toBeGreaterThan(0.01);
});

test("a voice of real size says in windows what it says as a whole, within a hundred-thousandth of its loudest", async () => {
  const beside = join(folder, "piper-shape");
  const { hop, whole, windowed } = await bothWays(readFileSync(join(beside, "medium.onnx")), beside);
  const feeds = feedsOf(someIds(33), 1, 0);
  const all = await whole(feeds);

  expect(hop).toBe(256);
  for (const frames of [11, 26, 64]) {
    const parts = joined(await windowed(feeds, frames));
    expect(parts.length).toBe(all.length);
    expect(apart(all, parts)).toBeLessThan(1e-5 * largest(all));
  }
});

test("spans follow one another without a gap, and none is a mere rest", () => {
  for (const frames of [1, 12, 13, 25, 26, 38, 39, 100, 521]) {
    const spans = [...spansOf(frames, 26)];
    expect(spans[0]?.from).toBe(0);
    expect(spans.at(-1)?.to).toBe(frames);
    for (const [i, { from, to }] of spans.entries()) {
      if (i > 0) expect(from).toBe(spans[i - 1]?.to ?? -1);
      if (frames >= 13) expect(to - from).toBeWithin(13, 39);
    }
  }
  expect([...spansOf(0, 26)]).toEqual([]);
});

test("a voice is loaded in windows, and stops between two of them", async () => {
  const file = writeMadeVoice(join(folder, "made.onnx"), { ...settings, audio: { sample_rate: 8000 } });
  const piper = await loadPiper({ file }, { ort, noise: 0, speaker: 2 });
  expect(piper.isWhole).toBe(false);
  const controller = new AbortController();
  const parts: Float32Array[] = [];
  const speaking = (async () => {
    for await (const part of piper.speak(someIds(500), { signal: controller.signal })) {
      parts.push(part);
      if (parts.length === 2) controller.abort(new Error("interrupted"));
    }
  })();
  await expect(speaking).rejects.toThrow("interrupted");
  expect(parts.map(({ length }) => length)).toEqual([2400, 2400]); // 300 ms each
});

test("what cannot be run in windows is run as a whole", async () => {
  const isWhole = async (name: string, last: Buffer[]) => {
    const file = writeMadeVoice(join(folder, `${name}.onnx`), settings, madeVoice(last));
    const piper = await loadPiper({ file }, { ort, noise: 0 });
    const parts = await Array.fromAsync(piper.speak(someIds(12)));
    return [piper.isWhole, parts.length, parts[0]?.length];
  };
  const samples = 12 * framesOfId * madeHop;

  expect((await loadPiper({ file: tones }, { ort })).isWhole).toBe(true);
  // Each sample of it depends on all others.
  expect(await isWhole("softmax", [node("Softmax", ["sound"], ["output"])])).toEqual([true, 1, samples]);
  // It looks as if it could, and when it is tried it cannot.
  const ramp = floats("ramp", [1, 1, samples], new Float32Array(samples).fill(0.1));
  expect(await isWhole("ramp", [ramp, node("Add", ["sound", "ramp"], ["output"])])).toEqual([true, 1, samples]);
});
