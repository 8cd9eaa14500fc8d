/** Whether a model works: a speech process of its own loads it, byte by byte as it will be loaded, and runs it. */
import { AppError } from "../app-error.ts";
import { createLog } from "../log.ts";
import type { Digests } from "../speech/pinned-files.ts";
import { startSpeech } from "../speech/pool.ts";
import { embeddedWhisper } from "../speech/settings.ts";
import type { Precision } from "../speech/whisper/model-files.ts";

export type Subject =
  | { kind: "whisper"; folder: string; digests: Digests; precision: Precision }
  | { kind: "piper"; file: string; digests: Digests };

/** `command`: runs `gatehouse speech`. */
export type TrialPorts = { nativeDir: string; command: readonly string[] };

const silent = createLog(
  () => undefined,
  () => "",
);

/**
 * @returns How long it took to load it and to run it once, ms.
 * @throws AppError: what the process said, or "model_damaged" if it died over it.
 */
export async function tryModel(subject: Subject, { nativeDir, command }: TrialPorts): Promise<number> {
  const startedAt = performance.now();
  const { folder, file, digests, precision } = { folder: "", file: "", precision: "int8" as const, ...subject };
  const isWhisper = subject.kind === "whisper";
  const speech = startSpeech({
    nativeDir,
    spawnCommand: command,
    whisper: {
      source: isWhisper ? { folder, digests } : { embedded: embeddedWhisper },
      precision,
      count: isWhisper ? 1 : 0,
    },
    voice: { engine: "piper", model: { file, digests }, count: isWhisper ? 0 : 1 },
    log: silent,
  });
  try {
    await speech.ready;
    return performance.now() - startedAt;
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== "speech_failed") throw cause;
    throw new AppError("model_damaged", `The model cannot be run (${cause.message}): fetch it again.`, { cause });
  } finally {
    await speech.close();
  }
}
