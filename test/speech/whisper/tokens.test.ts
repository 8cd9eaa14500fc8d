import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MalformedFile } from "../../../src/speech/onnx/malformed.ts";
import { parseTokens } from "../../../src/speech/whisper/tokens.ts";

const models = join(import.meta.dir, "../../../models");
const table = (lines: string[]) => parseTokens(new TextEncoder().encode(lines.join("\n")));
const base64 = (bytes: number[] | string) => Buffer.from(bytes as string).toString("base64");

test("a character spread over tokens is put together, half a one is left out", () => {
  const tokens = table([`${base64("It costs ")} 0`, `${base64([0xc2])} 1`, `${base64([0xa3])} 2`, `${base64("5")} 3`]);

  expect(tokens.text([0, 1, 2, 3])).toBe("It costs £5");
  expect(tokens.text([0, 3, 1])).toBe("It costs 5");
  expect(tokens.text([2, 3])).toBe("5");
  expect(tokens.text([])).toBe("");
});

test("lines may be out of order, end in CR LF and leave numbers out", () => {
  const tokens = table([`${base64(" b")} 2\r`, "", `${base64("a")} 0\r`]);

  expect(tokens.count).toBe(3);
  expect(tokens.text([0, 1, 2, 99])).toBe("a b");
});

test.each(["not base64! 1", "YQ==", "YQ== x", "YQ== 1 2", "YQ== -1"])("%p is refused", (line) => {
  expect(() => table([`${base64("a")} 0`, line])).toThrow(MalformedFile);
});

test("an empty file is refused", () => {
  expect(() => table(["", ""])).toThrow(MalformedFile);
});

test("the tables of the demo model and of OpenAI's are read", () => {
  const read = (path: string) => parseTokens(readFileSync(join(models, path)));

  expect(read("demo-whisper/demo-tokens.txt").count).toBe(1196);
  const tiny = read("whisper-shapes/tiny/tiny-tokens.txt");
  expect(tiny.count).toBe(50_257);
  expect(tiny.text([220])).toBe(" ");
});
