import { expect, test } from "bun:test";
import type { RateHz } from "../../src/media/messages.ts";
import { createRingback } from "../../src/media/ringback.ts";

function sound(ms: number, rateHz: RateHz): Int16Array {
  const ringback = createRingback();
  const all = new Int16Array((ms * rateHz) / 1000);
  for (let at = 0; at < all.length; at += rateHz / 50) ringback.fill(all.subarray(at, at + rateHz / 50), rateHz);
  return all;
}

/** Power of one frequency, as a share of the whole (Goertzel). */
function shareOf(frequencyHz: number, samples: Int16Array, rateHz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequencyHz) / rateHz);
  let [one, two, whole] = [0, 0, 0];
  for (const sample of samples) {
    [one, two] = [sample + factor * one - two, one];
    whole += sample * sample;
  }
  return (2 * (one * one + two * two - factor * one * two)) / (samples.length * whole);
}

test.each([8000, 16_000] as const)("rings at %d Hz: 0.4 s on, 0.2 off, 0.4 on, 2 s off, and over again", (rateHz) => {
  const samples = sound(6000, rateHz);
  const step = rateHz / 50;
  const rings = Array.from({ length: 300 }, (_, i) =>
    samples.subarray(i * step, (i + 1) * step).some((sample) => sample !== 0),
  );
  const cadence = [
    ...Array(20).fill(true),
    ...Array(10).fill(false),
    ...Array(20).fill(true),
    ...Array(100).fill(false),
  ];
  expect(rings).toEqual([...cadence, ...cadence]);
});

test("is 400 and 450 Hz in equal parts, and nothing else to speak of", () => {
  const burst = sound(1000, 8000).subarray(5 * 8, 395 * 8);
  expect(shareOf(400, burst, 8000)).toBeWithin(0.45, 0.55);
  expect(shareOf(450, burst, 8000)).toBeWithin(0.45, 0.55);
  expect(shareOf(1000, burst, 8000)).toBeLessThan(0.01);
});

test("begins a ring anew after a restart, without a click", () => {
  const ringback = createRingback();
  const into = new Int16Array(160);
  ringback.fill(into, 8000);
  ringback.fill(into, 8000);
  ringback.restart();
  ringback.fill(into, 8000);
  expect(Array.from(into.subarray(0, 160))).toEqual(Array.from(sound(20, 8000)));
  expect(Math.abs(into[1] ?? 0)).toBeLessThan(200);
});
