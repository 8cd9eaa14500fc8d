/** One Piper voice (VITS exported to ONNX): ids of phonemes in, audio out. */
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type * as Ort from "onnxruntime-node";
import { AppError } from "../../app-error.ts";
import { embeddedFile } from "../../embedded/files.ts";
import { readPinned } from "../pinned-files.ts";
import { type PiperConfig, parsePiperConfig } from "./piper-config.ts";
import { missing, openPiper, type PiperModel } from "./piper-session.ts";

export type PiperOptions = {
  ort: typeof Ort;
  /** Which of several speakers; 0 unless given. */
  speaker?: number;
  /** Factor on the voice's own noise scales. 0: the same audio at every run (for tests). */
  noise?: number;
};

export interface Piper {
  config: PiperConfig;
  /** Its graph is none that can be run in windows: nothing of a clause comes before all of it is made. */
  isWhole: boolean;
  /**
   * Audio at `config.rateHz`, −1…1, as it is made. `noise` in place of the one that it was loaded with.
   * @throws `signal.reason` on abort, between two runs of its graphs.
   */
  speak(ids: readonly number[], options?: { noise?: number; signal?: AbortSignal }): AsyncGenerator<Float32Array>;
}

/** So many phonemes are a short word: long enough to meet every edge of a window, and soon tried. */
const trialPhonemes = 12;

/** @throws AppError("model_missing" | "model_damaged") naming the file; AppError("invalid_config") for an unknown speaker. */
export async function loadPiper(model: PiperModel, { ort, speaker = 0, noise = 1 }: PiperOptions): Promise<Piper> {
  const path = "file" in model ? model.file : model.embedded;
  const config = parsePiperConfig(readText(model, `${path}.json`), `${path}.json`);
  if (!Number.isInteger(speaker) || speaker < 0 || speaker >= config.speakers) {
    throw new AppError("invalid_config", `${path} has speakers 0 to ${config.speakers - 1}, not ${speaker}`);
  }
  const feedsOf = (ids: readonly number[], noiseNow: number): Record<string, Ort.Tensor> =>
    Object.fromEntries(
      Object.entries(piperFeeds(ids, config, speaker, noiseNow)).map(([name, { type, data, dims }]) => [
        name,
        new ort.Tensor(type, data, dims),
      ]),
    );
  const trial = feedsOf([...config.ids.values()].flat().slice(0, trialPhonemes), 0);
  const { session, isWhole } = await openPiper(model, ort, { rateHz: config.rateHz, trial });
  const wanted = ["input", "input_lengths", "scales", ...(config.speakers > 1 ? ["sid"] : [])];
  if (session.inputNames.toSorted().join() !== wanted.toSorted().join()) {
    throw new AppError(
      "model_damaged",
      `${path} takes ${session.inputNames.join(", ")}; a Piper voice with ${config.speakers} speaker(s) takes ${wanted.join(", ")}`,
    );
  }
  return {
    config,
    isWhole,
    speak: (ids, { noise: noiseNow = noise, signal } = {}) => session.run(feedsOf(ids, noiseNow), signal),
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

function readText(model: PiperModel, path: string): string {
  if ("embedded" in model) return new TextDecoder().decode(embeddedFile(path));
  if (model.digests) return new TextDecoder().decode(readPinned(dirname(path), basename(path), model.digests));
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw missing(path, { cause });
  }
}
