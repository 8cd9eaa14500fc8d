import { expect, test } from "bun:test";
import { createSampleRing } from "../../src/media/sample-ring.ts";

const numbers = (from: number, to: number) => Float32Array.from({ length: to - from }, (_, i) => from + i);

test("samples are found by their position, across the seam", () => {
  const ring = createSampleRing(100);
  for (let at = 0; at < 250; at += 30) ring.push(numbers(at, at + 30)); // up to 270
  expect(ring.slice(170, 270)).toEqual(numbers(170, 270));
  expect(ring.slice(195, 205)).toEqual(numbers(195, 205));
});

test("what is gone or not yet there is left out", () => {
  const ring = createSampleRing(100);
  ring.push(numbers(0, 150));
  expect(ring.slice(0, 60)).toEqual(numbers(50, 60));
  expect(ring.slice(140, 400)).toEqual(numbers(140, 150));
  expect(ring.slice(0, 50)).toEqual(new Float32Array(0));
});

test("a block larger than the ring leaves its end", () => {
  const ring = createSampleRing(10);
  ring.push(numbers(0, 3));
  ring.push(numbers(3, 48));
  expect(ring.slice(0, 48)).toEqual(numbers(38, 48));
});
