import { expect, test } from "bun:test";
import { cutAtPauses, cutBefore } from "../../../src/speech/whisper/cut.ts";
import { joined, seeded } from "./clips.ts";

const second = 16_000;

/** Sound, but for pauses (start and length in seconds). */
function talk(seconds: number, pauses: [at: number, seconds: number][]): Float32Array {
  const samples = Float32Array.from({ length: seconds * second }, (_, i) => 0.3 * Math.sin(i * 0.3));
  for (const [at, length] of pauses) samples.fill(0, at * second, (at + length) * second);
  return samples;
}

/** Where the cuts are, in seconds; and that nothing is lost. */
function cuts(samples: Float32Array, wanted: number, most: number): number[] {
  const pieces = cutAtPauses(samples, wanted * second, most * second);
  let at = 0;
  for (const piece of pieces) {
    expect(piece.length === 0 || piece[0] === samples[at]).toBe(true);
    at += piece.length;
  }
  expect(at).toBe(samples.length);
  return pieces.slice(1).map((_, i) => pieces.slice(0, i + 1).reduce((sum, piece) => sum + piece.length, 0) / second);
}

test("what is short enough is left whole, to the sample", () => {
  expect(cutAtPauses(new Float32Array(4 * second), 4 * second, 28 * second)).toHaveLength(1);
  expect(cutAtPauses(new Float32Array(0), 4 * second, 28 * second)).toHaveLength(1);
  expect(cuts(talk(4, [[2, 1]]), 4, 28)).toEqual([]);
});

test("the longest pause is cut first, in its middle, and the others only where a piece is still too long", () => {
  const [only] = cuts(
    talk(7, [
      [1.5, 0.3],
      [3.4, 0.5],
      [5, 0.3],
    ]),
    4,
    28,
  );
  expect(only).toBeCloseTo(3.65, 1);

  const both = cuts(
    talk(9, [
      [2, 0.3],
      [6, 0.5],
    ]),
    4,
    28,
  );
  expect(both).toHaveLength(2);
  expect(both[0]).toBeCloseTo(2.15, 1);
  expect(both[1]).toBeCloseTo(6.25, 1);
});

test("the closure of a consonant is no pause, nor is what is nearly at an end", () => {
  expect(cuts(talk(7, [[3, 0.12]]), 4, 28)).toEqual([]);
  expect(
    cuts(
      talk(7, [
        [0.1, 0.4],
        [6.5, 0.4],
      ]),
      4,
      28,
    ),
  ).toEqual([]);
});

test("without a pause only what the model does not take at all is cut, at its quietest", () => {
  const samples = talk(40, []);
  samples.set(
    samples.subarray(19 * second, 19.2 * second).map((value) => value / 4),
    19 * second,
  );

  expect(cuts(talk(27, []), 4, 28)).toEqual([]);
  expect(cuts(samples, 4, 28)[0]).toBeCloseTo(19.1, 0);
  expect(cutAtPauses(talk(200, []), 4 * second, 28 * second).every((piece) => piece.length <= 28 * second)).toBe(true);
});

test("silence of any length comes to an end", () => {
  const pieces = cutAtPauses(new Float32Array(100 * second), 4 * second, 28 * second);
  expect(pieces.every((piece) => piece.length <= 28 * second)).toBe(true);
});

test("what is too long is cut from its beginning on, at pauses, and nothing is lost", () => {
  const random = seeded(3);
  const samples = Float32Array.from({ length: 70 * 16_000 }, (_, i) =>
    i % 80_000 < 64_000 ? (random() - 0.5) / 2 : 0,
  ); // four seconds of noise, one of silence
  const pieces = [...cutBefore(samples, 28 * 16_000)];
  expect(joined(pieces)).toEqual(samples);
  expect(pieces.length).toBeGreaterThan(2);
  for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(28 * 16_000);
  for (const piece of pieces.slice(0, -1)) {
    expect(piece.length).toBeGreaterThanOrEqual(14 * 16_000);
    expect([piece.at(-1), piece.at(-2000)]).toEqual([0, 0]);
  }
  expect([...cutBefore(samples.subarray(0, 160), 160)]).toHaveLength(1);
  const loud = Float32Array.from({ length: 60 * 16_000 }, () => random() - 0.5); // no pause at all
  expect(joined([...cutBefore(loud, 28 * 16_000)])).toEqual(loud);
});
