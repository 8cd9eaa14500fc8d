import { describe, expect, test } from "bun:test";
import { endingS, hasVowel, readPhonemes } from "../../src/english/phonemes.ts";

describe("espeak-ng's own letters and IPA read alike", () => {
  test.each([
    ["b'i:v@", "/ˈbiːvə/", "b ' i: v @", "' b i: v @"],
    ["tS'VmlI", "ˈtʃʌmlɪ", "tS ' V m l I", "' tS V m l I"],
    ["k'aUntI", "ˈkaʊntɪ", "k ' aU n t I", "' k aU n t I"],
    ["T'i:,eIt@", "θˈiːˌeɪtə", "T ' i: , eI t @", "T ' i: , eI t @"],
    ["l'0x", "lˈɒx", "l ' 0 x", "l ' 0 x"],
  ])("%s and %s", (own, ipa, ownRead, ipaRead) => {
    expect(readPhonemes(own)).toEqual({ words: [ownRead.split(" ")] });
    expect(readPhonemes(ipa)).toEqual({ words: [ipaRead.split(" ")] });
  });
});

test("slashes make it IPA whatever letters it has; a bar parts what would be one sound; spaces part words", () => {
  expect(readPhonemes("/lest/")).toEqual({ words: [["l", "E", "s", "t"]] });
  expect(readPhonemes("t|S'I")).toEqual({ words: [["t", "S", "'", "I"]] });
  expect(readPhonemes("[[0n sw'i:t]]")).toEqual({
    words: [
      ["0", "n"],
      ["s", "w", "'", "i:", "t"],
    ],
  });
});

test.each([
  ["b'i:v7", "7"],
  ["/bøvə/", "ø"],
  ["/b🙂/", "🙂"],
  ["ɬan", "ɬ"],
  ["a{b", "{"],
])("%s: %s is no sound of English", (written, sign) => {
  expect(readPhonemes(written)).toEqual({ unknown: sign });
});

test("a vowel is what can be heard; the s of an ending follows the sound before it", () => {
  expect(hasVowel([["s", "t"], []])).toBe(false);
  expect(hasVowel([["s"], ["'", "3:"]])).toBe(true);
  expect(["tS", "f", "@", "z"].map((last) => endingS([last]).join(""))).toEqual(["I2z", "s", "z", "I2z"]);
});
