/** One graph of a Whisper model in ONNX Runtime. */
import { dirname } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { AppError } from "../../app-error.ts";
import { pinnedWeights, readPinned } from "../pinned-files.ts";
import { type ModelFile, readModelFile } from "./model-files.ts";
import type { Ort } from "./ort.ts";

/**
 * @param changed The file's bytes, if they are to be taken in place of what it holds.
 * @throws AppError("model_damaged" | "model_missing") naming the file.
 */
export async function openGraph(
  file: ModelFile,
  { ort, threads }: { ort: Ort; threads: number },
  changed?: Uint8Array,
): Promise<InferenceSession> {
  const withoutSpinning = { intra_op: { allow_spinning: "0" } };
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
    extra: { session: withoutSpinning },
  };
  try {
    if (file.pinned) {
      const { folder, digests } = file.pinned;
      // What was changed is made of bytes that have been checked already.
      const graph = changed ?? readPinned(folder, file.name, digests);
      const externalData = pinnedWeights(folder, graph, digests);
      return await ort.InferenceSession.create(graph, { ...settings, externalData });
    }
    if (changed !== undefined) {
      const beside = file.embedded ? {} : { model_external_initializers_file_folder_path: dirname(file.path) };
      return await ort.InferenceSession.create(changed, {
        ...settings,
        extra: { session: { ...withoutSpinning, ...beside } },
      });
    }
    if (file.embedded) return await ort.InferenceSession.create(readModelFile(file), settings);
    return await ort.InferenceSession.create(file.path, settings);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw damagedModel(file, "ONNX Runtime refuses it, or weights that belong beside it", cause);
  }
}

/** A graph that was taken when it was loaded may still fail when it is run. */
export async function runningGraph<T>(graph: string, run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("speech_failed", `The Whisper ${graph} failed: ${reason}`, { cause });
  }
}

export function damagedModel(file: ModelFile, what: string, cause?: unknown): AppError {
  const message = `The model file ${file.path} is damaged (${what}): copy it again from where it came`;
  return new AppError("model_damaged", message, cause === undefined ? {} : { cause });
}
