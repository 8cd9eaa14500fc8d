import { beforeAll, expect, test } from "bun:test";
import { spelledOut } from "../../../src/speech/speakable/letters.ts";
import { splitPieces } from "../../../src/speech/voice/clauses.ts";
import { loadVoice } from "../../../src/speech/voice/engine.ts";
import { type Espeak, loadEspeak } from "../../../src/speech/voice/espeak.ts";
import { peakLimit } from "../../../src/speech/voice/level.ts";
import { activeSpeechLevel } from "../../../src/speech/voice/speech-level.ts";

const british = { name: "en-gb-x-rp" };
const greeting = "Good morning, you have reached Larkspur Lettings.";
let espeak: Espeak;
beforeAll(async () => {
  espeak = await loadEspeak();
});

test("speech has the length that these words take, the level of a telephone and no peak above −3 dBFS", async () => {
  const engine = await loadVoice({ settings: { engine: "espeak", voice: british.name }, nativeDir: "" });
  const levels: number[] = [];
  for (const text of [
    greeting,
    "Yes.",
    "No.",
    "Which day suits you?",
    "That is three hundred and ninety-five pounds.",
  ]) {
    const { audio } = await engine.speakClause(text, 0);
    const samples = Float32Array.from(audio, (x) => x / 32_768);
    levels.push(activeSpeechLevel(samples, 8000).levelDbov);
    expect(samples.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0)).toBeLessThan(peakLimit + 1e-4);
    if (text === greeting) expect(audio.length / 8000).toBeWithin(2, 4);
  }

  for (const level of levels) expect(level).toBeWithin(-22.5, -17.5); // one word is as loud as the voice says it
  expect(levels.reduce((sum, level) => sum + level, 0) / levels.length).toBeWithin(-21, -19);
});

test("the same words give the same samples, whatever was said before and with which voice", () => {
  const first = espeak.speak(greeting, british);
  espeak.speak("Something else entirely, and rather longer than that was.", british);
  espeak.speak("Hello", { name: "en-us" });
  espeak.phonemes("hello there", british);

  expect(espeak.speak(greeting, british)).toEqual(first);
});

test("rate and pitch are those asked for", () => {
  const slow = espeak.speak(greeting, { ...british, wordsPerMinute: 110 });
  const fast = espeak.speak(greeting, { ...british, wordsPerMinute: 220 });

  expect(slow.length / fast.length).toBeGreaterThan(1.5);
  expect(espeak.speak(greeting, { ...british, pitch: 80 })).not.toEqual(espeak.speak(greeting, british));
});

test("phonemes come without marks between them and without flags of language", () => {
  expect(espeak.phonemes("hello are you there", british)).toBe("həlˈəʊ ɑː juː ðˈeə");
  expect(espeak.phonemes("", british)).toBe("");
  expect(espeak.phonemes("computer", { name: "en-us" })).toBe("kəmpjˈuːɾɚ");
});

test("a voice is found by its name, its file or its language; an unknown one is refused", () => {
  expect(espeak.phonemes("bath", { name: "en-gb-x-rp" })).toBe("bˈɑːθ");
  expect(espeak.phonemes("bath", { name: "gmw/en-US" })).toBe("bˈæθ");
  expect(espeak.phonemes("bath", { name: "en-GB" })).toBe("bˈaθ");
  expect(() => espeak.phonemes("bath", { name: "xx-klingon" })).toThrow('espeak-ng has no voice "xx-klingon"');
  expect(() => espeak.speak("a".repeat(5000), british)).toThrow("longer than");
});

test("every letter is called by its name", () => {
  for (const letter of "abcdefghijklmnopqrstuvwxyz") {
    const called = espeak.phonemes(`letter ${letter.toUpperCase()}`, british).replace(/[ˈˌ ]/g, "");
    expect(espeak.phonemes(`letter ${spelledOut(letter)}`, british).replace(/[ˈˌ ]/g, "")).toBe(called);
  }
});

test("memory does not grow with what is said", () => {
  const before = espeak.speak(greeting, british).length;
  for (let i = 0; i < 300; i++) espeak.phonemes(`${splitPieces(greeting)[0]?.words} number ${i}`, british);
  expect(espeak.speak(greeting, british).length).toBe(before);
}, 30_000);
