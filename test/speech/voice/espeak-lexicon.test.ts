import { beforeAll, expect, test } from "bun:test";
import { readPhonemes } from "../../../src/english/phonemes.ts";
import { letterNames } from "../../../src/speech/speakable/letters.ts";
import { type Espeak, loadEspeak } from "../../../src/speech/voice/espeak.ts";
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
