import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { textEncoder } from "../../../src/speech/whisper/bpe.ts";
import { parseTokens } from "../../../src/speech/whisper/tokens.ts";
import { heardLines } from "./sentences.ts";

const demo = parseTokens(readFileSync(join(import.meta.dir, "../../../models/demo-whisper/demo-tokens.txt")));
const encode = textEncoder(demo, 1196);

test("what is encoded reads as it was written", () => {
  for (const { heard } of heardLines()) expect(demo.text(encode(` ${heard}`))).toBe(` ${heard}`);
});

test("characters outside of the table's words come byte by byte", () => {
  const ids = encode(" Zoë 🏠");
  expect(demo.text(ids)).toBe(" Zoë 🏠");
  expect(ids.length).toBeGreaterThan(5);
});

test("the pair that was merged first is merged first, wherever it stands", () => {
  const table = tableOf(["a", "b", "c", "bc", "ab", "abc"]);
  expect(textEncoder(table, 6)("abc")).toEqual([5]); // bc (3) before ab (4), then a + bc
  expect(textEncoder(table, 6)("aab")).toEqual([0, 4]);
  expect(textEncoder(tableOf(["a", "b", "c", "bc", "ab"]), 5)("abc")).toEqual([0, 3]);
});

test("special tokens spell nothing, and a text that the table cannot spell has no tokens", () => {
  expect(textEncoder(tableOf(["a", "b", "ab"]), 2)("ab")).toEqual([0, 1]);
  expect(textEncoder(tableOf(["a"]), 1)("ab")).toEqual([]);
  expect(encode("")).toEqual([]);
});

function tableOf(words: readonly string[]) {
  const lines = words.map((word, id) => `${Buffer.from(word).toString("base64")} ${id}`);
  return parseTokens(Buffer.from(lines.join("\n")));
}
