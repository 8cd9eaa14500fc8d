/** Turns as people say them, with their pauses: how many a silence would cut in two, and how long the whole ones wait. */
import { afterAll, expect, test } from "bun:test";
import { corpora, cutOff, type Measured, meanWait, measure } from "./pauses/measure.ts";

const measured = corpora.map(measure);
const all: Pick<Measured, "partial" | "whole"> = {
  partial: measured.flatMap(({ partial }) => partial),
  whole: measured.flatMap(({ whole }) => whole),
};
const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(7);

afterAll(() => {
  const row = (name: string, one: Pick<Measured, "partial" | "whole">) =>
    `${name.padEnd(12)} ${String(one.partial.length + one.whole.length).padStart(5)} ${percent(cutOff(one, 300))} ${percent(cutOff(one, 600))} ${percent(cutOff(one, 899))} ${meanWait(one).toFixed(0).padStart(6)} ms`;
  console.info("asked for    said   pauses cut at 300 / 600 / 900 ms  mean wait when whole");
  for (const one of measured) console.info(row(one.asks, one));
  console.info(row("all", all));
});

test.each(measured)("$asks: what is half said is waited for, what is whole is not", (one) => {
  expect(one.partial.length + one.whole.length).toBeGreaterThanOrEqual(150);
  expect(cutOff(one, 300)).toBeLessThanOrEqual(0.05);
  expect(cutOff(one, 600)).toBeLessThanOrEqual(0.12);
  expect(meanWait(one)).toBeLessThanOrEqual(600);
});

test("of all pauses in mid-turn few are taken for the end, and hardly any inside a number", () => {
  expect(cutOff(all, 300)).toBeLessThanOrEqual(0.02);
  expect(cutOff(all, 600)).toBeLessThanOrEqual(0.045);
  const spelled = new Set(["phone", "postcode", "email", "birth-date"]);
  const numbers = measured.filter(({ asks }) => spelled.has(asks)).flatMap(({ partial }) => partial);
  expect(cutOff({ partial: numbers }, 600)).toBeLessThanOrEqual(0.02);
});

test("no word makes it wait longer than 1,200 ms, or less than 200", () => {
  for (const { waitMs } of [...all.partial, ...all.whole]) {
    expect(waitMs).toBeGreaterThanOrEqual(200);
    expect(waitMs).toBeLessThanOrEqual(1_200);
  }
});
