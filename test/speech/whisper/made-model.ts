/**
 * Whisper models made for a test: real graphs in the public layout, whose next word follows from the last one alone, by
 * one table for short sounds and by another for whole ones. So what a text does is known beforehand.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attribute, float, floats, input, int64, int64s, model, node, output } from "../made-onnx.ts";

/** Words are one letter each, " a"…" z"; `end` ends the text. */
export type Follows = Readonly<Record<string, string>>;

const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const texts = [" ", ...letters, ...letters.map((letter) => ` ${letter}`)];
const [endOfText, start, previous, noSpeech, noTimestamps] = [0, 1, 2, 3, 4].map((at) => texts.length + at) as [
  number,
  number,
  number,
  number,
  number,
];
const vocabulary = texts.length + 5;
const state = 80;
const context = 448;
export const madeTokens = { endOfText, start, previous, noTimestamps, word: (letter: string) => idOf(letter) };

const idOf = (word: string): number => (word === "end" ? endOfText : texts.indexOf(` ${word}`));

/**
 * Writes a model into `folder`.
 * @param follows What follows each word, and "start" the beginning: in sounds shorter than 30 s, and in whole ones.
 */
export function makeModel(folder: string, modelType: string, follows: { short: Follows; whole: Follows }): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "made-encoder.onnx"), encoder(modelType));
  writeFileSync(join(folder, "made-decoder.onnx"), decoder(table(follows.short), table(follows.whole)));
  const lines = texts.map((text, id) => `${Buffer.from(text).toString("base64")} ${id}`);
  writeFileSync(join(folder, "made-tokens.txt"), lines.join("\n"));
}

/** Logits `[after, next]`: what follows is all but certain, and nobody doubts that somebody spoke. */
function table(follows: Follows): Float32Array {
  const logits = new Float32Array(vocabulary * vocabulary);
  for (const [word, next] of Object.entries(follows)) {
    const row = word === "start" ? noTimestamps : idOf(word);
    logits[row * vocabulary + idOf(next)] = 20;
  }
  logits[start * vocabulary] = 20;
  return logits;
}

function encoder(modelType: string): Buffer {
  const metadata = {
    model_type: modelType,
    ...{ n_mels: state, n_audio_ctx: 1500, n_text_layer: 1, n_text_ctx: context, n_text_state: state },
    ...{ n_vocab: vocabulary, is_multilingual: 0, sot_sequence: start, sot: start, sot_prev: previous },
    ...{ eot: endOfText, blank_id: 0, no_speech: noSpeech, no_timestamps: noTimestamps },
  };
  return model(
    [
      node("Slice", ["mel", "from", "to", "axis", "step"], ["every second"]),
      node("Transpose", ["every second"], ["turned"], attribute("perm", [0, 2, 1])),
      node("Unsqueeze", ["turned", "layer"], ["n_layer_cross_k"]),
      node("Identity", ["n_layer_cross_k"], ["n_layer_cross_v"]),
      ...[int64s("from", [0]), int64s("to", [9999]), int64s("axis", [2]), int64s("step", [2]), int64s("layer", [0])],
      input("mel", float, [1, state, "T"]),
      output("n_layer_cross_k", float, [1, 1, "half", state]),
      output("n_layer_cross_v", float, [1, 1, "half", state]),
    ],
    metadata,
  );
}

function decoder(short: Float32Array, whole: Float32Array): Buffer {
  const cache = (put: typeof input, name: string) => put(name, float, [1, "rows", context, state]);
  return model(
    [
      node("Shape", ["n_layer_cross_k"], ["shape"]),
      node("Gather", ["shape", "two"], ["columns"]),
      node("GreaterOrEqual", ["columns", "all"], ["is whole"]),
      node("Where", ["is whole", "whole", "short"], ["table"]),
      node("Gather", ["table", "tokens"], ["logits"]),
      node("Identity", ["in_n_layer_self_k_cache"], ["out_n_layer_self_k_cache"]),
      node("Identity", ["in_n_layer_self_v_cache"], ["out_n_layer_self_v_cache"]),
      ...[int64s("two", [2], []), int64s("all", [1500], [])],
      ...[floats("short", [vocabulary, vocabulary], short), floats("whole", [vocabulary, vocabulary], whole)],
      input("tokens", int64, ["rows", "n"]),
      cache(input, "in_n_layer_self_k_cache"),
      cache(input, "in_n_layer_self_v_cache"),
      input("n_layer_cross_k", float, [1, "rows", "half", state]),
      input("n_layer_cross_v", float, [1, "rows", "half", state]),
      input("offset", int64, [1]),
      output("logits", float, ["rows", "n", vocabulary]),
      cache(output, "out_n_layer_self_k_cache"),
      cache(output, "out_n_layer_self_v_cache"),
    ],
    {},
  );
}
