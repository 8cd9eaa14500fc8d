import { expect, test } from "bun:test";
import { doubtOf } from "../../src/calls/doubt.ts";
import { transcript } from "./harness.ts";

const heard = (...readings: [string, number][]) => ({
  ...transcript(readings[0]?.[0] ?? ""),
  nbest: readings.map(([text, logProbability]) => ({ text, logProbability })),
});

test("what is a third as likely as the best reading, and other words, may have been said", () => {
  const numbers = heard(["07700 900900.", -1.9], ["07700. No, 900.", -2.9], ["07700 909000.", -3.2]);
  expect(doubtOf(numbers)).toEqual({ unsure: false, readings: ["07700. No, 900."] });
  expect(doubtOf({ ...numbers, unsure: true }).unsure).toBe(true);
  expect(doubtOf({ ...numbers, doubtful: true }).unsure).toBe(true);
});

test("where there was no time to look for other readings, figures with a digit in doubt are unsure, words are not", () => {
  const unsettled = (text: string) => doubtOf({ ...transcript(text), unsettled: true }).unsure;
  expect(unsettled("07700 900900.")).toBe(true);
  expect(unsettled("On Tuesday please.")).toBe(false);
  expect(doubtOf(transcript("07700 900123.")).unsure).toBe(false);
});

test("other signs are no other words, nor is the beginning of what was heard", () => {
  const date = heard(["On Tuesday, please.", -1], ["On Tuesday please.", -1.2], ["On Tuesday.", -1.6]);
  expect(doubtOf(date).readings).toEqual([]);
  expect(doubtOf(heard(["On Tuesday.", -1], ["On Tuesday and", -1.5])).readings).toEqual(["On Tuesday and"]);
});

test("of many the likeliest count, of silence none", () => {
  const many = heard(["a", -1], ["b", -1], ["c", -1], ["d", -1], ["e", -1], ["f", -1]);
  expect(doubtOf(many).readings).toEqual(["b", "c", "d", "e"]);
  expect(doubtOf({ ...transcript(""), nbest: [] })).toEqual({ unsure: false, readings: [] });
});
