import { expect, test } from "bun:test";
import { type Decoded, type DecodeRules, decodeGreedily, type Sampling } from "../../../src/speech/whisper/decode.ts";
import { drawn, isHopeless } from "../../../src/speech/whisper/fallback.ts";
import { seeded } from "./clips.ts";

const decoded = (change: Partial<Decoded>): Decoded => ({
  tokens: [1, 2],
  logProbabilities: [-2, -2],
  logProbability: -4,
  choices: 2,
  averageLogProbability: -2,
  noSpeechProbability: 0.1,
  ended: "end",
  first: new Float32Array(0),
  ...change,
});

test("hopeless is a text that cannot be believed although somebody may have spoken", () => {
  expect(isHopeless(decoded({}))).toBe(true);
  expect(isHopeless(decoded({ averageLogProbability: -0.99 }))).toBe(false);
  expect(isHopeless(decoded({ averageLogProbability: -0.1, ended: "loop" }))).toBe(true);
  expect(isHopeless(decoded({ noSpeechProbability: 0.51 }))).toBe(false);
  expect(isHopeless(decoded({ tokens: [] }))).toBe(false);
});

/** Answers what `results` has, one after another; tells which temperatures were asked for. */
function scripted(results: readonly Decoded[]) {
  const asked: Sampling[] = [];
  const again = async (sampling: Sampling) => {
    asked.push(sampling);
    return results[asked.length - 1] ?? decoded({});
  };
  return { asked, again };
}

test("it is tried more and more freely until a text can be believed", async () => {
  const good = decoded({ averageLogProbability: -0.5 });
  const { asked, again } = scripted([decoded({}), decoded({ tokens: [], averageLogProbability: 0 }), good]);
  expect(await drawn(decoded({}), again, () => true)).toEqual({ ...good, drawn: true });
  expect(asked.map(({ temperature }) => temperature)).toEqual([0.2, 0.4, 0.6]);
});

test("where nothing can be believed, and where time is up, the greedy text stays", async () => {
  const greedy = decoded({});
  const all = scripted([]);
  expect(await drawn(greedy, all.again, () => true)).toBe(greedy);
  expect(all.asked.map(({ temperature }) => temperature)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  let left = 2;
  const short = scripted([]);
  expect(await drawn(greedy, short.again, () => left-- > 0)).toBe(greedy);
  expect(short.asked).toHaveLength(2);
});

test("the same piece is drawn the same way again, and its numbers are spread evenly", async () => {
  const numbers: number[][] = [];
  for (let round = 0; round < 2; round++) {
    const { asked, again } = scripted([]);
    await drawn(decoded({}), again, () => true);
    numbers.push(Array.from({ length: 2000 }, () => asked[0]?.random() ?? -1));
  }
  const [first = [], second] = numbers;
  expect(first).toEqual(second ?? []);
  expect(Math.min(...first)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...first)).toBeLessThan(1);
  expect(first.reduce((sum, value) => sum + value, 0) / first.length).toBeWithin(0.47, 0.53);
});

/** Words 0 and 1, end 2; 0 has three quarters of the probability. Ends after one word. */
const rules: DecodeRules = {
  prompt: [3],
  startIndex: 0,
  noSpeech: 4,
  endOfText: 2,
  vocabulary: 5,
  firstForbidden: 3,
  suppressed: [],
  suppressedFirst: [],
  maxTokens: 1,
  stopLoops: true,
};
const logits = () => Promise.resolve(Float32Array.of(Math.log(0.75), Math.log(0.25), -99, 5, -99));

test.each([
  [0.2, 0.996],
  [1, 0.75],
] as const)(
  "tokens are drawn by their probability at temperature %d, never one that is forbidden",
  async (temperature, share) => {
    const random = seeded(7);
    const { signal } = new AbortController();
    let zeros = 0;
    for (let round = 0; round < 1000; round++) {
      const { tokens, logProbabilities } = await decodeGreedily(logits, rules, signal, { temperature, random });
      expect(tokens[0]).toBeWithin(0, 2);
      expect(logProbabilities[0]).toBeCloseTo(Math.log(tokens[0] === 0 ? 0.75 : 0.25), 5); // the model's own
      if (tokens[0] === 0) zeros++;
    }
    expect(zeros / 1000).toBeWithin(share - 0.04, share + 0.04);
  },
);
