import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  findAttentionDecoder,
  findModelFiles,
  type Precision,
  readModelFile,
} from "../../../src/speech/whisper/model-files.ts";

const root = mkdtempSync(join(tmpdir(), "whisper-files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
function folderOf(...names: string[]): string {
  const folder = join(root, String(made++));
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), "");
  return folder;
}

function found(folder: string, precision: Precision): string[] {
  const { encoder, decoder, tokens } = findModelFiles({ folder }, precision);
  return [encoder.name, decoder.name, tokens.name];
}

test("with a prefix or without, in the precision asked for", () => {
  const plain = folderOf("encoder.onnx", "decoder.onnx", "tokens.txt", "encoder.int8.onnx", "decoder.int8.onnx");
  expect(found(plain, "fp32")).toEqual(["encoder.onnx", "decoder.onnx", "tokens.txt"]);
  expect(found(plain, "int8")).toEqual(["encoder.int8.onnx", "decoder.int8.onnx", "tokens.txt"]);

  const named = folderOf("base.en-encoder.int8.onnx", "base.en-decoder.int8.onnx", "base.en-tokens.txt", "README.md");
  expect(found(named, "int8")).toEqual([
    "base.en-encoder.int8.onnx",
    "base.en-decoder.int8.onnx",
    "base.en-tokens.txt",
  ]);
});

test("a graph that exists in one precision only is taken in that", () => {
  const folder = folderOf("tiny-encoder.onnx", "tiny-decoder.int8.onnx", "tiny-tokens.txt");
  expect(found(folder, "int8")).toEqual(["tiny-encoder.onnx", "tiny-decoder.int8.onnx", "tiny-tokens.txt"]);
});

test("a decoder of another kind and an incomplete second model are no hindrance", () => {
  const folder = folderOf(
    "demo-encoder.onnx",
    "demo-decoder.onnx",
    "demo-decoder-attn.int8.onnx",
    "demo-tokens.txt",
    "small-encoder.onnx",
  );
  expect(found(folder, "int8")).toEqual(["demo-encoder.onnx", "demo-decoder.onnx", "demo-tokens.txt"]);
});

test.each([
  [["tiny-encoder.onnx", "tiny-tokens.txt"], "tiny-decoder.onnx (or tiny-decoder.int8.onnx)"],
  [["tiny-decoder.onnx", "tiny-tokens.txt"], "tiny-encoder.onnx (or tiny-encoder.int8.onnx)"],
  [["encoder.onnx", "decoder.onnx"], "tokens.txt"],
  [["README.md"], "encoder.onnx"],
] as const)("%p: the file that is missing is named", (names, missing) => {
  const folder = folderOf(...names);
  expect(() => found(folder, "int8")).toThrow(expect.objectContaining({ code: "model_missing" }));
  expect(() => found(folder, "int8")).toThrow(missing);
});

test("two models in one folder are named, not guessed at", () => {
  const both = ["tiny", "base"].flatMap((name) => [
    `${name}-encoder.onnx`,
    `${name}-decoder.onnx`,
    `${name}-tokens.txt`,
  ]);
  expect(() => found(folderOf(...both), "fp32")).toThrow(/base, tiny/);
});

test("a folder that does not exist is named", () => {
  expect(() => found(join(root, "nowhere"), "fp32")).toThrow(/nowhere cannot be read/);
});

test("the embedded model is found by its prefix and can be read", () => {
  const files = findModelFiles({ embedded: "models/demo-whisper/" }, "int8");
  expect(files.encoder).toEqual({
    name: "demo-encoder.int8.onnx",
    path: "models/demo-whisper/demo-encoder.int8.onnx",
    embedded: true,
  });
  expect(readModelFile(files.tokens).length).toBeGreaterThan(10_000);
  expect(() => findModelFiles({ embedded: "models/none/" }, "int8")).toThrow(/embedded models\/none\//);
});

test("a decoder with attention beside the usual one is no second model, and is found where it is asked for", () => {
  const names = ["a-encoder.int8.onnx", "a-decoder.int8.onnx", "a-decoder.onnx", "a-tokens.txt"];
  const both = folderOf(...names, "a-decoder-attn.int8.onnx", "a-decoder-attn.onnx");
  expect(found(both, "int8")).toEqual(["a-encoder.int8.onnx", "a-decoder.int8.onnx", "a-tokens.txt"]);
  const attention = (folder: string, precision: Precision) =>
    findAttentionDecoder({ folder }, findModelFiles({ folder }, precision).decoder, precision)?.name;
  expect(attention(both, "int8")).toBe("a-decoder-attn.int8.onnx");
  expect(attention(both, "fp32")).toBe("a-decoder-attn.onnx");
  expect(attention(folderOf(...names, "a-decoder-attn.int8.onnx"), "fp32")).toBe("a-decoder-attn.int8.onnx");
  expect(attention(folderOf(...names, "b-decoder-attn.onnx"), "int8")).toBeUndefined();
  expect(attention(folderOf("encoder.onnx", "decoder.onnx", "tokens.txt", "decoder-attn.onnx"), "fp32")).toBe(
    "decoder-attn.onnx",
  );
});
