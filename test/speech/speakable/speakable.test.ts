import { describe, expect, test } from "bun:test";
import { cardinal, digitGroup, ordinal, yearInWords } from "../../../src/speech/speakable/numbers.ts";
import { speakable } from "../../../src/speech/speakable/speakable.ts";
import { clockTime } from "../../../src/speech/speakable/times.ts";

const cases: Record<string, [written: string, said: string][]> = {
  "telephone numbers, digit by digit in groups": [
    ["Call 07700 900123 please.", "Call oh seven seven double oh, nine double oh, one two three please."],
    ["07700900123", "oh seven seven double oh, nine double oh, one two three"],
    ["+44 7700 900 321", "oh seven seven double oh, nine double oh, three two one"],
    ["0161 496 0123", "oh one six one, four nine six, oh one two three"],
    ["(0161) 496 0123", "oh one six one, four nine six, oh one two three"],
    ["02079460958", "oh two oh, seven nine four six, oh nine five eight"],
    ["Ring 0800 111 999 or dial 999.", "Ring oh eight double oh, one one one, nine nine nine or dial nine nine nine."],
    ["call 101", "call one oh one"],
    ["101 King's Road", "one hundred and one King's Road"],
  ],
  "times as people say them": [
    ["at 15:30", "at half past three"],
    ["at 10:15, 10:45 or 12:45", "at quarter past ten, quarter to eleven or quarter to one"],
    ["at 11:00", "at eleven o'clock"],
    ["12:00 and 00:00", "midday and midnight"],
    ["at 9:05", "at nine oh five"],
    ["9am to 5.30pm", "nine eigh em to half past five pee em"],
    ["open 09:00-17:30", "open nine o'clock to half past five"],
  ],
  "dates without a month twice or a year in digits": [
    ["on Saturday 28 November at 11:00", "on Saturday the twenty-eighth of November at eleven o'clock"],
    ["the 1st of March 2027", "the first of March twenty twenty-seven"],
    ["2026-11-28T11:00", "the twenty-eighth of November twenty twenty-six at eleven o'clock"],
    ["28/11/2026", "the twenty-eighth of November twenty twenty-six"],
    ["Nov 3, 2026", "the third of November twenty twenty-six"],
    ["since May 2026", "since May twenty twenty-six"],
    ["built in 1905", "built in nineteen oh five"],
    ["45/11/2026", "forty-five eleven two thousand and twenty-six"], // no date at all
  ],
  prices: [
    ["£395,000", "three hundred and ninety-five thousand pounds"],
    ["£1,250 pcm", "one thousand two hundred and fifty pounds per calendar month"],
    ["£12.50", "twelve pounds fifty"],
    ["£1", "one pound"],
    ["£0.99", "ninety-nine pence"],
    ["£1.5m or £395k", "one point five million pounds or three hundred and ninety-five thousand pounds"],
    ["£300 pw", "three hundred pounds per week"],
    ["£50/month", "fifty pounds per month"],
  ],
  "postcodes, letter by letter": [
    ["M21 4WB", "em two one, four double you bee"],
    ["SW1A 1AA", "ess double you one eigh, one eigh eigh"],
    ["E16AN", "ee one, six eigh en"],
  ],
  addresses: [
    ["14a Larkspur Avenue", "fourteen eigh Larkspur Avenue"],
    ["Flat 2b, 14 St. John's Rd., Leeds", "Flat two bee, fourteen Saint John's Road, Leeds"],
    ["At St Ann's", "At Saint Ann's"],
    ["14 High St. Is it free?", "fourteen High Street. Is it free?"],
    ["at No. 4", "at number four"],
    ["Mr. O’Neill & Dr Shaw", "Mister O'Neill and Doctor Shaw"],
  ],
  "what is left of numbers and signs": [
    ["2.5 miles", "two point five miles"],
    ["a 3-bed semi", "a three bed semi"],
    ["1,500,000", "one million five hundred thousand"],
    ["50% of 2", "fifty per cent of two"],
    ["24/7", "twenty-four seven"],
    ["reference 12345678", "reference one two three, four five six, seven eight"],
    ["the 22nd", "the twenty-second"],
    ["jo.b@home.co.uk", "jo dot bee at home dot co dot you kay"],
    ["[[h@l'oU]] <b>hi</b>", "h@l'oU b hi b"], // no way to espeak-ng's own notation
    ["“Yes”\u200b, it is…", "Yes, it is…"],
  ],
};

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
  expect(clockTime(17, 20)).toBe("five twenty");
});
