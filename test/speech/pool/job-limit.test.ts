import { expect, test } from "bun:test";
import { createJobLimit } from "../../../src/speech/job-limit.ts";

const threeSeconds = 48_000;

test("Before anything is measured the limit is what was given; after it what jobs of that size took, with slack", () => {
  const limit = createJobLimit({ unmeasuredMs: 8_000, mostMs: 30_000 });
  expect(limit.limitMs(threeSeconds)).toBe(8_000);
  limit.answered(threeSeconds, 200);
  expect(limit.limitMs(threeSeconds)).toBe(2_500 + 6 * 200);
  expect(limit.limitMs(10 * threeSeconds)).toBe(2_500 + 6 * 2_000);
});

test("A slower job counts at once, faster ones by and by", () => {
  const limit = createJobLimit({ unmeasuredMs: 8_000, mostMs: 30_000 });
  limit.answered(threeSeconds, 100);
  limit.answered(threeSeconds, 1_100);
  expect(limit.limitMs(threeSeconds)).toBeCloseTo(2_500 + 6 * 1_100, 6);
  limit.answered(threeSeconds, 100);
  expect(limit.limitMs(threeSeconds)).toBeCloseTo(2_500 + 6 * 1_000, 6);
});

test("Each overrun doubles the patience, up to the most; an answer ends that", () => {
  const limit = createJobLimit({ unmeasuredMs: 8_000, mostMs: 30_000 });
  limit.answered(threeSeconds, 100);
  limit.overran();
  expect(limit.limitMs(threeSeconds)).toBe(2 * 3_100);
  limit.overran();
  limit.overran();
  limit.overran();
  expect(limit.limitMs(threeSeconds)).toBe(30_000);
  limit.answered(threeSeconds, 100);
  expect(limit.limitMs(threeSeconds)).toBe(3_100);
});

test("A job of no size is measured as one of size 1", () => {
  const limit = createJobLimit({ unmeasuredMs: 8_000, mostMs: 30_000 });
  limit.answered(0, 10);
  expect(limit.limitMs(0)).toBe(2_500);
  expect(limit.limitMs(1)).toBe(2_560);
});
