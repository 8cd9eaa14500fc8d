import { describe, expect, test } from "bun:test";
import { canonicalPostcode, postcode } from "../../../src/receptionist/voting/postcode.ts";

const context = { now: "2026-11-24T10:05", context: undefined } as const;
const best = (text: string) => postcode.read(text, context)[0]?.value;

test.each([
  ["w20 a b", "W2 0AB"],
  ["S W one A two double A", "SW1A 2AA"],
  ["M for mother one four b q", "M1 4BQ"],
  ["sierra whisky one alpha one alpha alpha", "SW1A 1AA"],
  ["m21 4wb", "M21 4WB"],
  ["my postcode is em twenty one for W B", "M21 4WB"],
  ["ec1a 1bb", "EC1A 1BB"],
  ["b d one two a b", "BD1 2AB"],
  ["N W eleven nine P U", "NW11 9PU"],
  ["cr0 3rl", "CR0 3RL"],
  ["c r o 3 r l", "CR0 3RL"],
  ["g 12 8 q q please", "G12 8QQ"],
  ["bee tee seven one jay ay", "BT7 1JA"],
  ["double you one a 1 a a", "W1A 1AA"],
  ["l s for sugar 2 9 j t", "LS2 9JT"],
  ["e1 6an", "E1 6AN"],
  ["E1 6 am", "E1 6AN"],
  ["double you a fourteen two double u", "WA14 2UU"],
  ["so29 2zu", "SO29 2ZU"],
  ["double sierra twenty five echo lima", "SS20 5EL"],
])("%s is %s", (text, value) => {
  expect(best(text)).toBe(value);
});

test.each(["hello there", "", "I don't know it", "07700 900123", "q q one two three", "…"])("%s is none", (text) => {
  expect(postcode.read(text, context).filter(({ certainty }) => certainty > 0.5)).toEqual([]);
});

describe("letters that the telephone confuses", () => {
  test("are weighed: an area that does not exist gives way to one that does", () => {
    expect(best("d b one two a b")).not.toBe("DB1 2AB"); // there is no DB
    expect(postcode.read("n 1 4 b d", context).map(({ value }) => value)).toContain("M1 4BD");
  });

  test("inward letters are never those that are misread", () => {
    for (const { value } of postcode.read("m 1 4 c k", context)) expect(value).not.toMatch(/[CIKMOV]\w?$/);
  });

  test("certainties are shares: at most one in all, best first", () => {
    const certainties = postcode.read("n w 2 0 d b", context).map(({ certainty }) => certainty);
    expect(certainties.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1);
    expect(certainties).toEqual(certainties.toSorted((a, b) => b - a));
  });
});

test("likeness: a known postcode is recognised with a letter or two confused or one missing, not with three", () => {
  const like = (text: string) => postcode.likeness?.(text, context)("M21 4WB") ?? 0;
  expect(like("m21 4wb")).toBe(1);
  expect(like("n 2 1 4 w b")).toBeGreaterThan(0.6);
  expect(like("m 2 1 4 w")).toBeGreaterThan(0.6);
  expect(like("n 2 1 4 w d")).toBeGreaterThan(0.4);
  expect(like("b s 8 1 t h")).toBeLessThan(0.2);
  expect(like("")).toBeLessThan(0.1);
});

test("values are written with a space before the last three", () => {
  expect(["w20ab", "SW1A2AA", "m1 4bq", "ab"].map(canonicalPostcode)).toEqual(["W2 0AB", "SW1A 2AA", "M1 4BQ", "AB"]);
});

test("no text is too much: it ends soon and throws nothing", () => {
  for (const text of [
    "a ".repeat(500),
    "double ".repeat(200),
    "1".repeat(900),
    "🏠".repeat(100),
    "b for ".repeat(90),
  ]) {
    const began = performance.now();
    postcode.read(text, context);
    expect(performance.now() - began).toBeLessThan(500);
  }
});
