import { expect, test } from "bun:test";
import { openLab } from "../../src/cli/lab/suites.ts";
import { misheard } from "../../src/lab/noise.ts";
import { seeded } from "../../src/lab/random.ts";
import { aligned, wordsOf } from "./aligned.ts";

const confusions = {
  model: "test",
  words: 100,
  wrong: 0.2,
  heardFor: {
    five: [10, { nine: 3, "": 1 }],
    yes: [10, {}],
    street: [2, { treat: 2 }],
  } satisfies Record<string, [number, Record<string, number>]>,
};
const many = (text: string, percent: number) => {
  const random = seeded(3);
  return Array.from({ length: 2_000 }, () => misheard(text, percent, confusions, random).text);
};

test("No noise leaves every word as it is", () => {
  expect(many("five yes street", 0).every((text) => text === "five yes street")).toBe(true);
});

test("A word is mistaken as often as measured, scaled by the level, and for what was measured", () => {
  const at20 = many("five", 20);
  const wrong = at20.filter((text) => text !== "five");
  expect(wrong.length / at20.length).toBeWithin(0.35, 0.45); // 4 of 10, at the level that was measured
  expect(new Set(wrong)).toEqual(new Set(["nine", ""]));
  expect(many("five", 10).filter((text) => text !== "five").length / 2_000).toBeWithin(0.16, 0.24);
});

test("What was never misheard is not, and what was hardly measured is as good as the rest", () => {
  expect(many("yes", 20).every((text) => text === "yes")).toBe(true);
  expect(many("street", 20).filter((text) => text !== "street").length / 2_000).toBeWithin(0.16, 0.24);
});

test("Words heard are laid against words said", () => {
  const pairs = (said: string, heard: string) => aligned(wordsOf(said), wordsOf(heard));

  expect(pairs("nine Foundry Lane", "nine from dry lane")).toEqual([
    ["nine", "nine from"],
    ["foundry", "dry"],
    ["lane", "lane"],
  ]);
  expect(pairs("a b c", "a c")).toEqual([
    ["a", "a"],
    ["b", ""],
    ["c", "c"],
  ]);
  expect(pairs("", "b")).toEqual([]);
  expect(pairs("it's 31", "")).toEqual([
    ["it's", ""],
    ["31", ""],
  ]);
});

test.each([10, 20])("Of what these callers say about %i in a hundred words come through wrong", (percent) => {
  const { rows, confusions: measured } = openLab(undefined);
  const random = seeded(5);
  let [words, wrong] = [0, 0];
  for (const line of rows.flatMap(({ scenarios }) => scenarios.flatMap(({ opening }) => opening))) {
    for (const [said, heard] of aligned(wordsOf(line), wordsOf(misheard(line, percent, measured, random).text))) {
      words++;
      if (heard !== said) wrong++;
    }
  }
  expect((100 * wrong) / words).toBeWithin(0.7 * percent, 1.3 * percent);
});
