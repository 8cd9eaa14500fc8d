import { expect, test } from "bun:test";
import { percentile, turnLatencies } from "./voice-to-voice.ts";

const burst = (fromMs: number, untilMs: number) =>
  Array.from({ length: (untilMs - fromMs) / 20 }, (_, i) => ({ atMs: fromMs + i * 20, loud: true }));

test("a turn's latency runs from its last loud packet to the other side's first", () => {
  const sent = [...burst(0, 1_000), ...burst(1_300, 2_000), ...burst(6_000, 7_000)];
  const received = [...burst(2_400, 4_000), ...burst(7_500, 9_000)];
  expect(turnLatencies(sent, received, 800)).toEqual({ latenciesMs: [420, 520], unanswered: 0 });
});

test("a turn that nobody answered before the next one is counted as such", () => {
  expect(turnLatencies([...burst(0, 100), ...burst(5_000, 5_100)], burst(5_400, 5_500), 800)).toEqual({
    latenciesMs: [320],
    unanswered: 1,
  });
});

test("percentile by nearest rank", () => {
  expect(percentile([4, 1, 3, 2], 50)).toBe(2);
  expect(percentile([4, 1, 3, 2], 95)).toBe(4);
  expect(percentile([], 50)).toBeNaN();
});
