import { expect, test } from "bun:test";
import { noVoice, voiceOf, withStep } from "../../src/media/voice-likeness.ts";

/** So many of each: speech of one probability, and what lies between. */
function sound(times: number, speech: [steps: number, probability: number], gap: [steps: number, probability: number]) {
  let voice = noVoice;
  for (let n = 0; n < times; n++) {
    for (let step = 0; step < speech[0]; step++) voice = withStep(voice, speech[1], true);
    for (let step = 0; step < gap[0]; step++) voice = withStep(voice, gap[1], false);
  }
  return voiceOf(voice);
}

test("digits with more than a second between them are a voice's", () => {
  expect(sound(11, [10, 0.85], [36, 0.03]).mean).toBeGreaterThan(0.4);
});

test("moments of speech a few tenths of a second apart are not", () => {
  expect(sound(11, [3, 0.7], [9, 0.1]).mean).toBeLessThan(0.35);
});

test("the silence at the end is no part of it", () => {
  expect(sound(1, [10, 0.9], [1_000, 0])).toEqual({ strongest: 0.9, mean: expect.closeTo(0.9) });
});
