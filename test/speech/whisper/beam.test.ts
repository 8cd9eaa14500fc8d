import { expect, test } from "bun:test";
import { type BeamSteps, decodeBeam } from "../../../src/speech/whisper/beam.ts";
import { biasTo } from "../../../src/speech/whisper/bias.ts";
import type { DecodeRules } from "../../../src/speech/whisper/decode.ts";

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
  maxTokens: 20,
  stopLoops: true,
};
const { signal } = new AbortController();
const always = () => true;
const options = { width: 3, bias: undefined, mayGoOn: always };

type Language = (text: readonly number[]) => Record<number, number>;

/** A decoder that speaks `language`: what may follow a text, with probabilities; the rest shares what is left. */
function decoder(language: Language) {
  let texts: (readonly number[])[] = [];
  let widest = 0;
  const logitsOf = (text: readonly number[]) => {
    const shares = language(text);
    const left = 1 - Object.values(shares).reduce((sum, share) => sum + share, 0);
    return Float32Array.from({ length: 16 }, (_, id) => Math.log(shares[id] ?? Math.max(left, 1e-9) / 16));
  };
  const steps: BeamSteps = {
    branch(rows, offset) {
      expect(offset).toBe(2);
      texts = Array.from({ length: rows }, () => []);
      widest = rows;
    },
    async stepRows(tokens, parents, offset) {
      expect([tokens.length, parents.length]).toEqual([widest, widest]);
      texts = tokens.map((token, row) => [...(texts[parents[row] ?? -1] ?? []), token]);
      for (const text of texts) expect(text).toHaveLength(offset - 1);
      return Float32Array.from(texts.flatMap((text) => [...logitsOf(text)]));
    },
  };
  return { steps, first: logitsOf([]) };
}

/** 1 is likelier than 2 at first; what follows 2 is sure, what follows 1 is not. */
const garden: Language = (text) => {
  if (text.length === 0) return { 1: 0.55, 2: 0.44 };
  if (text[0] === 1) return text.length === 1 ? { 3: 0.3, 4: 0.3, 5: 0.3 } : { 10: 0.9 };
  return text.length === 1 ? { 6: 0.98 } : { 10: 0.98 };
};

test("the text that is likelier as a whole wins over the likelier first word", async () => {
  const { steps, first } = decoder(garden);
  const [best, ...others] = await decodeBeam(steps, first, rules, options, signal);

  expect(best?.tokens).toEqual([2, 6]);
  expect(best?.logProbability).toBeCloseTo(Math.log(0.44 * 0.98 * 0.98), 1);
  expect(best?.averageLogProbability).toBeCloseTo((best?.logProbability ?? 0) / 3, 6);
  expect(others.map(({ tokens }) => tokens[0])).toContain(1);
});

test("readings come best first and each once", async () => {
  const { steps, first } = decoder(garden);
  const readings = await decodeBeam(steps, first, rules, { ...options, width: 4 }, signal);
  const scores = readings.map(({ score }) => score);

  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(new Set(readings.map(({ tokens }) => tokens.join())).size).toBe(readings.length);
});

test("a name that is expected is found although no beam would have held its first word", async () => {
  const language: Language = (text) => {
    if (text.length === 0) return { 1: 0.4, 2: 0.3, 3: 0.25, 7: 0.005 };
    if (text[0] === 7) return text.length === 1 ? { 8: 0.9 } : { 10: 0.95 };
    return text.length === 1 ? { 4: 0.6 } : { 10: 0.6 };
  };
  const { steps, first } = decoder(language);
  const plain = await decodeBeam(steps, first.slice(), rules, options, signal);
  expect(plain[0]?.tokens).toEqual([1, 4]);

  const [best] = await decodeBeam(steps, first.slice(), rules, { ...options, bias: biasTo([[7, 8]], 5) }, signal);
  expect(best?.tokens).toEqual([7, 8]);
  // What the model itself says of it is told without the lift.
  expect(best?.logProbability).toBeCloseTo(Math.log(0.005 * 0.9 * 0.95), 0);
});

test("half a name gains nothing: its lift is taken back where it breaks off, at the end as well", async () => {
  const { steps, first } = decoder(garden);
  for (const name of [
    [1, 3, 9],
    [1, 9],
  ]) {
    const [best] = await decodeBeam(steps, first.slice(), rules, { ...options, bias: biasTo([name], 0.3) }, signal);
    expect(best?.tokens).toEqual([2, 6]);
  }
});

test("without time nothing is searched, with time for one step only what is complete by then counts", async () => {
  const none = decoder(garden);
  expect(await decodeBeam(none.steps, none.first, rules, { ...options, mayGoOn: () => false }, signal)).toEqual([]);

  const { steps, first } = decoder((text) => (text.length === 0 ? { 1: 0.6, 10: 0.3 } : { 2: 0.9 }));
  let steppings = 0;
  let cuts = 0;
  const hurried = { ...options, mayGoOn: () => steppings++ < 1, cutShort: () => void cuts++ };
  const readings = await decodeBeam(steps, first, rules, hurried, signal);
  expect(readings.map(({ tokens }) => tokens)).toEqual([[]]);
  expect(cuts).toBe(1);
  const whole = decoder(garden);
  await decodeBeam(whole.steps, whole.first, rules, { ...options, cutShort: () => void cuts++ }, signal);
  expect(cuts).toBe(1); // a search that comes to its end has not been cut
});

test("the cap and loops end it; what is suppressed is in no reading", async () => {
  const endless = decoder(() => ({ 1: 0.5, 2: 0.4 }));
  const readings = await decodeBeam(endless.steps, endless.first, { ...rules, maxTokens: 6 }, options, signal);
  for (const { tokens } of readings) expect(tokens.length).toBeLessThanOrEqual(6);

  const { steps, first } = decoder(garden);
  const without = await decodeBeam(steps, first, { ...rules, suppressed: [6] }, options, signal);
  expect(without.length).toBeGreaterThan(0);
  for (const { tokens } of without) expect(tokens).not.toContain(6);
});

test("an abort is thrown before the next step", async () => {
  const controller = new AbortController();
  controller.abort(new Error("more speech"));
  const { steps, first } = decoder(garden);
  await expect(decodeBeam(steps, first, rules, options, controller.signal)).rejects.toThrow("more speech");
});
