import { expect, test } from "bun:test";
import { type DecodeRules, decodeGreedily, type Step } from "../../../src/speech/whisper/decode.ts";
import { findLoop } from "../../../src/speech/whisper/loops.ts";

/** Words 0…9, end 10, specials 11…15. */
const rules: DecodeRules = {
  prompt: [11, 12],
  startIndex: 0,
  noSpeech: 15,
  endOfText: 10,
  vocabulary: 16,
  firstForbidden: 11,
  suppressed: [],
  suppressedFirst: [],
  maxTokens: 100,
  stopLoops: true,
};
const { signal } = new AbortController();

/** A decoder that says `script`, then ends; every other token is 5 below, special ones above all if `loud`. */
function saying(script: number[], options: { noSpeech?: number; loud?: boolean } = {}) {
  const calls: { tokens: number[]; offset: number }[] = [];
  const step: Step = async (tokens, offset) => {
    calls.push({ tokens: [...tokens], offset });
    const logits = new Float32Array(tokens.length * 16);
    const last = (tokens.length - 1) * 16;
    logits[last + (script[calls.length - 1] ?? 10)] = 5;
    if (options.loud) logits.fill(9, last + 11, last + 16);
    if (calls.length === 1) logits[15] = options.noSpeech ?? 0;
    return logits;
  };
  return { step, calls };
}

test("the prompt goes in at once, then each token at its place", async () => {
  const { step, calls } = saying([3, 1, 4]);
  const decoded = await decodeGreedily(step, rules, signal);

  expect(decoded).toMatchObject({ tokens: [3, 1, 4], ended: "end", choices: 4 });
  expect(calls).toEqual([
    { tokens: [11, 12], offset: 0 },
    { tokens: [3], offset: 2 },
    { tokens: [1], offset: 3 },
    { tokens: [4], offset: 4 },
  ]);
});

test("log-probabilities are those among the tokens that may be chosen, the end token counted", async () => {
  const { step } = saying([3]);
  const decoded = await decodeGreedily(step, rules, signal);

  const each = 5 - Math.log(Math.exp(5) + 10); // eleven tokens are allowed
  expect(decoded.logProbabilities).toHaveLength(1);
  expect(decoded.logProbabilities[0]).toBeCloseTo(each, 5);
  expect(decoded.logProbability).toBeCloseTo(2 * each, 5);
  expect(decoded.averageLogProbability).toBeCloseTo(each, 5);
});

test("no speech is read after the start token, among all tokens", async () => {
  const { step } = saying([3], { noSpeech: 2 });
  const decoded = await decodeGreedily(step, rules, signal);

  expect(decoded.noSpeechProbability).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 15), 5);
});

test("special and timestamp tokens are never chosen, however likely", async () => {
  const { step } = saying([3, 1], { loud: true });
  expect((await decodeGreedily(step, rules, signal)).tokens).toEqual([3, 1]);
});

test("suppression: some tokens never, the blank not as the first, the end token at any time", async () => {
  const withRules = { ...rules, suppressed: [7], suppressedFirst: [2] };

  expect((await decodeGreedily(saying([2, 2]).step, withRules, signal)).tokens).toEqual([0, 2]);
  expect((await decodeGreedily(saying([1, 7]).step, withRules, signal)).tokens).toEqual([1, 0]);
  expect((await decodeGreedily(saying([]).step, withRules, signal)).tokens).toEqual([]);
});

test("the cap on tokens ends a text that goes on; no step is made for what will not be used", async () => {
  const long = saying([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(await decodeGreedily(long.step, { ...rules, maxTokens: 3 }, signal)).toMatchObject({
    tokens: [0, 1, 2],
    ended: "cap",
    choices: 3,
  });
  expect((await decodeGreedily(long.step, { ...rules, maxTokens: 0 }, signal)).tokens).toEqual([]);
});

test("a loop ends the text at its first saying", async () => {
  const loop = Array.from({ length: 90 }, (_, i) => [1, 2, 3, 4][i % 4] ?? 0);
  const { step, calls } = saying([9, 8, ...loop]);
  const decoded = await decodeGreedily(step, rules, signal);

  expect(decoded).toMatchObject({ tokens: [9, 8, 1, 2, 3, 4], ended: "loop" });
  expect(decoded.logProbabilities).toHaveLength(6);
  expect(calls.length).toBe(2 + 16);
});

test("a caller may say a thing three times, or no five times", () => {
  const times = (passage: number[], count: number) => Array.from({ length: count }, () => passage).flat();

  expect(findLoop(times([1, 2], 5))).toBeUndefined();
  expect(findLoop(times([1, 2, 3, 4, 5, 6, 7], 3))).toBeUndefined();
  expect(findLoop([5, ...times([0], 15)])).toBeUndefined();
  expect(findLoop([5, ...times([0], 16)])).toEqual({ keep: 2 });
  expect(findLoop(times([1, 2, 3, 4, 5, 6, 7], 4))).toEqual({ keep: 7 });
  expect(findLoop([3, ...times([1, 2, 3], 6)])).toEqual({ keep: 3 });
});

test("an abort that arrives while the decoder runs stops it before its next run", async () => {
  const controller = new AbortController();
  const reason = new Error("the caller went on");
  let runs = 0;
  const step: Step = async (tokens) => {
    runs++;
    if (runs === 3) setTimeout(() => controller.abort(reason), 0); // as a message from the parent would
    Bun.sleepSync(5);
    const logits = new Float32Array(tokens.length * 16);
    logits[(tokens.length - 1) * 16 + (runs % 9)] = 5;
    return logits;
  };

  await expect(decodeGreedily(step, rules, controller.signal)).rejects.toBe(reason);
  expect(runs).toBeLessThanOrEqual(4); // the timer is due, but the loop may first hand over one more turn
});

test("an abort beforehand costs no run at all", async () => {
  const { step, calls } = saying([1]);
  await expect(decodeGreedily(step, rules, AbortSignal.abort("late"))).rejects.toBe("late");
  expect(calls).toEqual([]);
});

test("a model whose output is not numbers is a failure of speech, not a text", async () => {
  const step: Step = async (tokens) => new Float32Array(tokens.length * 16).fill(Number.NaN);
  await expect(decodeGreedily(step, rules, signal)).rejects.toMatchObject({ code: "speech_failed" });
});
