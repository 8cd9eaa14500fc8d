/** A decoder exported with its cross-attention (`*-decoder-attn*`): asked once for a text that another has written. */
import type { Tensor } from "onnxruntime-node";
import { alignTokens } from "./alignment.ts";
import type { Heard } from "./decoder.ts";
import { openGraph, runningGraph } from "./graph.ts";
import type { ModelFile } from "./model-files.ts";
import type { Ort } from "./ort.ts";
import type { WhisperSettings } from "./settings.ts";
import type { Span } from "./words.ts";

export type Aligner = {
  /**
   * @param prompt What the decoder was given before the text, the start token and all.
   * @param used Encoder positions that hold sound.
   * @returns For each token its positions, 20 ms each.
   */
  align(heard: Heard, prompt: readonly number[], tokens: readonly number[], used: number): Promise<Span[]>;
  close(): Promise<void>;
};

/** @throws AppError("model_damaged") naming the file. */
export async function openAligner(
  file: ModelFile,
  settings: WhisperSettings,
  options: { ort: Ort; threads: number },
): Promise<Aligner> {
  const session = await openGraph(file, options);
  const { ort } = options;
  const [tokensIn = "", keysIn = "", valuesIn = "", crossKeysIn = "", crossValuesIn = "", offsetIn = ""] =
    session.inputNames;
  const attentionOut = session.outputNames[3] ?? "";
  const shape = [settings.textLayers, 1, settings.textContext, settings.textState];
  const nothing = new ort.Tensor("float32", new Float32Array(shape.reduce((size, each) => size * each, 1)), shape);
  return {
    async align(heard, prompt, tokens, used) {
      const fed = [...prompt, ...tokens, settings.endOfText];
      const feeds = {
        [tokensIn]: new ort.Tensor("int64", BigInt64Array.from(fed, BigInt), [1, fed.length]),
        [keysIn]: nothing,
        [valuesIn]: nothing,
        [crossKeysIn]: heard.keys,
        [crossValuesIn]: heard.values,
        [offsetIn]: new ort.Tensor("int64", BigInt64Array.of(0n), [1]),
      };
      const out = await runningGraph("aligner", session.run(feeds, [attentionOut]));
      const attention = out[attentionOut] as Tensor;
      const [, heads = 0, rows = 0, positions = 0] = attention.dims;
      return alignTokens({ weights: attention.data as Float32Array, heads, rows, positions }, prompt.length - 1, used);
    },
    close: () => session.release(),
  };
}
