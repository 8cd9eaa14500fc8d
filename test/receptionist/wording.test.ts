import { expect, test } from "bun:test";
import { dateInWords, listInWords, timeInWords } from "../../src/receptionist/wording.ts";

const TIMES = {
  "11:00": "11 o'clock",
  "14:30": "half past two",
  "15:45": "quarter to four",
  "12:00": "12 o'clock",
  "11:10": "ten past eleven",
  "14:35": "twenty-five to three",
  "12:55": "five to one",
  "00:00": "12 o'clock in the morning",
  "19:00": "7 o'clock in the evening",
  "09:05": "five past nine",
  "11:12": "11:12",
  "23:55": "five to twelve in the evening",
}; // times as read back
for (const [clock, words] of Object.entries(TIMES)) {
  test(`${clock} is "${words}"`, () => expect(timeInWords(clock)).toBe(words));
}

const DATES = {
  "2026-11-28": "Saturday the 28th of November",
  "2026-12-01": "Tuesday the 1st of December",
  "2027-03-22": "Monday the 22nd of March",
  "2027-01-03": "Sunday the 3rd of January",
  "2026-12-11": "Friday the 11th of December",
  "2026-12-13": "Sunday the 13th of December",
};
for (const [date, words] of Object.entries(DATES)) {
  test(`${date} is "${words}"`, () => expect(dateInWords(date)).toBe(words));
}

test("lists have commas and one joint", () => {
  expect(listInWords([], "or")).toBe("");
  expect(listInWords(["a"], "or")).toBe("a");
  expect(listInWords(["a", "b", "c"], "and")).toBe("a, b and c");
});
