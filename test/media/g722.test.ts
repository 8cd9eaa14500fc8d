// needs: ffmpeg
/** ITU-T G.722 against ffmpeg's, sample for sample in both directions, over sounds that drive every part of it. */
import { describe, expect, test } from "bun:test";
import { createG722Decoder, createG722Encoder } from "../../src/media/g722.ts";
import { seeded } from "./network.ts";

const seconds = 3;
const samples = 16_000 * seconds;

const sounds: Record<string, Int16Array> = {
  silence: new Int16Array(samples),
  "full-scale noise": noise(32_767),
  "quiet noise": noise(40),
  sweep: Int16Array.from(
    { length: samples },
    (_, n) => 20_000 * Math.sin((Math.PI * 7900 * n * n) / (samples * 16_000)),
  ),
  "a clipped square wave": Int16Array.from({ length: samples }, (_, n) => (n % 97 < 48 ? 32_767 : -32_768)),
  "bursts like speech": bursts(),
};

function noise(peak: number): Int16Array {
  const random = seeded(722);
  return Int16Array.from({ length: samples }, () => Math.round(peak * (2 * random() - 1)));
}

function bursts(): Int16Array {
  const random = seeded(16);
  return Int16Array.from({ length: samples }, (_, n) => {
    const level = Math.max(0, Math.sin((2 * Math.PI * n) / 6000)) ** 2;
    const voice = Math.sin((2 * Math.PI * 140 * n) / 16_000) + 0.5 * Math.sin((2 * Math.PI * 2300 * n) / 16_000);
    return Math.round(level * (9000 * voice + 3000 * (random() - 0.5)));
  });
}

async function ffmpeg(input: Uint8Array, from: string[], to: string[]): Promise<Uint8Array> {
  const child = Bun.spawn(["ffmpeg", "-v", "error", ...from, "-i", "pipe:0", ...to, "pipe:1"], {
    stdin: input,
    stdout: "pipe",
    stderr: "inherit",
  });
  return new Uint8Array(await new Response(child.stdout).arrayBuffer());
}

const pcm = ["-f", "s16le", "-ar", "16000", "-ac", "1"];
const bytesOf = (sound: Int16Array) => new Uint8Array(sound.buffer, sound.byteOffset, sound.byteLength);

function decoded(bytes: Uint8Array): Int16Array {
  const out = new Int16Array(2 * bytes.length);
  createG722Decoder().decode(bytes, out);
  return out;
}

/** @returns where they part, or −1. */
function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i;
  return -1;
}

describe.each(Object.entries(sounds))("%s", (_, sound) => {
  test("our bytes are ffmpeg's, and so is what they decode to", async () => {
    const theirs = await ffmpeg(bytesOf(sound), pcm, ["-c:a", "g722", "-f", "g722"]);
    const ours = createG722Encoder().encode(sound);
    expect(firstDifference(ours, theirs)).toBe(-1);
    const heard = await ffmpeg(ours, ["-f", "g722"], ["-f", "s16le"]);
    expect(firstDifference(decoded(ours), new Int16Array(heard.buffer))).toBe(-1);
  });
});

test("any bytes decode as ffmpeg decodes them, the codes that no encoder makes included", async () => {
  const random = seeded(64);
  const bytes = Uint8Array.from({ length: 24_000 }, () => Math.floor(256 * random()));
  const heard = await ffmpeg(bytes, ["-f", "g722"], ["-f", "s16le"]);
  expect(firstDifference(decoded(bytes), new Int16Array(heard.buffer))).toBe(-1);
});

test("a stream may be cut into frames of any length", () => {
  const sound = bursts();
  const whole = createG722Encoder().encode(sound);
  const encoder = createG722Encoder();
  const decoder = createG722Decoder();
  const heard = new Int16Array(samples);
  for (let at = 0; at < samples; ) {
    const length = Math.min(samples - at, [160, 320, 480, 960][at % 4] ?? 320);
    const bytes = encoder.encode(sound.subarray(at, at + length));
    expect(firstDifference(bytes, whole.subarray(at / 2, (at + length) / 2))).toBe(-1);
    decoder.decode(bytes, heard.subarray(at));
    at += length;
  }
  expect(firstDifference(heard, decoded(whole))).toBe(-1);
});
