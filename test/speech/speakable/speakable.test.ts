import { describe, expect, test } from "bun:test";
import { cardinal, digitGroup, ordinal, yearInWords } from "../../../src/english/numbers.ts";
import { speakable } from "../../../src/speech/speakable/speakable.ts";
import { clockTime } from "../../../src/speech/speakable/times.ts";
import { cases } from "./cases.ts";

for (const [name, list] of Object.entries(cases)) {
  describe(name, () => {
    test.each(list)("%s", (written, said) => {
      expect(speakable(written)).toBe(said);
      expect(speakable(said)).toBe(said);
    });
  });
}

test("speakable leaves no digit whatever is written", () => {
  for (const text of [
    "1.2.3.4",
    "7/8",
    "£",
    "0",
    "00:61",
    "a1b2c3",
    "99999999999999999999",
    "1st2nd",
    "12:30:45",
    "-5",
    "1,2,3",
  ]) {
    expect(speakable(text)).not.toMatch(/\d|£/);
  }
});

test("cardinal and ordinal join as in Britain", () => {
  expect([0, 21, 100, 101, 1000, 1001, 1100, 20_115].map(cardinal)).toEqual([
    "zero",
    "twenty-one",
    "one hundred",
    "one hundred and one",
    "one thousand",
    "one thousand and one",
    "one thousand one hundred",
    "twenty thousand one hundred and fifteen",
  ]);
  expect([1, 2, 3, 5, 8, 9, 12, 20, 31].map(ordinal)).toEqual([
    "first",
    "second",
    "third",
    "fifth",
    "eighth",
    "ninth",
    "twelfth",
    "twentieth",
    "thirty-first",
  ]);
  expect([2026, 2005, 2000, 1999, 1905, 1900].map(yearInWords)).toEqual([
    "twenty twenty-six",
    "two thousand and five",
    "two thousand",
    "nineteen ninety-nine",
    "nineteen oh five",
    "nineteen hundred",
  ]);
});

test("digitGroup says a pair as double, never two doubles in a row, and three of a kind one by one", () => {
  expect(digitGroup("900")).toBe("nine double oh");
  expect(digitGroup("7700")).toBe("seven seven double oh");
  expect(digitGroup("555")).toBe("five five five");
  expect(digitGroup("2244")).toBe("two two double four");
});

test("clockTime knows the hour that comes", () => {
  expect(clockTime(12, 45)).toBe("quarter to one");
  expect(clockTime(23, 45)).toBe("quarter to twelve");
  expect(clockTime(17, 20)).toBe("twenty past five");
  expect(clockTime(17, 22)).toBe("five twenty-two");
  expect(clockTime(17, 20, true)).toBe("five twenty");
});
