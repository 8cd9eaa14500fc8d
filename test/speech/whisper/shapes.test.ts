import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { loadWhisper } from "../../../src/speech/whisper/engine.ts";
import { loadModel } from "../../../src/speech/whisper/model.ts";
import { padded, seeded, spoken } from "./clips.ts";

/** Public Whisper models' graphs with random weights: loading, sizes and speed; what they "hear" means nothing. */
const models = join(import.meta.dir, "../../../models");
const root = mkdtempSync(join(tmpdir(), "whisper-shapes-"));
const { signal } = new AbortController();

beforeAll(async () => {
  const names = ["tiny.en", "tiny", "base.en"].map((name) => `whisper-shapes/${name}`);
  const fill = Bun.spawn([process.execPath, join(models, "fill-shapes.ts"), root, ...names], { stdout: "ignore" });
  if ((await fill.exited) !== 0) throw new Error("fill-shapes.ts failed");
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ["tiny.en", "int8", [50_257, 50_362]],
  ["tiny.en", "fp32", [50_257, 50_362]],
  ["tiny", "int8", [50_258, 50_259, 50_359, 50_363]],
  ["tiny", "fp32", [50_258, 50_259, 50_359, 50_363]],
  ["base.en", "int8", [50_257, 50_362]],
] as const)(
  "%s %s loads with its weights beside it, is given %p and runs",
  async (name, precision, prompt) => {
    const folder = join(root, name);
    const before = process.memoryUsage.rss();
    const began = performance.now();
    const model = await loadModel({ folder }, { precision, threads: 1, ort });
    const loadMs = performance.now() - began;
    expect(model.settings.prompt).toEqual([...prompt]);
    await model.close();

    const engine = await loadWhisper({ source: { folder }, precision, tailFrames: 1000, ort, threads: 1 });
    const clip = padded(await spoken("I'd like to book a viewing please", "gmw/en"), 0.2, 0.2, seeded(4));
    await engine.transcribe(clip, { signal });
    const { audioMs, tookMs } = await engine.transcribe(clip, { signal });
    const grownMb = (process.memoryUsage.rss() - before) / 1e6;
    console.log(
      `${name} ${precision}: loaded in ${loadMs.toFixed(0)} ms, ${(audioMs / 1000).toFixed(1)} s of speech and 10 s of ` +
        `tail in ${tookMs.toFixed(0)} ms (random words up to the cap), +${grownMb.toFixed(0)} MB`,
    );
    await engine.close();
  },
  60_000,
);

test("weights that are missing beside the graph are a damaged model, by name", async () => {
  const folder = join(root, "tiny");
  rmSync(join(folder, "tiny-decoder.int8.weights"));
  await expect(loadModel({ folder }, { precision: "int8", threads: 1, ort })).rejects.toMatchObject({
    code: "model_damaged",
    message: expect.stringContaining(join(folder, "tiny-decoder.int8.onnx")),
  });
});
