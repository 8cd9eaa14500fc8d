import { describe, expect, test } from "bun:test";
import { isLoud } from "../../caller/loudness.ts";
import { joined, silence } from "../../caller/noises.ts";
import { seeded } from "../../sip/random.ts";
import { findSound } from "./heard-again.ts";
import { type Heard, interruptionOf, isBeginningOf } from "./interruptions.ts";
import { framesOf } from "./sounds.ts";

/** Words that are like no others: noise in syllables of 160 ms with 40 ms between them. */
function words(seed: number, ms: number): Int16Array {
  const { next } = seeded(seed);
  let low = 0;
  return Int16Array.from({ length: ms * 8 }, (_, i) => {
    low = 0.8 * low + 0.2 * (next() * 2 - 1);
    return i % 1_600 < 1_280 ? 12_000 * low : 0;
  });
}

const heard = (...parts: Int16Array[]): Heard => {
  const frames = framesOf(joined(...parts));
  return { frames, loud: frames.map(isLoud) };
};
const told = words(1, 5_000);
const undisturbed = heard(told);
const part = (fromMs: number, toMs: number) => told.subarray(fromMs * 8, toMs * 8);
/** After 1 s of silence the agent speaks; the caller is heard from 3.0 to 3.5 s; his next move is at 12 s. */
const disturbance = { prompt: 50, sound: { from: 150, to: 175 }, until: 600 };
const outcome = (...parts: Int16Array[]) =>
  interruptionOf(heard(silence(1_000), ...parts, silence(8_000)), undisturbed, disturbance);

describe("what a sound did to the agent's words", () => {
  test("nothing", () => {
    expect(outcome(told)).toEqual({ silentMs: undefined, resumedMs: undefined, outcome: "spoke on" });
  });

  test("they stopped after 200 ms and went on where they were, 300 ms after the sound", () => {
    const stopped = [part(0, 2_200), silence(600), part(2_200, 5_000)];
    expect(outcome(...stopped)).toEqual({ silentMs: 200, resumedMs: 300, outcome: "resumed" });
  });

  test("they went on from a little before, or began anew", () => {
    expect(outcome(part(0, 2_200), silence(600), part(1_400, 5_000))?.outcome).toBe("resumed");
    expect(outcome(part(0, 2_200), silence(600), told)?.outcome).toBe("repeated");
  });

  test("they stopped for other words, or for good", () => {
    expect(outcome(part(0, 2_200), silence(900), words(2, 2_000))).toEqual({
      silentMs: 200,
      resumedMs: 600,
      outcome: "answered",
    });
    expect(outcome(part(0, 2_200))).toEqual({ silentMs: 200, resumedMs: undefined, outcome: "fell silent" });
  });

  test("they went on, or were finished, and yet the sound was answered afterwards", () => {
    expect(outcome(told, silence(900), words(2, 2_000))?.outcome).toBe("answered");
    expect(outcome(part(0, 2_200), silence(600), part(2_200, 5_000), silence(900), words(2, 2_000))?.outcome).toBe(
      "answered",
    );
  });

  test("a frame that was lost is no stop, and of a sound at their very end nothing is said", () => {
    const lost = told.slice();
    lost.fill(0, 2_200 * 8, 2_220 * 8);
    expect(outcome(lost)?.outcome).toBe("spoke on");
    const late = { prompt: 50, sound: { from: 285, to: 300 }, until: 600 };
    expect(interruptionOf(heard(silence(1_000), told, silence(8_000)), undisturbed, late)).toBeUndefined();
  });

  test("words are known by how they begin", () => {
    const both = heard(silence(1_000), told);
    expect(isBeginningOf(both, disturbance, undisturbed)).toBe(true);
    expect(isBeginningOf(both, disturbance, heard(words(2, 5_000)))).toBe(false);
  });
});

test("a piece of sound is found where it came from, at any sample, and not in other words", () => {
  expect(findSound(told.subarray(8_001, 12_001), told)).toBeCloseTo(8_001, -1);
  expect(findSound(words(2, 500), told)).toBeUndefined();
  expect(findSound(told, told.subarray(0, 100))).toBeUndefined();
});
