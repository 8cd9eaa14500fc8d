import { describe, expect, test } from "bun:test";
import { britishNames } from "../../src/english/british-names.ts";
import {
  checkedPronunciation,
  createLexicon,
  keyOfWritten,
  type Pronunciation,
} from "../../src/english/pronunciations.ts";

const same = (text: string) => text;
const as = (written: string, said: string, kind: Pronunciation["kind"] = "respelling"): Pronunciation => ({
  written,
  kind,
  said,
});

describe("words are found", () => {
  const lexicon = createLexicon(
    [
      as("Belvoir", "beaver"),
      as("Belvoir Castle", "beaver castle"),
      as("Reading", "redding"),
      as("scone", "skon"),
      as("St Osyth", "saint ozith"),
      as("Belvoir", "belle vwar"),
    ],
    same,
  );
  test.each([
    ["Belvoir Road", "beaver Road"],
    ["BELVOIR, then", "beaver, then"],
    ["belvoir", "belvoir"], // a name has its capital
    ["Belvoir's flat and the Belvoirs", "beaver's flat and the Belvoirs"],
    ["Belvoir Castle", "beaver castle"], // the longest first
    ["Belvoir  Castle's", "beaver castle's"],
    ["Belvoir-Smith", "beaver-Smith"],
    ["O'Belvoir XBelvoir Belvoir2", "O'Belvoir XBelvoir Belvoir2"],
    ["I was reading in Reading", "I was reading in redding"],
    ["A Scone, a scone", "A skon, a skon"],
    ["in St Osyth.", "in saint ozith."],
    ["⟦Belvoir‖b⟧ Belvoir", "⟦Belvoir‖b⟧ beaver"],
  ])("%s", (text, said) => {
    expect(lexicon(text)).toBe(said);
  });
});

test("phonemes become spans, a word each, with the sound of a possessive", () => {
  const lexicon = createLexicon([as("Belvoir", "/ˈbiːvə/", "phonemes"), as("Bath Ash", "b'A:T 'aS", "phonemes")], same);

  expect(lexicon("Belvoir's")).toBe("⟦Belvoir's‖'|b|i:|v|@|z⟧");
  expect(lexicon("Bath Ash's")).toBe("⟦Bath Ash's‖b|'|A:|T⟧ ⟦‖'|a|S|I2|z⟧");
});

test("an entry is looked for as the texts are after they were made speakable", () => {
  const lexicon = createLexicon([as("St Neots", "saint neets")], (text) => text.replace("St ", "Saint "));

  expect(lexicon("in Saint Neots")).toBe("in saint neets");
});

test("what is kept is tidy, and one word is one entry whatever its capitals", () => {
  expect(checkedPronunciation(as("  Fowey ", " foy "))).toEqual(as("Fowey", "foy"));
  expect(keyOfWritten(" St  Osyth’s ")).toBe("st osyth's");
});

test.each([
  [as("", "x"), "letters"],
  [as("<b>", "x"), "letters"],
  [as("a".repeat(61), "x"), "60"],
  [as("Fowey", ""), "how it is pronounced"],
  [as("Fowey", "f0y"), "respelling"],
  [as("Fowey", "f'OI7", "phonemes"), "“7”"],
  [as("Fowey", "/føy/", "phonemes"), "“ø”"],
  [as("Fowey", "f t", "phonemes"), "vowel"],
  [as("Fowey", "a".repeat(81)), "80"],
])("%j is refused, and the message says why", (entry, why) => {
  expect(() => checkedPronunciation(entry)).toThrow(why);
});

test("every name that is offered would be accepted, and none is offered twice", () => {
  for (const entry of britishNames) expect(checkedPronunciation(entry)).toEqual(entry);
  expect(new Set(britishNames.map(({ written }) => keyOfWritten(written))).size).toBe(britishNames.length);
});

test.each(["'", "-", "' -", "\u0301"])("a respelling without a letter, %j, would leave the word out", (said) => {
  expect(() => checkedPronunciation(as("Fowey", said))).toThrow(/no letter/);
});
