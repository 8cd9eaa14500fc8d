import { expect, test } from "bun:test";
import { createImpairment, type Impairment } from "./impairment.ts";

const fates = (what: Impairment, seed = 1, count = 20_000) => {
  const one = createImpairment(what, seed);
  return Array.from({ length: count }, () => one.next().delaysMs);
};

test("A good network passes everything at once", () => {
  expect(fates({}, 1, 100)).toEqual(Array.from({ length: 100 }, () => [0]));
});

test("Loss, doubles and reordering come as often as asked; jitter stays within its bound", () => {
  const all = fates({ lossShare: 0.25, doubleShare: 0.1, reorderShare: 0.05, reorderMs: 100, jitterMs: 50 });
  const share = (of: (delaysMs: readonly number[]) => boolean) => all.filter(of).length / all.length;
  expect(share((delays) => delays.length === 0)).toBeCloseTo(0.25, 1);
  expect(share((delays) => delays.length === 2)).toBeCloseTo(0.075, 2);
  expect(share(([first = 0]) => first >= 100)).toBeCloseTo(0.0375, 2);
  for (const [first = 0] of all) expect(first % 100).toBeLessThan(50);
});

test("The same seed is the same network, and one trouble more leaves the others as they were", () => {
  expect(fates({ lossShare: 0.3 }, 7)).toEqual(fates({ lossShare: 0.3 }, 7));
  expect(fates({ lossShare: 0.3 }, 7)).not.toEqual(fates({ lossShare: 0.3 }, 8));
  const lost = (what: Impairment) => fates(what, 7).map((delays) => delays.length === 0);
  expect(lost({ lossShare: 0.3 })).toEqual(lost({ lossShare: 0.3, doubleShare: 0.5, jitterMs: 20 }));
});
