/**
 * Writes models/reference-tokens.json: what the embedded model hears in fixed speech, where int8 and fp32 agree. To be run on
 * a processor with VNNI, when the model, the voice or the sentences have changed.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { hearTokens } from "../src/models/bench/arithmetic.ts";
import { makeUtterances } from "../src/models/bench/utterances.ts";

const models = join(import.meta.dir, "../models");
const utterances = await makeUtterances();
const source = { folder: join(models, "demo-whisper") };
const [int8, fp32] = [
  await hearTokens(source, "int8", utterances, ort),
  await hearTokens(source, "fp32", utterances, ort),
];
const agreed = utterances.flatMap(({ text }, at) =>
  int8[at]?.join() === fp32[at]?.join() && int8[at]?.length ? [{ text, tokens: int8[at] }] : [],
);
const note = "Tokens of the embedded model for speech by espeak-ng (scripts/reference-tokens.ts), int8 and fp32 alike.";
const lines = agreed.map((one) => `    ${JSON.stringify(one)}`).join(",\n");
writeFileSync(
  join(models, "reference-tokens.json"),
  `{\n  "note": ${JSON.stringify(note)},\n  "utterances": [\n${lines}\n  ]\n}\n`,
);
process.stdout.write(`${agreed.length} of ${utterances.length} utterances\n`);
