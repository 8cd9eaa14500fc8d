/** A Piper voice's graph in ONNX Runtime: in windows where its decoder can be told from the rest, or else as one. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type * as Ort from "onnxruntime-node";
import { AppError } from "../../app-error.ts";
import { embeddedFile } from "../../embedded/files.ts";
import { type Digests, readPinnedGraph } from "../pinned-files.ts";
import { splitVoice } from "./split-voice.ts";
import { createWindows, type Feeds, type PiperSession } from "./windows.ts";

/**
 * A path on disk of the `.onnx`, or of one that the executable carries; `.onnx.json` lies beside it. `digests`: of an
 * installed voice, whose files are used only if they are as they were installed.
 */
export type PiperModel = { file: string; digests?: Digests } | { embedded: string };

/** The voice's file, verified where it is pinned, and how ONNX Runtime comes by weights that lie beside it. */
type Source = { bytes: Uint8Array; path: string; options: Ort.InferenceSession.SessionOptions };

/**
 * @param trial What the graph is tried with: it is run in windows only if it then says what it says as a whole.
 * @throws AppError("model_missing" | "model_damaged") naming the file.
 */
export async function openPiper(
  model: PiperModel,
  ort: typeof Ort,
  { rateHz, trial }: { rateHz: number; trial: Feeds },
): Promise<{ session: PiperSession; isWhole: boolean }> {
  const path = "file" in model ? model.file : model.embedded;
  try {
    const source = readSource(model, path);
    const windows = await openWindows(source, ort, rateHz, trial);
    return windows === undefined
      ? { session: await openWhole(source, ort), isWhole: true }
      : { session: windows, isWhole: false };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new AppError("model_damaged", `${path} cannot be loaded (${reason}). Copy the file again.`, { cause });
  }
}

function readSource(model: PiperModel, path: string): Source {
  if ("embedded" in model) return { bytes: embeddedFile(path), path, options: optionsWith({}) };
  if (!existsSync(path)) throw missing(path);
  if (model.digests) {
    const { graph, externalData } = readPinnedGraph(dirname(path), basename(path), model.digests);
    return { bytes: graph, path, options: { ...optionsWith({}), externalData } };
  }
  const folder = { model_external_initializers_file_folder_path: dirname(path) };
  return { bytes: readFileSync(path), path, options: optionsWith(folder) };
}

const optionsWith = (session: Record<string, string>): Ort.InferenceSession.SessionOptions => ({
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4, // its messages go to stderr
  // With the arena a clause takes a sixth less time, and a medium voice some 140 MB more.
  enableCpuMemArena: true,
  enableMemPattern: false,
  extra: { session: { intra_op: { allow_spinning: "0" }, ...session } },
});

async function openWhole({ bytes, path, options }: Source, ort: typeof Ort): Promise<PiperSession> {
  const session = await ort.InferenceSession.create(bytes, options);
  const [output] = session.outputNames;
  return {
    inputNames: session.inputNames,
    async *run(feeds, signal) {
      signal?.throwIfAborted();
      const made = (await session.run(feeds))[output ?? ""]?.data;
      if (!(made instanceof Float32Array)) throw new AppError("model_damaged", `${path} gives no audio`);
      yield made;
    },
  };
}

/** @returns `undefined` where the graph is not of that kind, or does not do in windows what it does as a whole. */
async function openWindows(
  { bytes, options }: Source,
  ort: typeof Ort,
  rateHz: number,
  trial: Feeds,
): Promise<PiperSession | undefined> {
  const sessions: Ort.InferenceSession[] = [];
  try {
    const split = splitVoice(bytes);
    if (split === undefined) return undefined;
    const front = await ort.InferenceSession.create(split.frontFile(), options);
    sessions.push(front);
    const decoder = await ort.InferenceSession.create(split.decoderFile(), options);
    sessions.push(decoder);
    const windows = createWindows({ plan: split.plan, front, decoder, ort, rateHz });
    if (await windows.saysTheSame(trial)) return windows;
  } catch {
    // Whatever it is: as a whole the graph works, or opening it will say what is wrong with it.
  }
  for (const session of sessions) await session.release();
  return undefined;
}

export function missing(path: string, options?: ErrorOptions): AppError {
  return new AppError(
    "model_missing",
    `There is no readable file ${path}. Name a Piper voice's .onnx with its .onnx.json beside it.`,
    options,
  );
}
