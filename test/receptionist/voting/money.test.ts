import { describe, expect, test } from "bun:test";
import { money } from "../../../src/receptionist/voting/money.ts";

const best = (text: string, context: "sale" | "let" | undefined) =>
  money.read(text, { now: "2026-11-24T10:05", context })[0]?.value;

describe("of a sale", () => {
  test.each([
    ["four fifty", "450000"],
    ["three seven five", "375000"],
    ["four twenty five", "425000"],
    ["half a million", "500000"],
    ["a quarter of a million", "250000"],
    ["three quarters of a million", "750000"],
    ["one point two", "1200000"],
    ["one point two five million", "1250000"],
    ["a million and a half", "1500000"],
    ["offers over three hundred thousand", "300000"],
    ["offers over three hundred", "300000"],
    ["four hundred and fifty thousand pounds", "450000"],
    ["two hundred and ninety five thousand", "295000"],
    ["£395,000", "395000"],
    ["395k", "395000"],
    ["1.2m", "1200000"],
    ["450", "450000"],
    ["four ninety nine nine fifty", "499950"],
    ["up to about six fifty maybe", "650000"],
    ["five hundred no five fifty", "550000"],
    ["three hundred and sixty", "360000"],
    ["our budget is 325 thousand", "325000"],
    ["two million one hundred thousand", "2100000"],
  ])("%s is %s", (text, value) => expect(best(text, "sale")).toBe(value));
});

describe("of a let", () => {
  test.each([
    ["four fifty", "450"],
    ["nine fifty", "950"],
    ["twelve hundred a month", "1200"],
    ["twelve fifty", "1250"],
    ["fifteen hundred and fifty", "1550"],
    ["one two five oh", "1250"],
    ["two k", "2000"],
    ["one point two", "1200"],
    ["1,350 pcm", "1350"],
    ["two thousand one hundred", "2100"],
    ["a thousand", "1000"],
    ["three hundred a week", "1300"],
    ["£250 per week", "1083"],
    ["eight hundred and seventy five pounds", "875"],
  ])("%s is %s", (text, value) => expect(best(text, "let")).toBe(value));
});

test("without a context a bare figure may be either; with a unit it is what it says", () => {
  const context = { now: "2026-11-24T10:05", context: undefined } as const;
  expect(money.read("four fifty", context).map(({ value }) => value)).toEqual(["450000", "450"]);
  expect(money.read("four hundred thousand", context).map(({ value }) => value)).toEqual(["400000"]);
  expect(money.read("nine hundred a month", context).map(({ value }) => value)).toEqual(["900"]);
});

test.each(["", "I don't know", "as much as it takes", "the other one"])("%s is none", (text) => {
  expect(money.read(text, { now: "2026-11-24T10:05", context: "sale" })).toEqual([]);
});
