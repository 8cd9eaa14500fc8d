import { expect, test } from "bun:test";
import { beginsWith, wordsIn } from "../../src/calls/words-in.ts";

test("words are told with where they end, signs are left out", () => {
  expect(wordsIn("I'd say, TEN.")).toEqual([
    { word: "i'd", to: 3 },
    { word: "say", to: 7 },
    { word: "ten", to: 12 },
  ]);
  expect(wordsIn(" … ")).toEqual([]);
});

test("a text begins with whole words, however they are written", () => {
  expect(beginsWith("07700. 900", "07700")).toBe(true);
  expect(beginsWith("On Tuesday, please.", "on tuesday")).toBe(true);
  expect(beginsWith("On Tuesday", "On Tue")).toBe(false);
  expect(beginsWith("On", "On Tuesday")).toBe(false);
  expect(beginsWith("anything", "")).toBe(true);
});
