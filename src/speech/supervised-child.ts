/**
 * One speech child and its replacements: started, watched, restarted with growing patience when it keeps dying.
 * What it is asked to do is its group's business (child-group.ts).
 */
import { AppError } from "../app-error.ts";
import type { Log } from "../log.ts";
import type { FromChild, SpeechKind, ToChild } from "./child-messages.ts";
import { needsLastResort, restartDelayMs, retryLoadMs, stableAfterMs, startAttempts } from "./restart.ts";

/** `waiting`: between a death and the next start. `failed`: it cannot be loaded; that is tried again now and then. */
export type ChildState = "starting" | "ready" | "waiting" | "failed" | "closed";

export type ChildEvents = {
  /** Loaded and warmed up; after a restart again. */
  ready(): void;
  /** It died, or could not be loaded; its state is `failed` if it will not be started again soon. */
  died(failure: AppError): void;
  said(message: FromChild & { id: number }): void;
};

export type ChildOptions = {
  kind: SpeechKind;
  load: ToChild & { kind: "load" };
  /** What is loaded where that cannot be, or dies of every job. */
  lastResort?: (ToChild & { kind: "load" }) | undefined;
  /** The command that runs `gatehouse speech`. */
  command: readonly string[];
  log: Log;
  events: ChildEvents;
};

type Process = Bun.Subprocess<"ignore", "ignore", "pipe">;

/** From spawn to `ready`: a large model on a slow disk takes seconds. */
const startLimitMs = 60_000;
/** Of our own surroundings the child needs no more, and secrets may be among them. */
const environmentKeys = ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH"];

export class SupervisedChild {
  readonly #options: ChildOptions;
  #state: ChildState = "starting";
  #process: Process | undefined;
  #complaint: Promise<string> = Promise.resolve("");
  #timer: Timer | undefined;
  #startedAtMs = 0;
  #restarts = 0;
  /** In a row, each soon after its start and with nothing answered. */
  #deaths = 0;
  /** In a row, with nothing answered. */
  #fruitless = 0;
  #isLastResort = false;
  #everReady = false;
  /** With what the first process measured: its replacement is ready the sooner. */
  #load: ToChild & { kind: "load" };
  /** What the process now running said of why it cannot be loaded. */
  #failure: AppError | undefined;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#load = options.load;
    this.#start();
  }

  get state(): ChildState {
    return this.#state;
  }

  /** 0 while there is no process. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** It speaks in place of what was to be loaded. */
  get isLastResort(): boolean {
    return this.#isLastResort;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** It works, or soon will. */
  get hopeful(): boolean {
    return this.#state === "ready" || this.#state === "starting";
  }

  send(message: ToChild): void {
    try {
      this.#process?.send(message);
    } catch {
      // Its end of the channel is closed: it is dying, and its exit will tell whoever waits.
    }
  }

  /** Ends the process at once, as a crash would; it is replaced. */
  kill(): void {
    this.#process?.kill("SIGKILL");
  }

  /** Ends it for good: by itself within `graceMs`, else by force. */
  async close(graceMs: number): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#timer);
    const process = this.#process;
    if (process === undefined) return;
    process.disconnect();
    const force = setTimeout(() => process.kill("SIGKILL"), graceMs);
    await process.exited;
    clearTimeout(force);
  }

  #start(): void {
    const { kind, command } = this.#options;
    this.#state = "starting";
    this.#failure = undefined;
    this.#startedAtMs = performance.now();
    try {
      const process: Process = Bun.spawn([...command, "--kind", kind], {
        stdin: "ignore",
        stdout: "ignore",
        stderr: "pipe",
        serialization: "advanced",
        env: Object.fromEntries(
          environmentKeys.flatMap((key) => (Bun.env[key] === undefined ? [] : [[key, Bun.env[key]]])),
        ),
        ipc: (message: FromChild) => this.#receive(message),
        onExit: (_, code, signal) => this.#ended(code, signal),
      });
      this.#process = process;
      this.#complaint = firstLine(process.stderr);
      this.#timer = setTimeout(() => process.kill("SIGKILL"), startLimitMs);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const failure = new AppError("speech_failed", `The ${kind} process cannot be started: ${reason}`);
      queueMicrotask(() => this.#died(failure)); // as late as any other death: whoever makes us does not have us yet
    }
  }

  #receive(message: FromChild): void {
    const { kind, log, events } = this.#options;
    if (this.#state === "closed") return;
    switch (message.kind) {
      case "started":
        return this.send(this.#load);
      case "ready":
        clearTimeout(this.#timer);
        this.#state = "ready";
        if (message.isWhole && !this.#everReady)
          log.info("the voice's graph is not run in windows: a clause is heard when all of it is made", { kind });
        this.#everReady = true;
        this.#load = withGain(this.#load, message.gain);
        log.info("speech child ready", { kind, pid: this.pid, tookMs: Math.round(message.tookMs) });
        return events.ready();
      case "failed":
        this.#failure = new AppError(message.code, message.message); // its exit follows
        return;
      case "answered":
        this.#deaths = this.#fruitless = 0; // whoever has answered has earned a successor at once
        return events.said(message);
      default:
        return events.said(message);
    }
  }

  #ended(code: number | null, signal: string | number | null): void {
    const { kind, log } = this.#options;
    const { pid } = this;
    clearTimeout(this.#timer);
    this.#process = undefined;
    if (this.#state === "closed") return;
    log.warn("speech child died", {
      kind,
      pid,
      code: code ?? undefined,
      signal: signal ?? undefined,
      failure: this.#failure?.code,
    });
    // Before it was ready it had heard nothing of a caller: only then may its complaint be kept.
    if (this.#state === "starting" && this.#failure === undefined) {
      void this.#complaint.then((text) => log.warn("a speech child did not start", { kind, complaint: text }));
    }
    this.#died(this.#failure ?? new AppError("speech_failed", `The ${kind} process died`));
  }

  #died(reason: AppError): void {
    if (this.#state === "closed") return;
    this.#deaths = performance.now() - this.#startedAtMs > stableAfterMs ? 1 : this.#deaths + 1;
    this.#fruitless += 1;
    this.#resort(reason);
    // A model that cannot be loaded at the first start will not get better soon; one that worked before may.
    const hopeless = !this.#everReady && (this.#failure !== undefined || this.#deaths >= startAttempts);
    this.#state = hopeless ? "failed" : "waiting";
    const delayMs = hopeless ? retryLoadMs : restartDelayMs(this.#deaths);
    if (delayMs === 0) this.#restart();
    else this.#timer = setTimeout(() => this.#restart(), delayMs);
    this.#options.events.died(reason);
  }

  /** Once for all: whether the model has been mended is known to whoever starts the appliance again. */
  #resort(reason: AppError): void {
    const { kind, lastResort, log } = this.#options;
    const isNeeded = needsLastResort(this.#failure !== undefined, this.#fruitless);
    if (lastResort === undefined || this.#isLastResort || !isNeeded) return;
    log.error("the configured model does not work: the last resort takes its place", reason, { kind });
    this.#isLastResort = true;
    this.#load = lastResort;
    this.#failure = undefined;
    this.#deaths = this.#fruitless = 0;
  }

  #restart(): void {
    this.#restarts++;
    this.#start();
  }
}

function withGain(load: ToChild & { kind: "load" }, gain: number | undefined): ToChild & { kind: "load" } {
  const { model } = load;
  if (gain === undefined || model.kind !== "voice") return load;
  return { ...load, model: { kind: "voice", voice: { ...model.voice, gain } } };
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
