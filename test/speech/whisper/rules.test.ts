import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readMetadata } from "../../../src/speech/whisper/onnx-metadata.ts";
import { rulesFor } from "../../../src/speech/whisper/rules.ts";
import { whisperSettings } from "../../../src/speech/whisper/settings.ts";

const models = join(import.meta.dir, "../../../models");

function settingsOf(path: string) {
  const bytes = readFileSync(join(models, path));
  const source = { bytes: bytes.length, read: (from: number, length: number) => bytes.subarray(from, from + length) };
  return whisperSettings(readMetadata(source), path);
}

const tiny = { settings: settingsOf("whisper-shapes/tiny/tiny-encoder.int8.onnx"), annotations: [] };
const english = [50_258, 50_259, 50_359, 50_363];

test("without a prompt the decoder begins with start, language, task, no timestamps", () => {
  expect(rulesFor(tiny, 16_000)).toMatchObject({ prompt: english, startIndex: 0, maxTokens: 24 });
});

test("a prompt stands before the start, behind its mark; no speech is read at the start still", () => {
  const { prompt, startIndex } = rulesFor(tiny, 16_000, [11, 12, 13]);
  expect(prompt).toEqual([50_361, 11, 12, 13, ...english]);
  expect(prompt[startIndex]).toBe(50_258);
});

test("of a long prompt the end is taken, and the longest text still fits behind it", () => {
  const long = Array.from({ length: 1000 }, (_, id) => id);
  const { prompt, maxTokens } = rulesFor(tiny, 30 * 16_000, long);
  expect(prompt.slice(0, 2)).toEqual([50_361, 777]);
  expect(prompt.slice(-5)).toEqual([999, ...english]);
  expect(prompt).toHaveLength(224 + 4);
  expect(prompt.length + maxTokens).toBeLessThanOrEqual(448);
});

test("a model that knows no prompts is given none", () => {
  const demo = { settings: settingsOf("demo-whisper/demo-encoder.int8.onnx"), annotations: [] };
  expect(rulesFor(demo, 16_000, [1, 2]).prompt).toEqual([1197, 1198, 1200, 1204]);
});
