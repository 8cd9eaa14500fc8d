import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../src/app-error.ts";
import { MalformedFile } from "../../../src/speech/onnx/malformed.ts";
import type { ByteSource } from "../../../src/speech/onnx/protobuf.ts";
import { readMetadata } from "../../../src/speech/whisper/onnx-metadata.ts";
import { whisperSettings } from "../../../src/speech/whisper/settings.ts";
import { seeded } from "./clips.ts";

const models = join(import.meta.dir, "../../../models");

/** Counts the bytes asked for. */
function source(bytes: Uint8Array): ByteSource & { asked: number } {
  const counted = {
    bytes: bytes.length,
    asked: 0,
    read(offset: number, length: number) {
      counted.asked += length;
      return bytes.subarray(offset, offset + length);
    },
  };
  return counted;
}

const metadataOf = (path: string) => readMetadata(source(readFileSync(join(models, path))));
const settingsOf = (path: string) => whisperSettings(metadataOf(path), path);

test("the demo model's settings", () => {
  expect(settingsOf("demo-whisper/demo-encoder.int8.onnx")).toEqual({
    modelType: "whisper-demo-en-telephone",
    mels: 80,
    audioContext: 1500,
    textLayers: 3,
    textContext: 448,
    textState: 192,
    vocabulary: 2706,
    prompt: [1197, 1198, 1200, 1204],
    startIndex: 0,
    endOfText: 1196,
    blank: 32,
    noSpeech: 1203,
    nonSpeech: [],
  });
});

test("only models that were trained with a prompt have the token that begins one", () => {
  expect(settingsOf("whisper-shapes/tiny/tiny-encoder.onnx").previousText).toBe(50_361);
  expect(settingsOf("whisper-shapes/tiny.en/tiny.en-encoder.onnx").previousText).toBe(50_360);
  expect(metadataOf("demo-whisper/demo-encoder.onnx").get("sot_prev")).toBe("1202");
  expect(settingsOf("demo-whisper/demo-encoder.onnx").previousText).toBeUndefined();
});

test("an English model begins with start and no timestamps", () => {
  for (const name of ["tiny.en", "base.en"]) {
    expect(settingsOf(`whisper-shapes/${name}/${name}-encoder.onnx`).prompt).toEqual([50_257, 50_362]);
    expect(settingsOf(`whisper-shapes/${name}/${name}-encoder.int8.onnx`).prompt).toEqual([50_257, 50_362]);
  }
});

test("a multilingual model is told English, whichever language its export put first", () => {
  const path = "whisper-shapes/tiny/tiny-encoder.onnx";
  const english = [50_258, 50_259, 50_359, 50_363];
  expect(settingsOf(path).prompt).toEqual(english);

  const metadata = metadataOf(path);
  metadata.set("sot_sequence", "50258,50261,50358"); // German, translate
  expect(whisperSettings(metadata, path).prompt).toEqual(english);
});

test("a multilingual model without English is refused", () => {
  const metadata = metadataOf("whisper-shapes/tiny/tiny-encoder.onnx").set("all_language_codes", "zh,de");
  expect(() => whisperSettings(metadata, "tiny-encoder.onnx")).toThrow(/tiny-encoder\.onnx names no English/);
});

test("the weights are skipped unread", () => {
  const file = source(readFileSync(join(models, "demo-whisper/demo-encoder.onnx")));
  readMetadata(file);
  expect(file.bytes).toBeGreaterThan(9_000_000);
  expect(file.asked).toBeLessThan(10_000);
});

test("a file cut off anywhere is refused", () => {
  const whole = readFileSync(join(models, "demo-whisper/demo-encoder.int8.onnx"));
  const random = seeded(14);
  for (let i = 0; i < 200; i++) {
    const cut = whole.subarray(0, Math.floor(random() * (whole.length - 4000)));
    expect(() => readMetadata(source(cut))).toThrow(MalformedFile);
  }
});

test("garbage throws MalformedFile, or is read as something that has no settings; nothing else", () => {
  const random = seeded(7);
  for (let i = 0; i < 500; i++) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 200) }, () => random() * 256);
    try {
      whisperSettings(readMetadata(source(bytes)), "encoder.onnx");
      throw new Error("garbage was taken for a model");
    } catch (error) {
      expect(error instanceof MalformedFile || error instanceof AppError).toBe(true);
    }
  }
});

test("flipped bytes in the settings never pass as something else than a fault of the file", () => {
  const whole = readFileSync(join(models, "demo-whisper/demo-encoder.int8.onnx"));
  const random = seeded(8);
  for (let i = 0; i < 500; i++) {
    const tail = new Uint8Array(whole.subarray(-1500));
    tail[Math.floor(random() * tail.length)] = random() * 256;
    const bytes = Buffer.concat([whole.subarray(0, 60), tail]);
    try {
      whisperSettings(readMetadata(source(bytes)), "encoder.onnx");
    } catch (error) {
      expect(error instanceof MalformedFile || error instanceof AppError).toBe(true);
    }
  }
});

test.each([
  ["n_mels", undefined, "lacks"],
  ["n_mels", "0", "impossible"],
  ["n_vocab", "many", "unreadable"],
  ["n_text_ctx", "448,449", "unreadable"],
  ["eot", "2706", "impossible"],
  ["sot", "5", "impossible"],
  ["sot_sequence", "1197,-4", "unreadable"],
  ["sot_sequence", "1197,9999", "impossible"],
] as const)("%s = %p in the metadata is refused by its name", (key, value, what) => {
  const metadata = metadataOf("demo-whisper/demo-encoder.onnx");
  if (value === undefined) metadata.delete(key);
  else metadata.set(key, value);

  expect(() => whisperSettings(metadata, "demo-encoder.onnx")).toThrow(new RegExp(`demo-encoder\\.onnx .*${what}`));
});
