import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { decode, decodeByte, encode, silenceByte, transcode } from "../../src/media/g711.ts";
import type { G711Name } from "../../src/media/messages.ts";

const allBytes = Uint8Array.from({ length: 256 }, (_, i) => i);
const allSamples = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);

function digest(array: Uint8Array | Int16Array): string {
  return createHash("sha256")
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest("hex");
}

describe.each(["PCMA", "PCMU"] as G711Name[])("%s", (codec) => {
  test("every byte survives decoding and encoding", () => {
    const samples = new Int16Array(256);
    decode(codec, allBytes, samples);
    const again = encode(codec, samples);
    for (let byte = 0; byte < 256; byte++) {
      // µ-law has two zeros; the negative one comes back as the positive.
      expect(again[byte]).toBe(codec === "PCMU" && byte === 0x7f ? 0xff : byte);
    }
  });

  test("encoding never errs by more than a step of its segment", () => {
    const bytes = encode(codec, allSamples);
    for (let i = 0; i < allSamples.length; i++) {
      const sample = allSamples[i] ?? 0;
      const error = Math.abs(decodeByte(codec, bytes[i] ?? 0) - sample);
      const step = codec === "PCMA" ? Math.max(16, Math.abs(sample) / 16) : Math.max(8, (Math.abs(sample) + 132) / 16);
      if (error > step) throw new Error(`${sample} became ${decodeByte(codec, bytes[i] ?? 0)}`);
    }
  });
});

test("A-law decodes as G.711 table 1 says, scaled from 13 to 16 bits", () => {
  expect([0xd5, 0x55, 0xaa, 0x2a, 0x80, 0x00, 0xc5].map((byte) => decodeByte("PCMA", byte))).toEqual([
    8, -8, 32_256, -32_256, 5504, -5504, 264,
  ]);
});

test("µ-law decodes as G.711 table 2 says, scaled from 14 to 16 bits", () => {
  expect([0xff, 0x7f, 0x80, 0x00, 0xf0, 0xef].map((byte) => decodeByte("PCMU", byte))).toEqual([
    0, 0, 32_124, -32_124, 120, 132,
  ]);
});

test("the decoding tables are those of sox and ffmpeg, byte for byte", () => {
  const decoded = new Int16Array(256);
  decode("PCMA", allBytes, decoded);
  expect(digest(decoded)).toBe("e04788d110e58ff8c70c93b8480190d973e3b67876b6119abbaec766cc75c174");
  decode("PCMU", allBytes, decoded);
  expect(digest(decoded)).toBe("3dab54339e520bb2c924826e3b72a917a2b612e9fd12fc867500f1d983a75827");
});

test("digital silence is the byte of silence", () => {
  expect(encode("PCMA", new Int16Array(1))[0]).toBe(silenceByte.PCMA);
  expect(encode("PCMU", new Int16Array(1))[0]).toBe(silenceByte.PCMU);
});

test("transcoding to the same law gives the same array, to the other and back nearly the same sound", () => {
  expect(transcode("PCMA", "PCMA", allBytes)).toBe(allBytes);
  const there = transcode("PCMA", "PCMU", allBytes);
  expect(decodeByte("PCMU", there[0x80] ?? 0)).toBeGreaterThan(5300);
  expect(transcode("PCMU", "PCMA", Uint8Array.of(0xff))[0]).toBe(0xd5);
});
