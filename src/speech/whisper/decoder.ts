/** Runs of Whisper's decoder graph with the memory that they share: one text at a time, or several side by side. */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { Ort } from "./ort.ts";
import type { WhisperSettings } from "./settings.ts";

/** What the decoder looks at: the encoder's keys and values, `[layers, 1, columns / 2, state]` each. */
export type Heard = { keys: Tensor; values: Tensor };

export type Decoder = {
  /** Begins a text; the steps that follow belong to it. */
  begin(heard: Heard): void;
  /**
   * Feeds tokens that stand at `offset`. Several at once are right only at offset 0 (public decoders mask no others).
   *
   * @returns Logits `[tokens, vocabulary]`, valid until the next step.
   */
  step(tokens: readonly number[], offset: number): Promise<Float32Array>;
  /**
   * The text so far becomes the beginning of `rows` texts, each with what stands before `offset`. They are rows of one
   * batch: a graph reads its weights once for all of them.
   */
  branch(rows: number, offset: number): void;
  /**
   * Feeds one token to each row, at `offset`. Row i goes on from what row `parents[i]` was.
   *
   * @returns Logits `[rows, vocabulary]`, valid until the next step.
   */
  stepRows(tokens: readonly number[], parents: readonly number[], offset: number): Promise<Float32Array>;
};

type Pair = { keys: Tensor; values: Tensor };
type Run = (
  tokens: Tensor,
  cache: Pair,
  heard: Heard,
  offset: number,
  into: Pair & { logits: Tensor },
) => Promise<void>;

/** Inputs and outputs are taken by position, as sherpa-onnx does. */
export function createDecoder(ort: Ort, session: InferenceSession, settings: WhisperSettings): Decoder {
  const { textLayers, textContext, textState, vocabulary, prompt } = settings;
  const rowFloats = textContext * textState;
  const run = runner(ort, session);
  // The decoder reads its self-attention cache from one pair of buffers and writes into the other: nothing is
  // allocated per token (a cache is 2 MB for the demo, 11 MB for whisper base).
  const cache = (rows: number): Tensor => {
    const data = new Float32Array(textLayers * rows * rowFloats);
    return new ort.Tensor("float32", data, [textLayers, rows, textContext, textState]);
  };
  const pair = (rows: number): Pair => ({ keys: cache(rows), values: cache(rows) });
  const logits = (rows: number, tokens: number): Tensor =>
    new ort.Tensor("float32", new Float32Array(rows * tokens * vocabulary), [rows, tokens, vocabulary]);
  let before = pair(1);
  let after = pair(1);
  const ofOne = { one: logits(1, 1), prompt: logits(1, prompt.length) };
  let heard: Heard | undefined;
  let batch: Batch | undefined;

  const ids = (tokens: readonly number[], shape: readonly number[]) =>
    new ort.Tensor("int64", BigInt64Array.from(tokens, BigInt), shape);

  return {
    begin(next) {
      heard = next;
      for (const { data } of [before.keys, before.values]) (data as Float32Array).fill(0);
    },
    async step(tokens, offset) {
      if (heard === undefined) throw new Error("step before begin");
      const { length } = tokens;
      const out = length === 1 ? ofOne.one : length === prompt.length ? ofOne.prompt : logits(1, length);
      await run(ids(tokens, [1, length]), before, heard, offset, { ...after, logits: out });
      [before, after] = [after, before];
      return out.data as Float32Array;
    },
    branch(rows, offset) {
      if (heard === undefined) throw new Error("branch before begin");
      const made =
        batch?.rows === rows ? batch : { rows, before: pair(rows), after: pair(rows), logits: logits(rows, 1) };
      batch = { ...made, heard: repeated(ort, heard, rows) };
      const from = Array.from({ length: rows }, () => 0);
      copyRows(before, 1, from, batch.after, { ...settings, positions: offset });
    },
    async stepRows(tokens, parents, offset) {
      if (batch === undefined) throw new Error("stepRows before branch");
      const { rows } = batch;
      // What the last step wrote is put into order for this one: `after` → `before`.
      copyRows(batch.after, rows, parents, batch.before, { ...settings, positions: offset });
      const out = { ...batch.after, logits: batch.logits };
      await run(ids(tokens, [rows, 1]), batch.before, batch.heard, offset, out);
      return batch.logits.data as Float32Array;
    },
  };
}

type Batch = { rows: number; before: Pair; after: Pair; logits: Tensor; heard: Heard };

function runner(ort: Ort, session: InferenceSession): Run {
  const [tokensIn = "", keysIn = "", valuesIn = "", crossKeysIn = "", crossValuesIn = "", offsetIn = ""] =
    session.inputNames;
  const [logitsOut = "", keysOut = "", valuesOut = ""] = session.outputNames;
  return async (tokens, cache, heard, offset, into) => {
    const feeds = {
      [tokensIn]: tokens,
      [keysIn]: cache.keys,
      [valuesIn]: cache.values,
      [crossKeysIn]: heard.keys,
      [crossValuesIn]: heard.values,
      [offsetIn]: new ort.Tensor("int64", BigInt64Array.of(BigInt(offset)), [1]),
    };
    await session.run(feeds, { [logitsOut]: into.logits, [keysOut]: into.keys, [valuesOut]: into.values });
  };
}

/** The first `positions` of a cache, row by row: row i of `to` becomes row `parents[i]` of `from`. */
function copyRows(
  from: Pair,
  fromRows: number,
  parents: readonly number[],
  to: Pair,
  { textLayers, textContext, textState, positions }: WhisperSettings & { positions: number },
): void {
  const rowFloats = textContext * textState;
  const used = positions * textState;
  for (const side of ["keys", "values"] as const) {
    const source = from[side].data as Float32Array;
    const target = to[side].data as Float32Array;
    for (let layer = 0; layer < textLayers; layer++) {
      for (const [row, parent] of parents.entries()) {
        const start = (layer * fromRows + parent) * rowFloats;
        target.set(source.subarray(start, start + used), (layer * parents.length + row) * rowFloats);
      }
    }
  }
}

/** The same audio for every row. The graph wants it so; broadcasting is not in its interface. */
function repeated(ort: Ort, heard: Heard, rows: number): Heard {
  const repeat = (tensor: Tensor): Tensor => {
    const [layers = 0, , columns = 0, state = 0] = tensor.dims;
    const source = tensor.data as Float32Array;
    const each = columns * state;
    const data = new Float32Array(layers * rows * each);
    for (let layer = 0; layer < layers; layer++) {
      const one = source.subarray(layer * each, (layer + 1) * each);
      for (let row = 0; row < rows; row++) data.set(one, (layer * rows + row) * each);
    }
    return new ort.Tensor("float32", data, [layers, rows, columns, state]);
  };
  return { keys: repeat(heard.keys), values: repeat(heard.values) };
}
