/** Children of one kind and the queue before them: who works next, and what happens to whom when one dies. */
import { AppError } from "../app-error.ts";
import type { Log } from "../log.ts";
import type { Answer, FromChild, Job, SpeechKind, ToChild } from "./child-messages.ts";
import type { Priority, SpeechChildStatus } from "./ports.ts";
import { type BoundedQueue, createQueue } from "./queue.ts";
import { SupervisedChild } from "./supervised-child.ts";

export type GroupOptions = {
  kind: SpeechKind;
  count: number;
  load: ToChild & { kind: "load" };
  /** What `status` shows. */
  model: string;
  command: readonly string[];
  log: Log;
  /** Jobs that may wait; of more, the newest of the least important are refused. */
  queueLimit: number;
  /** A job that takes longer hangs: its child is killed. */
  jobLimitMs: number;
};

type Entry = { id: number; job: Job; resolve(answer: Answer): void; reject(reason: unknown): void };

/** `running` stays until the child has answered, even if nobody waits for the answer any more. */
type Slot = {
  child: SupervisedChild;
  running: Entry | undefined;
  watchdog: Timer | undefined;
  first: PromiseWithResolvers<void>;
};

const closeGraceMs = 1000;

export class ChildGroup {
  /** Settles when every child has warmed up; rejects with the AppError of the first that cannot be. */
  readonly ready: Promise<void>;
  readonly #options: GroupOptions;
  readonly #queue: BoundedQueue<Entry>;
  readonly #slots: Slot[];
  #lastId = 0;
  #closed = false;
  #told: (ToChild & { kind: "expect" }) | undefined;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#queue = createQueue(options.queueLimit);
    this.#slots = Array.from({ length: options.count }, () => this.#open());
    this.ready = Promise.all(this.#slots.map(({ first }) => first.promise)).then(() => undefined);
    this.ready.catch(() => undefined); // whoever wants to know awaits it; nobody has to
  }

  /** @throws AppError("speech_failed" | "too_many"), `signal.reason` on abort. */
  request(job: Job, priority: Priority, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#closed || !this.#hopeful) return Promise.reject(this.#failed("no process is left"));
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const abort = () => {
      if (!this.#queue.remove(entry)) this.#slotOf(entry)?.child.send({ kind: "abort", id: entry.id });
      entry.reject(signal.reason);
    };
    const settle =
      <T>(how: (value: T) => void) =>
      (value: T) => {
        signal.removeEventListener("abort", abort);
        how(value);
      };
    const entry: Entry = { id: ++this.#lastId, job, resolve: settle(resolve), reject: settle(reject) };
    signal.addEventListener("abort", abort, { once: true });
    const { kind, queueLimit } = this.#options;
    this.#queue
      .push(entry, priority)
      ?.reject(new AppError("too_many", `More than ${queueLimit} ${kind} jobs are waiting`));
    this.#dispatch();
    return promise;
  }

  /** To every child, and to those that come after. */
  tell(message: ToChild & { kind: "expect" }): void {
    this.#told = message;
    for (const { child } of this.#slots) if (child.state === "ready") child.send(message);
  }

  status(): SpeechChildStatus[] {
    const { kind, model } = this.#options;
    return this.#slots.map(({ child }) => ({
      kind,
      pid: child.pid,
      ready: child.state === "ready",
      restarts: child.restarts,
      queued: this.#queue.length,
      model,
    }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#failed("it was closed");
    this.#rejectQueued(closing);
    for (const slot of this.#slots) {
      slot.first.reject(closing);
      this.#free(slot)?.reject(closing);
    }
    await Promise.all(this.#slots.map(({ child }) => child.close(closeGraceMs)));
  }

  #open(): Slot {
    const { kind, load, command, log } = this.#options;
    const first = Promise.withResolvers<void>();
    const child = new SupervisedChild({
      kind,
      load,
      command,
      log,
      events: {
        ready: () => {
          first.resolve();
          if (this.#told !== undefined) child.send(this.#told);
          this.#dispatch();
        },
        died: (failure) => this.#died(slot, failure),
        said: (message) => this.#said(slot, message),
      },
    });
    const slot: Slot = { child, running: undefined, watchdog: undefined, first };
    return slot;
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (slot.child.state !== "ready" || slot.running !== undefined) continue;
      const entry = this.#queue.shift();
      if (entry === undefined) return;
      slot.running = entry;
      slot.watchdog = setTimeout(() => this.#hangs(slot), this.#options.jobLimitMs);
      slot.child.send({ kind: "job", id: entry.id, job: entry.job });
    }
    if (this.#queue.length === 0) return;
    for (const { child, running } of this.#slots)
      if (running !== undefined) child.send({ kind: "hurry", id: running.id });
  }

  #said(slot: Slot, message: FromChild & { id: number }): void {
    if (slot.running?.id !== message.id) return;
    const entry = this.#free(slot);
    if (message.kind === "answered") entry?.resolve(message.answer);
    else entry?.reject(this.#failed(message.kind === "job-failed" ? message.error : "it stopped"));
    this.#dispatch();
  }

  #died(slot: Slot, failure: AppError): void {
    this.#free(slot)?.reject(this.#failed("its process died", failure));
    if (slot.child.state === "failed") slot.first.reject(failure);
    // With no child left that will work again soon, waiting would be silence for the caller.
    if (!this.#hopeful) this.#rejectQueued(this.#failed("no process is left", failure));
  }

  #hangs(slot: Slot): void {
    this.#options.log.warn("speech child hangs", { kind: this.#options.kind, pid: slot.child.pid });
    slot.child.kill();
  }

  #free(slot: Slot): Entry | undefined {
    const entry = slot.running;
    clearTimeout(slot.watchdog);
    slot.running = undefined;
    return entry;
  }

  get #hopeful(): boolean {
    return this.#slots.some(({ child }) => child.hopeful);
  }

  #slotOf(entry: Entry): Slot | undefined {
    return this.#slots.find(({ running }) => running === entry);
  }

  #rejectQueued(reason: AppError): void {
    for (const entry of this.#queue.drain()) entry.reject(reason);
  }

  #failed(why: string, cause?: AppError): AppError {
    const what = this.#options.kind === "whisper" ? "Hearing" : "Speaking";
    return new AppError("speech_failed", `${what} failed: ${why}`, cause === undefined ? undefined : { cause });
  }
}
