/**
 * One measurement in a process of its own, so that memory is its own. argv: a Case as JSON; stdout: a Measured as JSON.
 * Times are wall and processor time: a busy machine stretches only the former.
 */
import * as ort from "onnxruntime-node";
import type { DecodeRules } from "../../../src/speech/whisper/decode.ts";
import { decodeGreedily, longestText } from "../../../src/speech/whisper/decode.ts";
import { createDecoder, type Heard } from "../../../src/speech/whisper/decoder.ts";
import { encoderFrames, framing } from "../../../src/speech/whisper/hear.ts";
import { melFrontEnd } from "../../../src/speech/whisper/mel.ts";
import { loadModel, type WhisperModel } from "../../../src/speech/whisper/model.ts";
import { findModelFiles, type Precision } from "../../../src/speech/whisper/model-files.ts";
import { rulesFor } from "../../../src/speech/whisper/rules.ts";
import { bare } from "../../speech/whisper/clips.ts";
import { percentile } from "../voice-to-voice.ts";
import { type Line, spokenLines } from "./lines.ts";
import { processorMs } from "./tables.ts";

/** `steps`: so many decoding steps are forced; without it texts end by themselves. */
export type Case = {
  folder: string;
  precision: Precision;
  tailFrames: number;
  steps?: number;
  rounds: number;
  arena?: boolean;
  bucketFrames: number;
  /** How the decoder's memory is handled; "short" is how the appliance does it. */
  cache?: "short" | "long" | "plain";
};
export type Times = { p50: number; p95: number };
export type Measured = {
  wallMs: Times;
  cpuMs: Times;
  encoderCpuMs: number;
  stepCpuMs: number;
  stepWallMs: number;
  rssBytes: number;
  right: number;
  lines: number;
  /** Of the decoder's cache: written at each step, and held for each beam. */
  stepBytes: number;
  beamBytes: number;
};

const framesOfAll = 3000;

const wish: Case = JSON.parse(process.argv[2] ?? "{}");
process.stdout.write(JSON.stringify(await measure(wish)));
process.exit(0);

async function measure(wish: Case): Promise<Measured> {
  const { folder, precision, cache = "short", steps, rounds, tailFrames, bucketFrames } = wish;
  const model = await loadModel({ folder }, { precision, threads: 1, ort: withArena(wish.arena ?? false) });
  const decoder = cache === "short" ? model : await otherDecoder(model, wish, cache);
  const frontEnd = melFrontEnd(model.settings.mels);
  const wall: number[] = [];
  const cpu: number[] = [];
  const encoder: number[] = [];
  const step: number[] = [];
  const stepWall: number[] = [];
  let right = 0;
  let fed = 0;
  const lines = await spokenLines();
  const { signal } = new AbortController();
  const hear = async ({ samples, written }: Line) => {
    const [wall0, cpu0] = [performance.now(), processorMs()];
    const mel = frontEnd(samples, framing, encoderFrames(samples.length, tailFrames, framesOfAll, bucketFrames));
    const cpu1 = processorMs();
    const heard = await model.encode(mel);
    const [wall2, cpu2] = [performance.now(), processorMs()];
    const rules = steps === undefined ? rulesFor(model, samples.length) : forced(model, samples.length, steps);
    fed = longestText(rulesFor(model, samples.length)); // room for what this sound could be, as the appliance has it
    decoder.begin(heard, fed);
    const { tokens } = await decodeGreedily(decoder.step, rules, signal);
    wall.push(performance.now() - wall0);
    cpu.push(processorMs() - cpu0);
    encoder.push(cpu2 - cpu1);
    step.push((processorMs() - cpu2) / (tokens.length + 1));
    stepWall.push((performance.now() - wall2) / (tokens.length + 1));
    if (bare(model.tokens.text(tokens)) === bare(written)) right++;
  };
  for (const line of lines.slice(0, 3)) await hear(line); // as the appliance warms up before it is ready
  for (const list of [wall, cpu, encoder, step, stepWall]) list.length = 0;
  right = 0;
  for (let round = 0; round < rounds; round++) for (const line of lines) await hear(line);
  const both = (values: number[]): Times => ({ p50: percentile(values, 50), p95: percentile(values, 95) });
  const { textLayers, textState, textContext } = model.settings;
  const positions = cache === "short" ? Math.min(Math.ceil(fed / 32) * 32, textContext) : textContext;
  const stepBytes = textLayers * textState * positions * 2 * Float32Array.BYTES_PER_ELEMENT;
  return {
    wallMs: both(wall),
    cpuMs: both(cpu),
    encoderCpuMs: percentile(encoder, 50),
    stepCpuMs: percentile(step, 50),
    stepWallMs: percentile(stepWall, 50),
    rssBytes: process.memoryUsage.rss(),
    right,
    lines: wall.length,
    stepBytes,
    beamBytes: 2 * stepBytes,
  };
}

/** As many steps as that and none less, whatever the model says. */
function forced(model: WhisperModel, samples: number, steps: number): DecodeRules {
  const rules = rulesFor(model, samples);
  return { ...rules, suppressed: [...rules.suppressed, rules.endOfText], maxTokens: steps - 1, stopLoops: false };
}

/** The decoder as the file declares it: with buffers used again ("long"), or given and made anew at each step ("plain"). */
async function otherDecoder(model: WhisperModel, { folder, precision }: Case, cache: "long" | "plain") {
  const session = await ort.InferenceSession.create(findModelFiles({ folder }, precision).decoder.path, {
    intraOpNumThreads: 1,
    enableCpuMemArena: false,
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  if (cache === "long") return createDecoder(ort, session, model.settings, false);
  const { textLayers, textContext, textState } = model.settings;
  const shape = [textLayers, 1, textContext, textState];
  const [tokensIn = "", keysIn = "", valuesIn = "", crossKeysIn = "", crossValuesIn = "", offsetIn = ""] =
    session.inputNames;
  const [logitsOut = "", keysOut = "", valuesOut = ""] = session.outputNames;
  const empty = () => new ort.Tensor("float32", new Float32Array(shape.reduce((size, each) => size * each, 1)), shape);
  let heard: Heard | undefined;
  let [keys, values]: ort.Tensor[] = [empty(), empty()];
  return {
    begin(next: Heard) {
      heard = next;
      [keys, values] = [empty(), empty()];
    },
    async step(tokens: readonly number[], offset: number) {
      if (heard === undefined || keys === undefined || values === undefined) throw new Error("step before begin");
      const out = await session.run({
        [tokensIn]: new ort.Tensor("int64", BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
        [keysIn]: keys,
        [valuesIn]: values,
        [crossKeysIn]: heard.keys,
        [crossValuesIn]: heard.values,
        [offsetIn]: new ort.Tensor("int64", BigInt64Array.of(BigInt(offset)), [1]),
      });
      [keys, values] = [out[keysOut] as ort.Tensor, out[valuesOut] as ort.Tensor];
      return (out[logitsOut] as ort.Tensor).data as Float32Array;
    },
  };
}

/** ONNX Runtime with its arena and memory plans on, where that is wanted. */
function withArena(arena: boolean): typeof ort {
  if (!arena) return ort;
  const create = (from: string | Uint8Array, options: ort.InferenceSession.SessionOptions) => {
    const all = { ...options, enableCpuMemArena: true, enableMemPattern: true };
    return typeof from === "string" ? ort.InferenceSession.create(from, all) : ort.InferenceSession.create(from, all);
  };
  return { ...ort, InferenceSession: { create } as unknown as typeof ort.InferenceSession };
}
