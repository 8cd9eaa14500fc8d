import { describe, expect, test } from "bun:test";
import { createUpsampler } from "../../src/media/resample.ts";

const amplitude = 16_384;

/** A tone at 8 kHz, doubled, without the filter's start. */
function doubled(frequencyHz: number, samples = 4000): Float32Array {
  const tone = Int16Array.from({ length: samples }, (_, n) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * frequencyHz * n) / 8000)),
  );
  return createUpsampler().push(tone).slice(200);
}

/** Level of one frequency in a signal at 16 kHz, dB relative to the tone that went in. */
function levelDb(signal: Float32Array, frequencyHz: number): number {
  let re = 0;
  let im = 0;
  signal.forEach((value, n) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / signal.length);
    re += window * value * Math.cos((2 * Math.PI * frequencyHz * n) / 16_000);
    im += window * value * Math.sin((2 * Math.PI * frequencyHz * n) / 16_000);
  });
  return 20 * Math.log10((4 * Math.hypot(re, im)) / signal.length / (amplitude / 32_768));
}

describe("8 to 16 kHz", () => {
  test.each([100, 300, 1000, 2000, 3000, 3400])(
    "%d Hz passes within 0.1 dB, its image is 60 dB down",
    (frequencyHz) => {
      const signal = doubled(frequencyHz);
      expect(Math.abs(levelDb(signal, frequencyHz))).toBeLessThan(0.1);
      expect(levelDb(signal, 8000 - frequencyHz)).toBeLessThan(-60);
    },
  );

  test("a constant stays what it is", () => {
    const out = createUpsampler().push(new Int16Array(200).fill(8192));
    for (const value of out.subarray(60)) expect(value).toBeCloseTo(0.25, 6);
  });

  test("an impulse comes 12 samples later (1.5 ms), and every other output is an input", () => {
    const out = createUpsampler().push(Int16Array.from({ length: 40 }, (_, n) => (n === 0 ? 32_767 : 0)));
    expect(out.indexOf(Math.max(...out))).toBe(24);
    expect(out[24]).toBeCloseTo(1, 4);
    for (let n = 0; n < 80; n += 2) if (n !== 24) expect(out[n]).toBe(0);
  });

  test("blocks of any length join without a seam", () => {
    const whole = Int16Array.from({ length: 960 }, (_, n) => Math.round(10_000 * Math.sin(n * n * 0.001)));
    const expected = createUpsampler().push(whole).slice();
    const upsampler = createUpsampler();
    const joined: number[] = [];
    for (let at = 0, length = 1; at < whole.length; at += length, length = 1 + ((length * 7) % 300)) {
      joined.push(...upsampler.push(whole.slice(at, at + length)));
    }
    expect(joined).toEqual([...expected]);
  });
});
