import { expect, test } from "bun:test";
import { isOfNobody } from "../../src/calls/nobody.ts";
import { transcript } from "./harness.ts";

const clear = { strongest: 0.99, mean: 0.85 };
const faint = { strongest: 0.84, mean: 0.6 };

test("a clear voice is somebody's, however unsure the words", () => {
  expect(isOfNobody({ ...transcript("Yes."), unsure: true }, clear)).toBe(false);
  expect(isOfNobody(transcript(""), clear)).toBe(false);
});

test("a faint voice is somebody's if the words are sure", () => {
  expect(isOfNobody(transcript("Yes."), faint)).toBe(false);
});

test("a faint voice with unsure words, or with none, is nobody's", () => {
  expect(isOfNobody({ ...transcript("Hello."), unsure: true }, faint)).toBe(true);
  expect(isOfNobody(transcript(""), faint)).toBe(true);
});

test("words of danger are heeded, whoever's they seem to be", () => {
  const danger = { ...transcript("I can smell gas."), unsure: true };
  expect(isOfNobody(danger, faint)).toBe(false);
  expect(isOfNobody(danger, { strongest: 0.6, mean: 0.2 })).toBe(false);
});

test("moments of speech far apart are nobody's words, whatever they say", () => {
  expect(isOfNobody(transcript("In the Collins."), { strongest: 0.93, mean: 0.28 })).toBe(true);
});
