/**
 * One speech child and its replacements: started, watched, restarted with growing patience when it keeps dying.
 * What it is asked to do is its group's business (child-group.ts).
 */
import { AppError } from "../app-error.ts";
import type { Log } from "../log.ts";
import type { FromChild, SpeechKind, ToChild } from "./child-messages.ts";
import { restartDelayMs, stableAfterMs, startAttempts } from "./restart.ts";

/** `waiting`: between a death and the next start. `failed`: given up for good. */
export type ChildState = "starting" | "ready" | "waiting" | "failed" | "closed";

export type ChildEvents = {
  /** Loaded and warmed up; after a restart again. */
  ready(): void;
  /** It died, or could not be loaded. `given up` for good if its state is now `failed`. */
  died(failure: AppError): void;
  said(message: FromChild & { id: number }): void;
};

export interface SupervisedChild {
  readonly state: ChildState;
  readonly pid: number;
  readonly restarts: number;
  send(message: ToChild): void;
  /** Ends the process at once, as a crash would; it is replaced. */
  kill(): void;
  /** Ends it for good: by itself within `graceMs`, else by force. */
  close(graceMs: number): Promise<void>;
}

export type ChildOptions = {
  kind: SpeechKind;
  load: ToChild & { kind: "load" };
  /** The command that runs `gatehouse speech`. */
  command: readonly string[];
  log: Log;
  events: ChildEvents;
};

/** From spawn to `ready`: a large model on a slow disk takes seconds. */
const startLimitMs = 60_000;
/** Of our own surroundings the child needs no more, and secrets may be among them. */
const environmentKeys = ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH"];

export function superviseChild({ kind, load, command, log, events }: ChildOptions): SupervisedChild {
  let state: ChildState = "starting";
  let process: Bun.Subprocess<"ignore", "ignore", "pipe"> | undefined;
  let timer: Timer | undefined;
  let spawnedAtMs = 0;
  let restarts = 0;
  let deaths = 0;
  let everReady = false;
  let failure: AppError | undefined;
  let startupStderr: Promise<string> = Promise.resolve("");

  const start = () => {
    state = "starting";
    failure = undefined;
    spawnedAtMs = performance.now();
    try {
      const child: Bun.Subprocess<"ignore", "ignore", "pipe"> = Bun.spawn([...command, "--kind", kind], {
        stdin: "ignore",
        stdout: "ignore",
        stderr: "pipe",
        serialization: "advanced",
        env: Object.fromEntries(
          environmentKeys.flatMap((key) => (Bun.env[key] === undefined ? [] : [[key, Bun.env[key]]])),
        ),
        ipc: (message: FromChild) => receive(message),
        onExit: (self, code, signal) => ended(self, code, signal),
      });
      process = child;
      startupStderr = firstLine(child.stderr);
      timer = setTimeout(() => child.kill("SIGKILL"), startLimitMs);
    } catch (error) {
      process = undefined;
      const reason = new AppError("speech_failed", `The ${kind} process cannot be started: ${nameOf(error)}`);
      queueMicrotask(() => died(reason)); // as late as any other death: our maker does not have us yet
    }
  };

  const receive = (message: FromChild) => {
    switch (message.kind) {
      case "started":
        process?.send(load);
        return;
      case "ready":
        clearTimeout(timer);
        state = "ready";
        everReady = true;
        log.info("speech child ready", { kind, pid: process?.pid, tookMs: Math.round(message.tookMs) });
        events.ready();
        return;
      case "failed":
        failure = new AppError(message.code, message.message); // its exit follows
        return;
      default:
        events.said(message);
    }
  };

  const ended = (child: Bun.Subprocess, code: number | null, signal: string | number | null) => {
    if (child !== process) return;
    clearTimeout(timer);
    const wasReady = state === "ready";
    process = undefined;
    if (state === "closed") return;
    log.warn("speech child died", {
      kind,
      pid: child.pid,
      code: code ?? undefined,
      signal: signal ?? undefined,
      failure: failure?.code,
    });
    // Before it was ready it had heard nothing of a caller: only then may its complaint be kept.
    if (!wasReady && failure === undefined)
      void startupStderr.then((text) => log.warn("speech child's last words", { kind, text }));
    died(failure ?? new AppError("speech_failed", `The ${kind} process died`));
  };

  const died = (reason: AppError) => {
    deaths = performance.now() - spawnedAtMs > stableAfterMs ? 1 : deaths + 1;
    // A model that cannot be loaded at the first start will not get better by itself; one that worked before may.
    const hopeless = !everReady && (failure !== undefined || deaths >= startAttempts);
    state = hopeless ? "failed" : "waiting";
    const delayMs = restartDelayMs(deaths);
    if (!hopeless && delayMs > 0) timer = setTimeout(restart, delayMs);
    if (!hopeless && delayMs === 0) restart();
    events.died(reason);
  };

  const restart = () => {
    restarts++;
    start();
  };

  start();
  return {
    get state() {
      return state;
    },
    get pid() {
      return process?.pid ?? 0;
    },
    get restarts() {
      return restarts;
    },
    send: (message) => process?.send(message),
    kill: () => process?.kill("SIGKILL"),
    async close(graceMs) {
      state = "closed";
      clearTimeout(timer);
      const child = process;
      if (child === undefined) return;
      child.disconnect();
      const force = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await child.exited;
      clearTimeout(force);
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}

/** The pipe is emptied to its end, so that a child never waits for it; only the beginning is kept. */
async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    if (text.length < 200) text += decoder.decode(bytes, { stream: true });
  }
  return text.slice(0, 200).split("\n")[0] ?? "";
}
