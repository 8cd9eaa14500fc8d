/** How well items are understood, held at floors; `table.ts` beside this prints the figures of longer runs. */
import { expect, test } from "bun:test";
import type { ItemKind } from "../../../../src/receptionist/voting/item.ts";
import { handwritten } from "./handwritten.ts";
import { itemsOf, kinds } from "./items.ts";
import { count, noScore, type Score } from "./score.ts";

const itemsEach = 180;
const seed = 20;

/** Of a hundred items: right at once, and right or found by one question. Some are past understanding: see `held`. */
const FLOORS: Readonly<Record<ItemKind, readonly [right: number, confirmed: number]>> = {
  postcode: [92, 97],
  "birth-date": [95, 98],
  name: [91, 94],
  surname: [90, 95],
  phone: [97, 98.5],
  date: [97, 99],
  time: [98, 99],
  email: [85, 94],
  money: [96, 98],
  address: [95, 97],
  "yes-no": [98, 98],
};

const scores = new Map<ItemKind, Score>();
for (const kind of kinds) {
  const score = scores.get(kind.kind) ?? noScore();
  scores.set(kind.kind, score);
  for (const item of itemsOf(kind, itemsEach, seed)) count(item, score);
}
const all = [...scores.values()];
const sum = (of: (score: Score) => number): number => all.reduce((total, score) => total + of(score), 0);

test.each(Object.entries(FLOORS))("%s: right at once and after one question", (kind, [right, confirmed]) => {
  const score = scores.get(kind as ItemKind) ?? noScore();
  expect((100 * score.right) / score.n).toBeGreaterThanOrEqual(right);
  expect((100 * score.confirmed) / score.n).toBeGreaterThanOrEqual(confirmed);
});

test("of two thousand items none is silently wrong", () => {
  expect(sum(({ n }) => n)).toBeGreaterThanOrEqual(2_000);
  expect(sum(({ silent }) => silent)).toBe(0);
});

test("attempts that repeat an item say more together than the best of them alone", () => {
  const alone = [0, 1].map((at) => sum(({ byEach }) => byEach[at] ?? 0));
  expect(sum(({ byAll }) => byAll)).toBeGreaterThan(Math.max(...alone));
  const postcodes = scores.get("postcode") ?? noScore();
  expect(postcodes.byAll).toBeGreaterThan(Math.max(...postcodes.byEach.slice(0, 2)));
});

test("the noise is worth hearing: of a hundred items one at least holds no text without an error", () => {
  expect(sum(({ held }) => held) / sum(({ n }) => n)).toBeLessThan(0.99);
});

test("hand-written lines name each value once, each with a way of saying it", () => {
  for (const { file } of kinds) {
    const lines = handwritten(file);
    expect(new Set(lines.map(({ value }) => value)).size).toBe(lines.length);
    for (const { ways } of lines) expect(ways.length).toBeGreaterThan(0);
  }
});
