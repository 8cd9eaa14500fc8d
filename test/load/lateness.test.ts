import { expect, test } from "bun:test";
import { quantile, streamFigures } from "./lateness.ts";

/** Packets every 20 ms of a clock of 8000 Hz, each late by what `lateMs` says of it. */
const stream = (count: number, lateMs: (i: number) => number, first = 0) =>
  Array.from({ length: count }, (_, i) => ({
    atMs: 1000 + 20 * i + lateMs(i),
    sequence: (first + i) % 65_536,
    timestamp: (4_294_967_000 + 160 * i) % 2 ** 32,
  }));

test("a packet is late by what it lags behind its stream's own pace, across the wrap of both numbers", () => {
  const { lateMs, packets, lost } = streamFigures(
    stream(100, (i) => (i === 50 ? 7 : 0), 65_500),
    8,
    0,
  );
  expect({ packets, lost }).toEqual({ packets: 100, lost: 0 });
  expect(lateMs.filter((late) => late > 0.001)).toEqual([expect.closeTo(7, 3)]);
});

test("what never came is lost, what came twice is not counted for it, what was early is left out", () => {
  const whole = stream(100, () => 0);
  const torn = [...whole.filter((_, i) => i % 10 !== 5), ...whole.slice(20, 23)];
  expect(streamFigures(torn, 8, 0)).toMatchObject({ packets: 93, lost: 10 });
  expect(streamFigures(torn, 8, 1000 + 20 * 90)).toMatchObject({ packets: 9, lost: 1 });
});

test("a quantile is one of the values; of nothing it is 0", () => {
  expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 1), quantile([], 0.99)]).toEqual([3, 4, 0]);
});
