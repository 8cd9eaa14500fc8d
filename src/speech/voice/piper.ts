/** One Piper voice (VITS exported to ONNX): ids of phonemes in, audio out. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type * as Ort from "onnxruntime-node";
import { AppError } from "../../app-error.ts";
import { embeddedFile } from "../../embedded/files.ts";
import { type Digests, readPinned, readPinnedGraph } from "../pinned-files.ts";
import { type PiperConfig, parsePiperConfig } from "./piper-config.ts";

/**
 * A path on disk of the `.onnx`, or of one that the executable carries; `.onnx.json` lies beside it. `digests`: of an
 * installed voice, whose files are used only if they are as they were installed.
 */
export type PiperModel = { file: string; digests?: Digests } | { embedded: string };

export type PiperOptions = {
  ort: typeof Ort;
  /** Which of several speakers; 0 unless given. */
  speaker?: number;
  /** Factor on the voice's own noise scales. 0: the same audio at every run (for tests). */
  noise?: number;
};

export interface Piper {
  config: PiperConfig;
  /**
   * Audio at `config.rateHz`, −1…1. One run of the graph: nothing comes before all of it is made.
   * `noise` in place of the one that it was loaded with.
   */
  speak(ids: readonly number[], noise?: number): Promise<Float32Array>;
}

/** @throws AppError("model_missing" | "model_damaged") naming the file; AppError("invalid_config") for an unknown speaker. */
export async function loadPiper(model: PiperModel, { ort, speaker = 0, noise = 1 }: PiperOptions): Promise<Piper> {
  const path = "file" in model ? model.file : model.embedded;
  const config = parsePiperConfig(readText(model, `${path}.json`), `${path}.json`);
  if (!Number.isInteger(speaker) || speaker < 0 || speaker >= config.speakers) {
    throw new AppError("invalid_config", `${path} has speakers 0 to ${config.speakers - 1}, not ${speaker}`);
  }
  const session = await openSession(model, path, ort);
  const wanted = ["input", "input_lengths", "scales", ...(config.speakers > 1 ? ["sid"] : [])];
  const output = session.outputNames[0];
  if (output === undefined || session.inputNames.toSorted().join() !== wanted.toSorted().join()) {
    throw new AppError(
      "model_damaged",
      `${path} takes ${session.inputNames.join(", ")}; a Piper voice with ${config.speakers} speaker(s) takes ${wanted.join(", ")}`,
    );
  }
  return {
    config,
    async speak(ids, noiseNow = noise) {
      const feeds: Record<string, Ort.Tensor> = Object.fromEntries(
        Object.entries(piperFeeds(ids, config, speaker, noiseNow)).map(([name, { type, data, dims }]) => [
          name,
          new ort.Tensor(type, data, dims),
        ]),
      );
      const { [output]: audio } = await session.run(feeds);
      if (!(audio?.data instanceof Float32Array)) throw new AppError("model_damaged", `${path} gives no audio`);
      return audio.data;
    },
  };
}

type Feed =
  | { type: "int64"; data: BigInt64Array; dims: number[] }
  | { type: "float32"; data: Float32Array; dims: number[] };

/** The graph's inputs. `sid` only where there are several speakers: a graph for one has no such input. */
export function piperFeeds(
  ids: readonly number[],
  config: PiperConfig,
  speaker: number,
  noise: number,
): Record<string, Feed> {
  const int64 = (values: readonly number[], dims: number[]): Feed => ({
    type: "int64",
    data: BigInt64Array.from(values, BigInt),
    dims,
  });
  const scales = Float32Array.of(config.noise * noise, config.length, config.noiseWidth * noise);
  return {
    input: int64(ids, [1, ids.length]),
    input_lengths: int64([ids.length], [1]),
    scales: { type: "float32", data: scales, dims: [3] },
    ...(config.speakers > 1 ? { sid: int64([speaker], [1]) } : {}),
  };
}

async function openSession(model: PiperModel, path: string, ort: typeof Ort): Promise<Ort.InferenceSession> {
  if ("file" in model && !existsSync(path)) throw missing(path);
  const options: Ort.InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4, // its messages go to stderr
    // With the arena a clause takes a sixth less time, and a medium voice some 140 MB more.
    enableCpuMemArena: true,
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
  try {
    if ("file" in model && model.digests) {
      const { graph, externalData } = readPinnedGraph(dirname(path), basename(path), model.digests);
      return await ort.InferenceSession.create(graph, { ...options, externalData });
    }
    if ("file" in model) return await ort.InferenceSession.create(path, options);
    return await ort.InferenceSession.create(embeddedFile(path), options);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new AppError("model_damaged", `${path} cannot be loaded (${reason}). Copy the file again.`, { cause });
  }
}

function readText(model: PiperModel, path: string): string {
  if ("embedded" in model) return new TextDecoder().decode(embeddedFile(path));
  if (model.digests) return new TextDecoder().decode(readPinned(dirname(path), basename(path), model.digests));
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw missing(path, { cause });
  }
}

function missing(path: string, options?: ErrorOptions): AppError {
  return new AppError(
    "model_missing",
    `There is no readable file ${path}. Name a Piper voice's .onnx with its .onnx.json beside it.`,
    options,
  );
}
