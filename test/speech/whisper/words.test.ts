import { expect, test } from "bun:test";
import { parseTokens } from "../../../src/speech/whisper/tokens.ts";
import { spread, wordsOf } from "../../../src/speech/whisper/words.ts";

const pieces = [" Good", " M", "aple", ".", " ", "caf", "Ã©"];
const table = parseTokens(
  Buffer.from(pieces.map((text, id) => `${Buffer.from(text, "latin1").toString("base64")} ${id}`).join("\n")),
);

test("a word goes from one token with a space to the next; a letter of two bytes stays whole", () => {
  expect(wordsOf([0, 1, 2, 3], table)).toEqual([
    { text: "Good", first: 0, end: 1 },
    { text: "Maple.", first: 1, end: 4 },
  ]);
  expect(wordsOf([5, 6, 4], table).map(({ text }) => text)).toEqual(["café"]);
  expect(wordsOf([], table)).toEqual([]);
});

test("words share speech by their letters, and none lies in a pause", () => {
  const spans = [
    { from: 100, to: 200 },
    { from: 500, to: 600 },
  ];
  expect(spread(["abc", "defg", "hij", "klmn"], spans, { from: 0, to: 999 })).toEqual([
    { from: 100, to: 144 },
    { from: 144, to: 200 },
    { from: 500, to: 544 },
    { from: 544, to: 600 },
  ]);
});

test("a word said across a pause begins before and ends behind it; without spans the whole is shared", () => {
  const spans = [
    { from: 0, to: 10 },
    { from: 20, to: 30 },
  ];
  expect(spread(["one"], spans, { from: 0, to: 99 })).toEqual([{ from: 0, to: 30 }]);
  expect(spread(["a", "b"], [], { from: 40, to: 80 })).toEqual([
    { from: 40, to: 60 },
    { from: 60, to: 80 },
  ]);
  expect(spread([], spans, { from: 0, to: 99 })).toEqual([]);
});
