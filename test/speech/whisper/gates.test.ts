import { expect, test } from "bun:test";
import type { Decoded } from "../../../src/speech/whisper/decode.ts";
import { neverSaid, withoutAnnotations } from "../../../src/speech/whisper/gates.ts";

const decoded = (change: Partial<Decoded>): Decoded => ({
  tokens: [1, 2],
  logProbabilities: [-0.1, -0.1],
  logProbability: -0.2,
  choices: 2,
  averageLogProbability: -0.1,
  noSpeechProbability: 0.01,
  ended: "end",
  first: new Float32Array(0),
  ...change,
});

test.each<[string, Partial<Decoded>, boolean]>([
  ["said clearly", {}, false],
  // What Whisper puts to silence is fluent; what tells is that nobody spoke.
  ["fluent, in what is certainly no speech", { noSpeechProbability: 0.91 }, true],
  ["said on a bad line", { noSpeechProbability: 0.6, averageLogProbability: -0.5 }, false],
  ["doubtful words in what is probably no speech", { noSpeechProbability: 0.6, averageLogProbability: -0.7 }, true],
  ["doubtful words in speech", { averageLogProbability: -0.7 }, false],
  ["words that cannot be believed", { averageLogProbability: -1.1 }, true],
  ["a loop that began as nothing", { ended: "loop", averageLogProbability: -0.7 }, true],
  ["a loop behind real words", { ended: "loop", averageLogProbability: -0.3 }, false],
])("a thank you %s", (_what, change, gone) => {
  expect(neverSaid(decoded(change), "Thank you.")).toBe(gone);
});

test("there must be a letter or a digit", () => {
  for (const text of ["", ".", "…", " - "]) expect(neverSaid(decoded({}), text)).toBe(true);
  for (const text of ["7", "é", "No."]) expect(neverSaid(decoded({}), text)).toBe(false);
});

test("annotations go, whole or cut off, and leave one space", () => {
  expect(withoutAnnotations("[music] Thank you (applause) for *coughs* calling ♪")).toBe("Thank you for calling");
  expect(withoutAnnotations("♪ la la ♪")).toBe("la la");
  expect(withoutAnnotations("Yes [BLANK_AU")).toBe("Yes");
  expect(withoutAnnotations("(silence)")).toBe("");
});
