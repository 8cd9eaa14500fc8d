import { expect, test } from "bun:test";
import { createPacer } from "../../src/media/pacer.ts";

test("deadlines are absolute: however late each one is noticed, the next stays where it was", () => {
  const pacer = createPacer(0);
  pacer.add("a", 20, 0);
  const seen: number[] = [];
  for (let now = 0; now < 200; now += 7) for (const { deadlineMs } of pacer.due(now)) seen.push(deadlineMs);
  expect(seen).toEqual([0, 20, 40, 60, 80, 100, 120, 140, 160, 180]);
});

test("calls are spread over the places of the grid", () => {
  const pacer = createPacer(0);
  for (let i = 0; i < 20; i++) pacer.add(`${i}`, 20, 0.1);
  const perPlace = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20].map((place) => pacer.due(place).length);
  expect(perPlace).toEqual(new Array(10).fill(2));
});

test("a deadline a tenth of a millisecond away is due: no sleep is that short", () => {
  const pacer = createPacer(0);
  pacer.add("a", 20, 0);
  pacer.due(0);
  expect(pacer.due(19.8)).toEqual([]);
  expect(pacer.due(19.91)).toMatchObject([{ deadlineMs: 20, send: true }]);
});

test("up to 100 ms late everything is sent, beyond that lived through, beyond a second cut out", () => {
  const pacer = createPacer(0);
  pacer.add("a", 20, 0);
  pacer.due(0);
  const late = pacer.due(160);
  expect(late.map(({ deadlineMs, send }) => [deadlineMs, send])).toEqual([
    [20, false],
    [40, false],
    [60, true],
    [80, true],
    [100, true],
    [120, true],
    [140, true],
    [160, true],
  ]);
  expect(pacer.due(10_170).map(({ deadlineMs }) => deadlineMs)).toEqual([10_160]);
  expect(pacer.nextMs).toBe(10_180);
});

test("frames of several calls come in the order of their deadlines", () => {
  const pacer = createPacer(0);
  pacer.add("a", 20, 0);
  pacer.add("b", 30, 0);
  const order = pacer.due(60).map(({ deadlineMs }) => deadlineMs);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("with nobody to send for there is nothing to wait for", () => {
  const pacer = createPacer(0);
  expect(pacer.nextMs).toBeUndefined();
  pacer.add("a", 20, 3);
  expect(pacer.nextMs).toBe(4);
  pacer.remove("a");
  expect(pacer.nextMs).toBeUndefined();
});
