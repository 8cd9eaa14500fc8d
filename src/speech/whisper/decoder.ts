/** Runs of Whisper's decoder graph with the memory that they share: one text at a time, or several side by side. */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { copyRows, type Pair, pairIn, repeated, tensorIn } from "./decoder-memory.ts";
import type { Ort } from "./ort.ts";
import type { WhisperSettings } from "./settings.ts";

/** What the decoder looks at: the encoder's keys and values, `[layers, 1, columns / 2, state]` each. */
export type Heard = Pair;

export type Decoder = {
  /** Begins a text of at most `tokens` tokens, those fed first included; the steps that follow belong to it. */
  begin(heard: Heard, tokens: number): void;
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

type Run = (
  tokens: Tensor,
  cache: Pair,
  heard: Heard,
  offset: number,
  into: Pair & { logits: Tensor },
) => Promise<void>;

/** Lengths of caches are rounded up to this many positions: few shapes, and hardly more to copy. */
const positionsAtOnce = 32;

/**
 * Inputs and outputs are taken by position, as sherpa-onnx does.
 *
 * @param isOpen Whether the graph takes caches shorter than the text context (open-context.ts).
 */
export function createDecoder(
  ort: Ort,
  session: InferenceSession,
  settings: WhisperSettings,
  isOpen: boolean,
): Decoder {
  const { textLayers, textContext, textState, vocabulary, prompt } = settings;
  const run = runner(ort, session);
  // The decoder reads its self-attention cache from one pair of buffers and writes into the other: nothing is
  // allocated per token.
  const roomFor = (tokens: number): number =>
    isOpen ? Math.min(Math.ceil(tokens / positionsAtOnce) * positionsAtOnce, textContext) : textContext;
  const shapeOf = (rows: number) => [textLayers, rows, positions, textState];
  let positions = roomFor(prompt.length);
  let before = pairIn(ort, shapeOf(1));
  let after = pairIn(ort, shapeOf(1));
  const logits = (rows: number, tokens: number): Tensor => tensorIn(ort, [rows, tokens, vocabulary]);
  const ofOne = { one: logits(1, 1), prompt: logits(1, prompt.length) };
  let heard: Heard | undefined;
  let batch: Batch | undefined;

  const ids = (tokens: readonly number[], shape: readonly number[]) =>
    new ort.Tensor("int64", BigInt64Array.from(tokens, BigInt), shape);

  return {
    begin(next, tokens) {
      heard = next;
      positions = roomFor(tokens);
      before = pairIn(ort, shapeOf(1), before);
      after = pairIn(ort, shapeOf(1), after);
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
      batch = {
        rows,
        before: pairIn(ort, shapeOf(rows), batch?.before),
        after: pairIn(ort, shapeOf(rows), batch?.after),
        logits: batch?.rows === rows ? batch.logits : logits(rows, 1),
        heard: repeated(ort, heard, rows, batch?.heard),
      };
      copyRows(
        before,
        Array.from({ length: rows }, () => 0),
        batch.after,
        offset,
      );
    },
    async stepRows(tokens, parents, offset) {
      if (batch === undefined) throw new Error("stepRows before branch");
      const { rows } = batch;
      // What the last step wrote is put into order for this one: `after` → `before`.
      copyRows(batch.after, parents, batch.before, offset);
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
