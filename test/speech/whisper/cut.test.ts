import { expect, test } from "bun:test";
import { cutAtPauses } from "../../../src/speech/whisper/cut.ts";

const second = 16_000;

/** Sound but for pauses of 300 ms at the given seconds. */
function talk(seconds: number, pausesAt: number[]): Float32Array {
  const samples = Float32Array.from({ length: seconds * second }, (_, i) => 0.3 * Math.sin(i * 0.3));
  for (const at of pausesAt) samples.fill(0, at * second, (at + 0.3) * second);
  return samples;
}

test("what fits is left whole, even to the sample", () => {
  expect(cutAtPauses(new Float32Array(28 * second), 28 * second)).toHaveLength(1);
  expect(cutAtPauses(new Float32Array(28 * second + 1), 28 * second)).toHaveLength(2);
  expect(cutAtPauses(new Float32Array(0), 28 * second)).toHaveLength(1);
});

test("a long clip is cut in the middle of a pause, into pieces that together are all of it", () => {
  const samples = talk(60, [5, 19, 41]);
  const pieces = cutAtPauses(samples, 28 * second);

  expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(samples.length);
  expect(pieces.every((piece) => piece.length <= 28 * second)).toBe(true);
  const cuts = [pieces[0]?.length ?? 0, (pieces[0]?.length ?? 0) + (pieces[1]?.length ?? 0)];
  expect((cuts[0] ?? 0) / second).toBeCloseTo(19.15, 1);
  expect((cuts[1] ?? 0) / second).toBeCloseTo(41.15, 1);
});

test("without a pause it is cut all the same, not before the middle", () => {
  const pieces = cutAtPauses(talk(60, [2]), 28 * second);
  expect(pieces.slice(0, -1).every((piece) => piece.length >= 14 * second)).toBe(true);
});
