import { expect, test } from "bun:test";
import { createLateness } from "../../src/media/lateness.ts";

test("the percentile is the edge of its tenth of a millisecond; early counts as in time", () => {
  const lateness = createLateness();
  expect(lateness.percentile(0.99)).toBe(0);
  for (let i = 0; i < 99; i++) lateness.note(i < 50 ? -0.4 : 0.25, 0);
  lateness.note(7.02, 0);
  expect(lateness.percentile(0.5)).toBe(0.1);
  expect(lateness.percentile(0.99)).toBe(0.3);
  expect(lateness.percentile(1)).toBe(7.1);
});

test("what was two minutes ago is forgotten", () => {
  const lateness = createLateness();
  lateness.note(50, 0);
  lateness.note(1, 60_000);
  expect(lateness.percentile(1)).toBe(50.1);
  lateness.note(1, 120_000);
  expect(lateness.percentile(1)).toBe(1.1);
});
