import { beforeAll, expect, test } from "bun:test";
import { readPhonemes } from "../../../src/english/phonemes.ts";
import { letterNames } from "../../../src/speech/speakable/letters.ts";
import { type Espeak, loadEspeak } from "../../../src/speech/voice/espeak.ts";
import { createEspeakLexicon } from "../../../src/speech/voice/espeak-lexicon.ts";
import { lexiconOf, ownLexicon, spokenClauses } from "../../../src/speech/voice/spoken-clauses.ts";

const british = { name: "en-gb-x-rp" };
let espeak: Espeak;
beforeAll(async () => {
  espeak = await loadEspeak();
});
const spoken = (text: string, lexicon = ownLexicon) =>
  spokenClauses(text, lexicon)
    .map((clause) => clause.text)
    .join(" ");

test("every letter sounds as its name, and A is never the article", () => {
  const ipa: Record<string, string> = {
    a: "ˈeɪ",
    e: "ˈiː",
    h: "ˈeɪtʃ",
    i: "ˈaɪ",
    r: "ˈɑː",
    w: "dˈʌbəljˌuː",
    y: "wˈaɪ",
    z: "zˈɛd",
  };
  for (const [letter, { phonemes }] of Object.entries(letterNames)) {
    const said = espeak.phonemes(spoken(`Flat ${letter.toUpperCase()}1`).replace(/^\S+ /, ""), british);
    const [first] = said.split(" ");
    if (ipa[letter] !== undefined) expect([letter, first]).toEqual([letter, ipa[letter]]);
    expect("words" in readPhonemes(phonemes)).toBe(true);
  }
  expect(espeak.phonemes(spoken("AA1 1AA").split(",")[0] ?? "", british)).toBe("ˈeɪ ˈeɪ wˌɒn");
});

test("phonemes of a span are what both ways to speak hear, in any English voice; its words in all others", async () => {
  const text = "hello ⟦Belvoir‖b|'|i:|v|@⟧ there";
  expect(espeak.phonemes(text, british)).toBe("həlˈəʊ bˈiːvɐ ðˈeə");
  expect(espeak.phonemes(text, { name: "gmw/en-US" })).toBe("həlˈoʊ bˈiːvə ðˈɛɹ");
  expect(espeak.speak(text, british)).toEqual(espeak.speak("hello ⟦Xyz‖b|'|i:|v|@⟧ there", british));
  expect(espeak.speak(text, british)).not.toEqual(espeak.speak("hello Belvoir there", british));
  const two = await loadEspeak(["en", "cy"]);
  expect(two.phonemes("⟦Belvoir‖b|'|i:|v|@⟧", { name: "cy" })).toBe(two.phonemes("Belvoir", { name: "cy" }));
});

test("what stands in a span and is no phoneme falls back to the words", () => {
  expect(espeak.phonemes("⟦Leeds‖%%q9⟧", british)).toBe("lˈiːdz");
  expect(espeak.phonemes("⟦Leeds‖⟧", british)).toBe("lˈiːdz");
});

test("a thousand entries are spoken, each with its own sound, and the letters and the first still right", () => {
  const vowels = ["i:", "eI", "aI", "oU", "u:", "a", "E", "I", "0", "V"];
  const sounds = Array.from({ length: 1000 }, (_, n) =>
    [...String(n).padStart(3, "0")].map((digit) => `t|'|${vowels[Number(digit)]}`).join("|"),
  );
  const heard = Array.from({ length: 10 }, (_, hundred) => sounds.slice(hundred * 100, hundred * 100 + 100)).flatMap(
    (part) => espeak.phonemes(part.map((phonemes) => `⟦x‖${phonemes}⟧`).join(" "), british).split(" "),
  );
  expect(heard).toHaveLength(1000);
  expect(new Set(heard).size).toBe(1000);
  expect(espeak.phonemes("⟦x‖b|'|i:|v|@⟧", british)).toBe("bˈiːvɐ");
  expect(espeak.phonemes(spoken("Flat A").split(" ")[1] ?? "", british)).toBe("ˈeɪ");
});

test("an agency's entry reaches the phonemes, its possessive too", () => {
  const lexicon = lexiconOf([{ written: "Belvoir", kind: "phonemes", said: "/ˈbiːvə/" }]);
  expect(espeak.phonemes(spoken("Belvoir's flat", lexicon), british)).toBe("bˈiːvəz flˈæt");
});

test("a text of more sounds than there are names for is spoken, the last ones by their words", () => {
  const vowels = ["i:", "eI", "aI", "oU", "u:", "a", "E", "I", "0", "V"];
  const span = (n: number) =>
    `⟦Leeds‖${[...String(n).padStart(3, "0")].map((digit) => `t|'|${vowels[Number(digit)]}`).join("|")}⟧`;
  const { named } = createEspeakLexicon(emptyDictionary(), tableOf(["t", "'", ...vowels]));
  const said = named(Array.from({ length: 1000 }, (_, n) => span(n)).join(" "), true);
  const names = said.text.split(" ").filter((word) => word !== "Leeds");
  expect(names.every((name) => /^zq[a-z][a-z]$/.test(name) && name !== "zqzz")).toBe(true);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(600);
});

/** 1024 chains without an entry, and no rules. */
function emptyDictionary(): Uint8Array {
  const bytes = new Uint8Array(8 + 1024);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 1024, true);
  view.setUint32(4, bytes.length, true);
  return bytes;
}

/** One table, "en", codes from 20 on. */
function tableOf(phonemes: readonly string[]): Uint8Array {
  const bytes = Buffer.alloc(4 + 36 + 16 * phonemes.length);
  bytes.set([1, 0, 0, 0, phonemes.length, 0, 0, 0, ...Buffer.from("en")]);
  phonemes.forEach((letters, index) => {
    bytes.write(letters, 40 + 16 * index, "latin1");
    bytes[40 + 16 * index + 10] = 20 + index;
  });
  return bytes;
}

test("an entry that makes far too much of a clause does not silence it", () => {
  const much = lexiconOf([{ written: "a", kind: "respelling", said: "b ".repeat(40).trim() }]);
  const [clause] = spokenClauses("A a ".repeat(30), much);
  expect(espeak.speak(clause?.text ?? "", british).length).toBeGreaterThan(10_000);
  const phonemes = lexiconOf([{ written: "a", kind: "phonemes", said: "a ".repeat(40).trim() }]);
  for (const { text } of spokenClauses("a ".repeat(60), phonemes))
    expect(espeak.speak(text, british).length).toBeGreaterThan(10_000);
});
