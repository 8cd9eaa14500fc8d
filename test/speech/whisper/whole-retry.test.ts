import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { loadWhisper } from "../../../src/speech/whisper/engine.ts";
import { hearing } from "../../../src/speech/whisper/hear.ts";
import { loadModel } from "../../../src/speech/whisper/model.ts";
import { seeded } from "./clips.ts";
import { type Follows, madeTokens, makeModel } from "./made-model.ts";

const root = mkdtempSync(join(tmpdir(), "whisper-retry-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const { signal } = new AbortController();
const random = seeded(3);
/** A second of noise: what these models make of it is written down below. */
const sound = Float32Array.from({ length: 16_000 }, () => 0.1 * (random() - 0.5));

const chain = (...words: string[]): Follows =>
  Object.fromEntries(words.slice(0, -1).map((word, at) => [word, words[at + 1] ?? "end"]));
const abc = chain("start", "a", "b", "c", "end");
const loop = { ...chain("start", "a", "b"), b: "a" };
/** Never twice the same and never an end: longer than a second of speech can be. */
const endless = { ...chain("start", ..."abcdefghijklmnopqrstuvwxyz"), z: "a" };

let made = 0;
function modelOf(short: Follows, whole: Follows, modelType = "whisper-tiny.en"): string {
  const folder = join(root, String(made++));
  makeModel(folder, modelType, { short, whole });
  return folder;
}

/** ONNX Runtime that notes how many columns each encoder run had, and which tokens each decoder run. */
function noting() {
  const columns: number[] = [];
  const fed: number[][] = [];
  const create = async (from: string | Uint8Array, options: ort.InferenceSession.SessionOptions) => {
    const session = await (typeof from === "string"
      ? ort.InferenceSession.create(from, options)
      : ort.InferenceSession.create(from, options));
    const run = session.run.bind(session) as (...args: unknown[]) => Promise<never>;
    session.run = (async (feeds: ort.InferenceSession.FeedsType, ...rest: unknown[]) => {
      const { mel, tokens } = feeds as Record<string, ort.Tensor | undefined>;
      if (mel) columns.push(mel.dims[2] ?? 0);
      if (tokens) fed.push(Array.from(tokens.data as BigInt64Array, Number));
      return await run(feeds, ...rest);
    }) as typeof session.run;
    return session;
  };
  return { columns, fed, ort: { ...ort, InferenceSession: { create } as unknown as typeof ort.InferenceSession } };
}

async function heard(short: Follows, whole: Follows) {
  const { columns, ort: runtime } = noting();
  const source = { folder: modelOf(short, whole) };
  const engine = await loadWhisper({ source, precision: "fp32", tailFrames: 1000, ort: runtime, threads: 1 });
  const { text } = await engine.transcribe(sound, { signal });
  await engine.close();
  return { text, columns };
}

test("a text that goes round in circles is heard again at 30 s, and that is taken", async () => {
  const { text, columns } = await heard(loop, abc);
  expect(text).toBe("a b c");
  expect(columns).toHaveLength(2);
  expect(columns[0]).toBeWithin(1100, 1201);
  expect(columns[1]).toBe(3000);
});

test("so is a text that has no end", async () => {
  const { text, columns } = await heard(endless, chain("start", "d", "e", "end"));
  expect(text).toBe("d e");
  expect(columns[1]).toBe(3000);
});

test("a text that ends is heard once, and so is nothing at all", async () => {
  expect(await heard(abc, chain("start", "d", "end"))).toMatchObject({ text: "a b c", columns: [expect.any(Number)] });
  expect(await heard(chain("start", "end"), abc)).toMatchObject({ text: "", columns: [expect.any(Number)] });
});

test("it is tried once: what is no better at 30 s is not tried again", async () => {
  const { columns } = await heard(loop, loop);
  expect(columns.filter((each) => each === 3000)).toHaveLength(1);
});

test("a model that was trained on less, as the embedded one, is never asked for 30 s", async () => {
  const { columns, ort: runtime } = noting();
  const model = await loadModel({ folder: modelOf(loop, abc) }, { precision: "fp32", threads: 1, ort: runtime });
  await hearing(model, 50, false)(sound, signal);
  await model.close();
  expect(columns.length).toBe(1);
  expect(columns[0]).toBeLessThan(300);
});

test("an abort between the two is obeyed before the second is begun", async () => {
  const { columns, fed, ort: runtime } = noting();
  const controller = new AbortController();
  const source = { folder: modelOf(loop, abc) };
  const engine = await loadWhisper({ source, precision: "fp32", tailFrames: 1000, ort: runtime, threads: 1 });
  fed.length = 0;
  fed.push = (...each) => {
    for (const tokens of each) fed[fed.length] = tokens;
    if (fed.length === 10) controller.abort(new Error("the caller went on"));
    return fed.length;
  };
  await expect(engine.transcribe(sound, { signal: controller.signal })).rejects.toThrow("the caller went on");
  expect(columns).toHaveLength(1);
  expect(fed).toHaveLength(10);
  await engine.close();
});

test("a prompt is fed before the start, as the model was trained, and only to one that was", async () => {
  const { fed, ort: runtime } = noting();
  const load = (modelType: string) =>
    loadWhisper({
      source: { folder: modelOf(abc, abc, modelType) },
      precision: "fp32",
      tailFrames: 1000,
      ort: runtime,
      threads: 1,
    });
  const { previous, start, noTimestamps, word } = madeTokens;
  const trained = await load("whisper-base.en");
  fed.length = 0;
  expect((await trained.explain(sound, { signal, previous: "x y z" })).text).toBe("a b c");
  expect(fed[0]).toEqual([previous, word("x"), word("y"), word("z"), start, noTimestamps]);
  expect(fed.slice(1)).toEqual([[word("a")], [word("b")], [word("c")]]);

  fed.length = 0;
  const long = "x y z ".repeat(200);
  await trained.explain(sound, { signal, previous: long });
  expect(fed[0]).toHaveLength(1 + 223 + 2); // its end, half of what the decoder can hold
  expect(fed[0]?.slice(-5)).toEqual([word("x"), word("y"), word("z"), start, noTimestamps]);

  fed.length = 0;
  await trained.transcribe(sound, { signal });
  expect(fed[0]).toEqual([start, noTimestamps]);
  await trained.close();

  const other = await load("whisper-demo");
  await expect(other.explain(sound, { signal, previous: "x" })).rejects.toMatchObject({ code: "invalid_input" });
  await other.close();
});
