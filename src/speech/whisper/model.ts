import type { InferenceSession, OnnxValue, Tensor } from "onnxruntime-node";
import { AppError } from "../../app-error.ts";
import { createDecoder, type Decoder, type Heard } from "./decoder.ts";
import { MalformedFile } from "./malformed.ts";
import type { LogMel } from "./mel.ts";
import {
  findModelFiles,
  type ModelFile,
  type ModelSource,
  type Precision,
  readModelFile,
  withModelFile,
} from "./model-files.ts";
import { readMetadata } from "./onnx-metadata.ts";
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
    throw damaged(files.tokens, `it ends at token ${tokens.count - 1}, the model has ${settings.endOfText}`);
  }
  const encoder = await open(files.encoder, options);
  try {
    checkEncoder(encoder, settings, files.encoder);
    const decoder = await open(files.decoder, options);
    try {
      checkDecoder(decoder, settings, files.decoder);
      const name = `${files.encoder.name}, ${files.decoder.name}`;
      return assemble({ ort: options.ort, settings, tokens, name, encoder, decoder });
    } catch (error) {
      await decoder.release();
      throw error;
    }
  } catch (error) {
    await encoder.release();
    throw error;
  }
}

async function open(file: ModelFile, { ort, threads }: { ort: Ort; threads: number }): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
    // Measured over 200 lengths: without the arena and the memory plans (one kept per input shape) a process of tiny.en
    // is 60 MB smaller (220, not 274) and its encoder 3 ms slower (24, not 21); the demo model is as fast.
    enableCpuMemArena: false,
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
  try {
    if (file.embedded) return await ort.InferenceSession.create(readModelFile(file), settings);
    return await ort.InferenceSession.create(file.path, settings);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw damaged(file, "ONNX Runtime refuses it, or weights that belong beside it", cause);
  }
}

function checkEncoder(session: InferenceSession, settings: WhisperSettings, file: ModelFile): void {
  const [mel] = session.inputMetadata;
  if (session.inputNames.length !== 1 || session.outputNames.length < 2)
    throw damaged(file, "it is no Whisper encoder");
  if (!fits(mel, ["?", settings.mels, "?"])) throw damaged(file, `its input is not of ${settings.mels} mel bands`);
}

function checkDecoder(session: InferenceSession, settings: WhisperSettings, file: ModelFile): void {
  const { textLayers, textContext, textState, vocabulary } = settings;
  const inputs = session.inputMetadata;
  if (inputs.length !== 6 || session.outputNames.length < 3) throw damaged(file, "it is no Whisper decoder");
  const fitting =
    fits(inputs[0], ["?", "?"]) &&
    [1, 2].every((at) => fits(inputs[at], [textLayers, "?", textContext, textState])) &&
    [3, 4].every((at) => fits(inputs[at], [textLayers, "?", "?", textState])) &&
    fits(session.outputMetadata[0], ["?", "?", vocabulary]);
  if (!fitting) throw damaged(file, "it does not belong to the encoder beside it");
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
};

/** Whisper's list of non-speech tokens has these too, but times, e-mail addresses and postcodes are written with them. */
const spokenSigns = new Set([":", "@", "/", "+", "_"]);

function assemble({ ort, settings, tokens, name, encoder, decoder }: Parts): WhisperModel {
  const [melName = ""] = encoder.inputNames;
  const [keysName = "", valuesName = ""] = encoder.outputNames;
  const { begin, step, branch, stepRows, bytes } = createDecoder(ort, decoder, settings);
  return {
    settings,
    tokens,
    annotations: settings.nonSpeech.filter((id) => !spokenSigns.has(tokens.text([id]).trim())),
    name,
    async encode(mel) {
      const input = new ort.Tensor("float32", mel.data, [1, mel.mels, mel.columns]);
      const out = await running("encoder", encoder.run({ [melName]: input }));
      return { keys: floats(out[keysName]), values: floats(out[valuesName]) };
    },
    begin,
    step: (ids, offset) => running("decoder", step(ids, offset)),
    branch,
    stepRows: (ids, parents, offset) => running("decoder", stepRows(ids, parents, offset)),
    bytes,
    async close() {
      await encoder.release();
      await decoder.release();
    },
  };
}

/** A graph that was taken when it was loaded may still fail when it is run. */
async function running<T>(graph: string, run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("speech_failed", `The Whisper ${graph} failed: ${reason}`, { cause });
  }
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
    throw damaged(file, cause.message, cause);
  }
}

function damaged(file: ModelFile, what: string, cause?: unknown): AppError {
  const message = `The model file ${file.path} is damaged (${what}): copy it again from where it came`;
  return new AppError("model_damaged", message, cause === undefined ? {} : { cause });
}
