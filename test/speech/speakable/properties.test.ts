/** Whatever is written: nothing is thrown, nothing that a voice would misread is left, and no word is lost. */
import { describe, expect, test } from "bun:test";
import { speakable } from "../../../src/speech/speakable/speakable.ts";
import { splitClauses } from "../../../src/speech/voice/clauses.ts";
import { seeded } from "../whisper/clips.ts";
import { cases } from "./cases.ts";

const rounds = Number(process.env.ROUNDS ?? 1000);
const random = seeded(20_261_121);
const below = (n: number) => Math.floor(random() * n);
const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;

/** What is said at all: letters, numbers, and signs that have a name. */
const hasContent = (text: string) =>
  /[\p{L}\p{N}%&@+=£€$°×÷©]/u.test(text.replace(/[\uff01-\uff5e]/g, (wide) => wide.normalize("NFKC")));
/** Letters, their accents, and punctuation that makes pauses. */
const readable = /^[\p{L}\p{M}\s,.;:!?…'–—¦-]*$/u;

const pieces = Object.values(cases).flatMap((list) => list.map(([written]) => written));
const shards = pieces.flatMap((piece) => piece.split(/(?<=\W)|(?=\W)/));
const anyChar = () => {
  const at =
    one([0x20, 0x30, 0x41, 0x61, 0xa0, 0x300, 0x600, 0x2000, 0x2100, 0x1f300, 0xe000, 0xfe00, 0xff00]) + below(96);
  return String.fromCodePoint(at);
};
const makers: Record<string, () => string> = {
  "characters of many scripts": () => Array.from({ length: below(30) }, anyChar).join(""),
  "lone halves of surrogates": () => `a${String.fromCharCode(0xd800 + below(0x7ff))}1`,
  "shards of real texts": () => Array.from({ length: below(12) }, () => one(shards)).join(""),
  "real texts run together": () =>
    Array.from({ length: 1 + below(4) }, () => one(pieces)).join(one(["; ", "\n", ". ", ", "])),
  "digits and signs": () => Array.from({ length: below(24) }, () => one([..."0123456789  ..,:/-+£%()apmkx'"])).join(""),
};

describe.each(Object.entries(makers))("of %s", (_, make) => {
  const texts = Array.from({ length: rounds }, make);

  test("nothing is left that a voice could misread", () => {
    for (const text of texts)
      if (!readable.test(speakable(text))) throw new Error(`${JSON.stringify(text)} → ${speakable(text)}`);
  });

  test("something is said exactly where there is something to say", () => {
    for (const text of texts) {
      const isSaid = splitClauses(speakable(text)).length > 0;
      if (isSaid !== hasContent(text)) throw new Error(`${JSON.stringify(text)} → ${JSON.stringify(speakable(text))}`);
    }
  });
});

test("what was made speakable of real texts is left as it is", () => {
  for (let round = 0; round < rounds; round++) {
    const said = speakable(makers["real texts run together"]?.() ?? "");
    if (speakable(said) !== said) throw new Error(`${said} → ${speakable(said)}`);
  }
});

test("no plain word is lost, and their order stays", () => {
  const words = ["kitchen", "garden", "Thursday", "please", "viewing", "Larkspur", "window", "O'Brien", "two-storey"];
  for (let round = 0; round < rounds; round++) {
    const chosen = Array.from({ length: 1 + below(12) }, () => one(words));
    const signs = [" ", ", ", ". ", " (", ") ", "/", " – ", "; ", " & ", "\n", " £", " 12 ", " 3pm ", " M1 1AE "];
    const text = chosen.map((word) => `${word}${one(signs)}`).join("");
    const said = speakable(text).match(/[\w'-]+/g) ?? [];
    expect(said.filter((word) => words.includes(word))).toEqual(chosen);
  }
});

test("four thousand characters of the worst kinds are read in well under a second", () => {
  const worst = [
    "1",
    "a@",
    "a.",
    "£1,",
    "12:",
    "A",
    "St ",
    "1/",
    "www.",
    "(",
    "a-",
    "07 ",
    "Mon-",
    "'",
    "1 ft ",
    "é\u0301",
    "A.",
    "x1",
  ];
  for (const piece of worst) {
    const text = piece.repeat(Math.ceil(4000 / piece.length)).slice(0, 4000);
    const startedAt = performance.now();
    speakable(text);
    expect([piece, performance.now() - startedAt < 500]).toEqual([piece, true]);
  }
});
