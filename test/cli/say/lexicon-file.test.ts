import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLexiconFile } from "../../../src/cli/say/lexicon-file.ts";

const read = (text: string) => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-lexicon-"));
  try {
    const path = join(folder, "words.txt");
    writeFileSync(path, text);
    return readLexiconFile(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("a line a word, in other spelling or phonemes of either kind; comments and empty lines are passed over", () => {
  expect(read("# names\r\nBelvoir = beaver\n\nFowey=/fɔɪ/\nSt Osyth = [[s@nt 'oUzIT]]\n")).toEqual([
    { written: "Belvoir", kind: "respelling", said: "beaver" },
    { written: "Fowey", kind: "phonemes", said: "/fɔɪ/" },
    { written: "St Osyth", kind: "phonemes", said: "[[s@nt 'oUzIT]]" },
  ]);
});

test.each([
  ["Belvoir", "line 1"],
  ["# x\nFowey = f0y", "line 2"],
  ["Fowey = /føɪ/", "“ø”"],
])("%j is refused with its place", (text, why) => {
  expect(() => read(text)).toThrow(why);
});

test("a file that is not there is named", () => {
  expect(() => readLexiconFile("/nowhere/words.txt")).toThrow("--lexicon /nowhere/words.txt cannot be read");
});
