import { expect, test } from "bun:test";
import { heardWords, spokenMs } from "../../src/calls/heard-words.ts";

const text = "So that's 14 Maple Road, Saturday at 11 o'clock. Shall I book that?";

test("nothing of it, all of it, and whole words in between", () => {
  expect(heardWords(text, 0)).toBe("");
  expect(heardWords(text, -1)).toBe("");
  expect(heardWords(text, 1)).toBe(text);
  const words = text.split(" ");
  let before = 0;
  for (let share = 0; share <= 1; share += 0.01) {
    const heard = heardWords(text, share);
    const count = heard === "" ? 0 : heard.split(" ").length;
    expect(heard).toBe(words.slice(0, count).join(" "));
    expect(count).toBeGreaterThanOrEqual(before);
    before = count;
  }
  expect(heardWords("", 0.5)).toBe("");
});

test("figures take the time of words: half of the time is well before the middle of the letters", () => {
  const phone = "on 07700 900123. Thank you very much for that";
  expect(heardWords(phone, 0.5)).toBe("on 07700");
});

test("two and a half seconds for a sentence of ten words", () => {
  const ms = spokenMs("Could you say the number again, from the very start?");
  expect(ms).toBeGreaterThan(2_000);
  expect(ms).toBeLessThan(4_500);
});
