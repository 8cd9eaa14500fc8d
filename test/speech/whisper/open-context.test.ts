import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { decodeBeam } from "../../../src/speech/whisper/beam.ts";
import { decodeGreedily, longestText } from "../../../src/speech/whisper/decode.ts";
import { createDecoder } from "../../../src/speech/whisper/decoder.ts";
import { melFrontEnd } from "../../../src/speech/whisper/mel.ts";
import { loadModel, type WhisperModel } from "../../../src/speech/whisper/model.ts";
import { openContext } from "../../../src/speech/whisper/open-context.ts";
import { openDecoder } from "../../../src/speech/whisper/open-decoder.ts";
import { rulesFor } from "../../../src/speech/whisper/rules.ts";
import { padded, seeded, spoken } from "./clips.ts";

const models = join(import.meta.dir, "../../../models");
const demo = join(models, "demo-whisper");
const { signal } = new AbortController();
const decoderFile = { name: "demo-decoder.int8.onnx", path: join(demo, "demo-decoder.int8.onnx"), embedded: false };

test("the declared context is left open in every value that has it, and nothing else changes", () => {
  for (const path of [
    "demo-whisper/demo-decoder.int8.onnx",
    "demo-whisper/demo-decoder.onnx",
    "whisper-shapes/base.en/base.en-decoder.int8.onnx",
    "whisper-shapes/tiny/tiny-decoder.onnx",
  ]) {
    const before = readFileSync(join(models, path));
    const after = Uint8Array.from(before);
    expect(openContext(after, 448)).toBe(true);
    expect(after).toHaveLength(before.length);
    let changed = 0;
    for (let i = 0; i < after.length; i++) if (after[i] !== before[i]) changed++;
    expect(changed).toBeGreaterThanOrEqual(3 * 4); // both caches, in and out
    expect(changed).toBeLessThan(3 * 100);
    expect(openContext(after, 448)).toBe(false); // none is left
  }
}, 30_000);

test("another context, garbage and half a file are left as they are", () => {
  const file = readFileSync(decoderFile.path);
  for (const [bytes, context] of [
    [file, 447],
    [file, 100],
    [file, 20_000],
    [file.subarray(0, 4_000_000), 448],
    [Buffer.from("PK\x03\x04 nonsense"), 448],
    [new Uint8Array(0), 448],
  ] as const) {
    const copy = Uint8Array.from(bytes);
    expect(openContext(copy, context)).toBe(false);
    expect(Buffer.compare(copy, Uint8Array.from(bytes))).toBe(0);
  }
}, 30_000);

/** The same model with its cache as long as the file says. */
async function withLongCache(model: WhisperModel): Promise<WhisperModel> {
  const session = await ort.InferenceSession.create(decoderFile.path, { intraOpNumThreads: 1 });
  return { ...model, ...createDecoder(ort, session, model.settings, false) };
}

test("a short cache says what the long one says, token for token, greedily and in a beam, one text after another", async () => {
  const model = await loadModel({ folder: demo }, { precision: "int8", threads: 1, ort });
  const long = await withLongCache(model);
  const frontEnd = melFrontEnd(model.settings.mels);
  const lines = [
    "My name is Sarah Patel",
    "My number is oh seven seven oh oh, nine oh oh, eight seven one",
    "Yes please",
  ];
  for (const line of lines) {
    const clip = padded(await spoken(line, "gmw/en+m3"), 0.2, 0.2, seeded(8));
    const rules = rulesFor(model, clip.length);
    const mel = frontEnd(clip, "openai", Math.ceil(clip.length / 160 / 2) * 2 + 50);
    const both = [];
    for (const each of [model, long]) {
      each.begin(await each.encode(mel), longestText(rules));
      const greedy = await decodeGreedily(each.step, rules, signal);
      const options = { width: 4, bias: undefined, mayGoOn: () => true };
      both.push({ greedy, readings: await decodeBeam(each, greedy.first.slice(), rules, options, signal) });
    }
    expect(both[0]?.greedy.tokens.length).toBeGreaterThan(1);
    expect(both[0]).toEqual(both[1] ?? { greedy: {} as never, readings: [] });
  }
  await model.close();
}, 30_000);

test("a graph that needs all of its cache is opened as it is", async () => {
  const settings = (await loadModel({ folder: demo }, { precision: "int8", threads: 1, ort })).settings;
  const open = (refuses: (dims: readonly number[]) => boolean) => {
    const InferenceSession = {
      create: async (from: string | Uint8Array, options: ort.InferenceSession.SessionOptions) => {
        const session = await (typeof from === "string"
          ? ort.InferenceSession.create(from, options)
          : ort.InferenceSession.create(from, options));
        const run = session.run.bind(session) as (
          feeds: ort.InferenceSession.FeedsType,
          fetches: never,
        ) => Promise<never>;
        session.run = (async (feeds: ort.InferenceSession.FeedsType, fetches: never) => {
          const cache = feeds[session.inputNames[1] ?? ""] as ort.Tensor;
          if (refuses(cache.dims)) throw new Error("Got invalid dimensions");
          return await run(feeds, fetches);
        }) as typeof session.run;
        return session;
      },
    };
    const made = { ...ort, InferenceSession: InferenceSession as unknown as typeof ort.InferenceSession };
    return openDecoder(decoderFile, settings, { ort: made, threads: 1 });
  };
  expect((await open(() => false)).isOpen).toBe(true);
  expect((await open(([, , positions = 0]) => positions < settings.textContext)).isOpen).toBe(false);
}, 30_000);
