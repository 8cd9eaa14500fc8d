/** A text tells that one of its words is in doubt where its other readings do not. */
import { expect, test } from "bun:test";
import type { Part } from "../../../src/speech/whisper/hear.ts";
import { transcriptOf } from "../../../src/speech/whisper/utterance.ts";

function part(text: string, logProbabilities: number[], others: Part["others"] = []) {
  const logProbability = logProbabilities.reduce((sum, value) => sum + value, 0);
  const decoded: Part["decoded"] = {
    tokens: logProbabilities.map((_, token) => token),
    logProbabilities,
    logProbability,
    choices: logProbabilities.length,
    averageLogProbability: logProbability / logProbabilities.length,
    noSpeechProbability: 0,
    ended: "end",
    first: new Float32Array(0),
  };
  return { decoded, text, others, from: 0, to: 16_000 };
}

const sure = [-0.01, -0.02];
const weak = [-0.01, -0.9];
const others = [{ text: "901", logProbability: -1.2 }];

test("a word in doubt of which no other reading is known leaves a text unsettled", () => {
  expect(transcriptOf([part("900", weak)])).toMatchObject({ unsettled: true });
  expect(transcriptOf([part("900", weak, others)])).not.toHaveProperty("unsettled");
  expect(transcriptOf([part("900", sure)])).not.toHaveProperty("unsettled");
});

test("so do other readings of one of several pieces, which are not told", () => {
  expect(transcriptOf([part("07700", sure), part("900", weak, others)])).toMatchObject({ unsettled: true });
  expect(transcriptOf([part("07700", sure), part("", weak)])).not.toHaveProperty("unsettled");
});
