/**
 * `gatehouse speech --kind whisper|voice`: a process of its own for one set of models, because a run of a graph keeps its
 * thread for milliseconds to hundreds of them. It talks to the process that started it and to nobody else, ends with it,
 * and writes down nothing of what it hears or says.
 */
import { readdirSync } from "node:fs";
import { setPriority } from "node:os";
import { parseArgs } from "node:util";
import { AppError } from "../app-error.ts";
import { loadOnnxRuntime } from "../embedded/natives.ts";
import type { Answer, FromChild, Job, SpeechKind, ToChild, WhisperSettings } from "./child-messages.ts";
import { tidyMemory } from "./tidy-memory.ts";
import { loadVoice } from "./voice/engine.ts";
import { defaultTailFrames, loadWhisper } from "./whisper/engine.ts";

const niceness = 10; // RTP, SIP and the web come first
/** Idle for so long: time to give back the memory that the work left behind (some 100 MB; it takes 20 ms). */
const tidyAfterMs = 2000;

/** Runs one job at a time. Throws `signal.reason` when aborted. */
type Engine = {
  run(job: Job, signal: AbortSignal, waiting: () => boolean, part: (audio: Int16Array) => void): Promise<Answer>;
  expect?(names: readonly string[]): void;
  warmUp?(): Promise<void>;
  /** Of a voice: measured while it was loaded. */
  gain?: number;
  isWhole?: boolean;
};

/**
 * @param args Behind `speech`: `--kind whisper` or `--kind voice`. What to load comes by IPC.
 * @returns the exit code; in the normal course it does not return, the process ends when its parent is gone.
 * @throws AppError("invalid_input") when started by hand.
 */
export async function runSpeechChild(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { kind: { type: "string" } } });
  if (typeof process.send !== "function" || (values.kind !== "whisper" && values.kind !== "voice")) {
    throw new AppError("invalid_input", "gatehouse speech is started by gatehouse serve, not by hand");
  }
  lowerPriority();
  outliveSignals();
  process.on("uncaughtException", endAtBug);
  process.on("disconnect", () => process.exit(0)); // the parent has closed, or was killed
  return await serveJobs(values.kind);
}

function serveJobs(kind: SpeechKind): Promise<number> {
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  let engine: Engine | undefined;
  let tidying: Timer | undefined;
  const rest = () => {
    clearTimeout(tidying);
    tidying = setTimeout(tidyMemory, tidyAfterMs);
  };
  let running: { id: number; controller: AbortController; waiting: boolean } | undefined;
  const receive = async (message: ToChild) => {
    switch (message.kind) {
      case "load":
        engine = await loadOrTell(kind, message);
        if (engine === undefined) end(2);
        rest(); // some of what loading left behind is let go of only later
        return;
      case "job": {
        const mine = { id: message.id, controller: new AbortController(), waiting: false };
        running = mine;
        clearTimeout(tidying);
        tell(await answered(engine, message, mine.controller.signal, () => mine.waiting));
        running = undefined;
        rest();
        return;
      }
      case "hurry":
        if (running?.id === message.id) running.waiting = true;
        return;
      case "expect":
        engine?.expect?.(message.names);
        return;
      case "abort":
        if (running?.id === message.id) running.controller.abort();
        return;
    }
  };
  process.on("message", (message: ToChild) => void receive(message).catch(endAtBug));
  if (!process.connected) return Promise.resolve(0); // the parent went while we started
  tell({ kind: "started" });
  return ended;
}

async function loadOrTell(kind: SpeechKind, message: ToChild & { kind: "load" }): Promise<Engine | undefined> {
  const startedAt = performance.now();
  try {
    const engine = await loadEngine(kind, message);
    await engine.warmUp?.();
    tidyMemory();
    const { gain, isWhole } = engine;
    const ofVoice = { ...(gain === undefined ? {} : { gain }), ...(isWhole ? { isWhole } : {}) };
    tell({ kind: "ready", tookMs: performance.now() - startedAt, ...ofVoice });
    return engine;
  } catch (error) {
    // Nothing of a caller has been here yet: the whole message may go to whoever started us.
    const reason = error instanceof Error ? error.message : String(error);
    const failure =
      error instanceof AppError ? error : new AppError("speech_failed", `${kind} did not load: ${reason}`);
    await new Promise((sent) =>
      process.send?.({ kind: "failed", code: failure.code, message: failure.message } satisfies FromChild, sent),
    );
    return undefined;
  }
}

async function loadEngine(kind: SpeechKind, { model, nativeDir }: ToChild & { kind: "load" }): Promise<Engine> {
  if (model.kind !== kind)
    throw new AppError("invalid_input", `A child for ${kind} was given a model for ${model.kind}`);
  return model.kind === "voice"
    ? voiceEngine(await loadVoice({ settings: model.voice, nativeDir }))
    : await whisperEngine(model.whisper, nativeDir);
}

function voiceEngine(voice: Awaited<ReturnType<typeof loadVoice>>): Engine {
  return {
    gain: voice.gain,
    isWhole: voice.isWhole,
    async run(job, signal, _, part) {
      if (job.kind !== "speak") throw new AppError("invalid_input", "A voice cannot transcribe");
      const startedAt = performance.now();
      const speaking = { signal, ...(job.inParts ? { part } : {}) };
      const spoken = await voice.speakClause(job.text, job.pauseMs, job.rateHz, speaking);
      return { kind: "spoken", ...spoken, tookMs: performance.now() - startedAt };
    },
  };
}

async function whisperEngine(
  { source, precision, tailFrames, pieceSeconds }: WhisperSettings,
  nativeDir: string,
): Promise<Engine> {
  const whisper = await loadWhisper({
    source,
    precision,
    tailFrames: tailFrames ?? defaultTailFrames(source),
    ...(pieceSeconds === undefined ? {} : { pieceSeconds }),
    ort: await loadOnnxRuntime(nativeDir),
    threads: 1,
  });
  return {
    warmUp: () => whisper.warmUp(),
    expect: (names) => whisper.expect(names),
    async run(job, signal, waiting) {
      if (job.kind !== "transcribe") throw new AppError("invalid_input", "Whisper cannot speak");
      const { samples, search } = job;
      const wider = search && {
        liftNames: search.liftNames,
        mayGoOn: (ms: number) => !waiting() && now() + ms < search.byMs,
      };
      return {
        kind: "transcribed",
        transcript: await whisper.transcribe(samples, { signal, ...(wider ? { search: wider } : {}) }),
      };
    },
  };
}

async function answered(
  engine: Engine | undefined,
  { id, job }: ToChild & { kind: "job" },
  signal: AbortSignal,
  waiting: () => boolean,
): Promise<FromChild> {
  if (engine === undefined) return { kind: "job-failed", id, error: "not loaded" };
  try {
    const part = (audio: Int16Array) => tell({ kind: "part", id, audio });
    return { kind: "answered", id, answer: await engine.run(job, signal, waiting, part) };
  } catch (error) {
    return signal.aborted ? { kind: "aborted", id } : { kind: "job-failed", id, error: nameOf(error) };
  }
}

/** The clock that the processes of one machine share, finer than Date.now(). */
const now = () => performance.timeOrigin + performance.now();

function tell(message: FromChild): void {
  process.send?.(message);
}

function nameOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/** Every thread of the process: setpriority(2) on Linux takes one, and those to come inherit it from their maker. */
function lowerPriority(): void {
  for (const thread of readdirSync("/proc/self/task")) {
    try {
      setPriority(Number(thread), niceness);
    } catch {
      // that thread has just ended
    }
  }
}

/** Ctrl-C and systemd signal the whole group, while the parent still lets calls end: only its going ends us. */
function outliveSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // The parent decides.
    });
  }
}

/** Where, but not the error's text, which could quote a caller. */
function endAtBug(error: unknown): void {
  const frame =
    error instanceof Error ? error.stack?.split("\n").find((line) => line.trimStart().startsWith("at ")) : undefined;
  process.stderr.write(`gatehouse speech: ${nameOf(error)} ${frame?.trim() ?? ""}\n`);
  process.exit(1);
}
