import type { InferenceSession, OnnxValue, Tensor } from "onnxruntime-node";
import { MalformedFile } from "../onnx/malformed.ts";
import { type Aligner, openAligner } from "./aligner.ts";
import { createDecoder, type Decoder, type Heard } from "./decoder.ts";
import { damagedModel, openGraph, runningGraph } from "./graph.ts";
import type { LogMel } from "./mel.ts";
import {
  findAttentionDecoder,
  findModelFiles,
  type ModelFile,
  type ModelSource,
  type Precision,
  readModelFile,
  withModelFile,
} from "./model-files.ts";
import { readMetadata } from "./onnx-metadata.ts";
import { openDecoder } from "./open-decoder.ts";
import type { Ort } from "./ort.ts";
import { type WhisperSettings, whisperSettings } from "./settings.ts";
import { parseTokens, type TokenTable } from "./tokens.ts";

/** One loaded model. For one utterance at a time: the decoder's buffers are shared by all its steps. */
export type WhisperModel = Decoder & {
  settings: WhisperSettings;
  tokens: TokenTable;
  /** Ids of tokens that begin annotations, not words. */
  annotations: number[];
  /** The graphs' file names, for status. */
  name: string;
  encode(mel: LogMel): Promise<Heard>;
  /** `undefined` where there is no such graph beside the decoder. @throws AppError("model_damaged") */
  openAligner(): Promise<Aligner | undefined>;
  close(): Promise<void>;
};

/** @throws AppError("model_missing" | "model_damaged") naming the file. */
export async function loadModel(
  source: ModelSource,
  options: { precision: Precision; threads: number; ort: Ort },
): Promise<WhisperModel> {
  const files = findModelFiles(source, options.precision);
  const settings = whisperSettings(
    checked(files.encoder, () => withModelFile(files.encoder, readMetadata)),
    files.encoder.path,
  );
  const tokens = checked(files.tokens, () => parseTokens(readModelFile(files.tokens)));
  if (tokens.count < settings.endOfText) {
    throw damagedModel(files.tokens, `it ends at token ${tokens.count - 1}, the model has ${settings.endOfText}`);
  }
  const encoder = await openGraph(files.encoder, options);
  try {
    checkEncoder(encoder, settings, files.encoder);
    const { decoder, isOpen } = await openDecoder(files.decoder, settings, options);
    try {
      checkDecoder(decoder, settings, files.decoder);
      const name = `${files.encoder.name}, ${files.decoder.name}`;
      const attention = findAttentionDecoder(source, files.decoder, options.precision);
      return {
        ...assemble({ ort: options.ort, settings, tokens, name, encoder, decoder, isOpen }),
        openAligner: async () => attention && (await openAligner(attention, settings, options)),
      };
    } catch (error) {
      await decoder.release();
      throw error;
    }
  } catch (error) {
    await encoder.release();
    throw error;
  }
}

function checkEncoder(session: InferenceSession, settings: WhisperSettings, file: ModelFile): void {
  const [mel] = session.inputMetadata;
  if (session.inputNames.length !== 1 || session.outputNames.length < 2)
    throw damagedModel(file, "it is no Whisper encoder");
  if (!fits(mel, ["?", settings.mels, "?"])) throw damagedModel(file, `its input is not of ${settings.mels} mel bands`);
}

function checkDecoder(session: InferenceSession, settings: WhisperSettings, file: ModelFile): void {
  const { textLayers, textContext, textState, vocabulary } = settings;
  const inputs = session.inputMetadata;
  if (inputs.length !== 6 || session.outputNames.length < 3) throw damagedModel(file, "it is no Whisper decoder");
  const fitting =
    fits(inputs[0], ["?", "?"]) &&
    [1, 2].every((at) => fits(inputs[at], [textLayers, "?", textContext, textState])) &&
    [3, 4].every((at) => fits(inputs[at], [textLayers, "?", "?", textState])) &&
    fits(session.outputMetadata[0], ["?", "?", vocabulary]);
  if (!fitting) throw damagedModel(file, "it does not belong to the encoder beside it");
}

/** A dimension that the graph leaves open fits any size. */
function fits(value: InferenceSession.ValueMetadata | undefined, shape: readonly (number | "?")[]): boolean {
  if (value === undefined || !value.isTensor || value.shape.length !== shape.length) return false;
  return value.shape.every((size, i) => typeof size === "string" || shape[i] === "?" || size === shape[i]);
}

type Parts = {
  ort: Ort;
  settings: WhisperSettings;
  tokens: TokenTable;
  name: string;
  encoder: InferenceSession;
  decoder: InferenceSession;
  isOpen: boolean;
};

/** Whisper's list of non-speech tokens has these too, but times, e-mail addresses and postcodes are written with them. */
const spokenSigns = new Set([":", "@", "/", "+", "_"]);

function assemble({ ort, settings, tokens, name, encoder, decoder, isOpen }: Parts): Omit<WhisperModel, "openAligner"> {
  const [melName = ""] = encoder.inputNames;
  const [keysName = "", valuesName = ""] = encoder.outputNames;
  const { begin, step, branch, stepRows } = createDecoder(ort, decoder, settings, isOpen);
  return {
    settings,
    tokens,
    annotations: settings.nonSpeech.filter((id) => !spokenSigns.has(tokens.text([id]).trim())),
    name,
    async encode(mel) {
      const input = new ort.Tensor("float32", mel.data, [1, mel.mels, mel.columns]);
      const out = await runningGraph("encoder", encoder.run({ [melName]: input }));
      return { keys: floats(out[keysName]), values: floats(out[valuesName]) };
    },
    begin,
    step: (ids, offset) => runningGraph("decoder", step(ids, offset)),
    branch,
    stepRows: (ids, parents, offset) => runningGraph("decoder", stepRows(ids, parents, offset)),
    async close() {
      await encoder.release();
      await decoder.release();
    },
  };
}

function floats(value: OnnxValue | undefined): Tensor {
  if (value === undefined || value.type !== "float32") throw new Error("the encoder's output is not float32");
  return value;
}

function checked<T>(file: ModelFile, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof MalformedFile)) throw cause;
    throw damagedModel(file, cause.message, cause);
  }
}
