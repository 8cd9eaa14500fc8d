/** Children of one kind and the queue before them: who works next, and what happens to whom when one dies. */
import { AppError } from "../app-error.ts";
import type { Log } from "../log.ts";
import type { Answer, FromChild, Job, SpeechKind, ToChild } from "./child-messages.ts";
import { cpuTicksOf } from "./cpu-time.ts";
import { type HealthWatch, watchHealth } from "./half-health.ts";
import { createJobLimit, type JobLimit } from "./job-limit.ts";
import type { HalfHealth, SpeechChildStatus } from "./ports.ts";
import { type BoundedQueue, createQueue } from "./queue.ts";
import { type Entry, openEntry, type Request } from "./request.ts";
import { SupervisedChild } from "./supervised-child.ts";

export type GroupOptions = {
  kind: SpeechKind;
  count: number;
  load: ToChild & { kind: "load" };
  /** What a child loads where that does not work. */
  lastResort?: ToChild & { kind: "load" };
  /** What `status` shows. */
  model: string;
  command: readonly string[];
  log: Log;
  /** Jobs that may wait; of more, the last of the least important are refused. */
  queueLimit: number;
  /** A job that takes longer hangs, whatever others took: its child is killed. */
  mostJobMs: number;
  /** Until it is known what jobs take. */
  unmeasuredJobMs: number;
  changed?(health: HalfHealth): void;
};

/** `running` stays until the child has answered. `yielding`: it has been told to stop, for somebody who waits. */
type Slot = {
  child: SupervisedChild;
  running: Entry | undefined;
  startedAtMs: number;
  /** At the last look. */
  cpuTicks: number | undefined;
  yielding: boolean;
  watchdog: Timer | undefined;
  first: PromiseWithResolvers<void>;
};

const closeGraceMs = 1000;
/** Of a slow job. Even a starved process gets some ticks in that time. */
const lookAgainMs = 2_000;
/** What has made way so often is finished: under load it would never be. */
const mostPutOffs = 2;

export class ChildGroup {
  /** Settles when every child has warmed up; rejects with the AppError of the first that cannot be. */
  readonly ready: Promise<void>;
  readonly #options: GroupOptions;
  readonly #queue: BoundedQueue<Entry>;
  readonly #slots: Slot[];
  readonly #limit: JobLimit;
  readonly #watch: HealthWatch;
  #lastFailure: string | undefined;
  #lastId = 0;
  #closed = false;
  #told: (ToChild & { kind: "expect" }) | undefined;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#queue = createQueue(options.queueLimit);
    this.#limit = createJobLimit({ unmeasuredMs: options.unmeasuredJobMs, mostMs: options.mostJobMs });
    this.#watch = watchHealth(realSchedule, (health) => options.changed?.(health));
    this.#slots = Array.from({ length: options.count }, () => this.#open());
    this.ready = Promise.all(this.#slots.map(({ first }) => first.promise)).then(() => undefined);
    this.ready.catch(() => undefined); // whoever wants to know awaits it; nobody has to
  }

  /** @throws AppError("speech_failed" | "too_many"), `signal.reason` on abort. */
  request(job: Job, { signal, urgent, part, ...place }: Request): Promise<Answer> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#closed || !this.#hopeful) return Promise.reject(this.#failed("no process is left"));
    const { promise, entry } = openEntry({ id: ++this.#lastId, job, place, part }, signal, urgent, {
      aborted: () => {
        if (!this.#queue.remove(entry)) this.#slotOf(entry)?.child.send({ kind: "abort", id: entry.id });
      },
      hastened: () => {
        this.#queue.raise(entry);
        this.#dispatch();
      },
    });
    const { kind, queueLimit } = this.#options;
    this.#queue
      .push(entry, place)
      ?.reject(new AppError("too_many", `More than ${queueLimit} ${kind} jobs are waiting`));
    this.#dispatch();
    return promise;
  }

  /** To every child, and to those that come after. */
  tell(message: ToChild & { kind: "expect" }): void {
    this.#told = message;
    for (const { child } of this.#slots) if (child.state === "ready") child.send(message);
  }

  health(): HalfHealth {
    return this.#slots.length === 0 ? { state: "off" } : this.#watch.health();
  }

  status(): SpeechChildStatus[] {
    const { kind, model } = this.#options;
    return this.#slots.map(({ child }) => ({
      kind,
      pid: child.pid,
      ready: child.state === "ready",
      restarts: child.restarts,
      queued: this.#queue.length,
      model: child.isLastResort ? `espeak-ng in place of ${model}` : model,
    }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watch.close();
    const closing = this.#failed("it was closed");
    this.#rejectQueued(closing);
    for (const slot of this.#slots) {
      slot.first.reject(closing);
      this.#free(slot)?.reject(closing);
    }
    await Promise.all(this.#slots.map(({ child }) => child.close(closeGraceMs)));
  }

  #open(): Slot {
    const { kind, load, lastResort, command, log } = this.#options;
    const first = Promise.withResolvers<void>();
    const child = new SupervisedChild({
      kind,
      load,
      lastResort,
      command,
      log,
      events: {
        ready: () => {
          first.resolve();
          if (this.#told !== undefined) child.send(this.#told);
          this.#look();
          this.#dispatch();
        },
        died: (failure) => this.#died(slot, failure),
        said: (message) => this.#said(slot, message),
      },
    });
    const slot: Slot = {
      child,
      running: undefined,
      yielding: false,
      startedAtMs: 0,
      cpuTicks: undefined,
      watchdog: undefined,
      first,
    };
    return slot;
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (slot.child.state !== "ready" || slot.running !== undefined) continue;
      const entry = this.#queue.shift();
      if (entry === undefined) return;
      slot.running = entry;
      slot.startedAtMs = performance.now();
      slot.cpuTicks = cpuTicksOf(slot.child.pid);
      slot.watchdog = setTimeout(() => this.#hangs(slot), this.#limit.limitMs(sizeOf(entry.job)));
      slot.child.send({ kind: "job", id: entry.id, job: entry.job });
    }
    if (this.#queue.length === 0) return;
    for (const { child, running } of this.#slots)
      if (running !== undefined) child.send({ kind: "hurry", id: running.id });
    this.#makeWay();
  }

  /** Callers who wait come before what is done on the chance that it will be wanted: that stops, and begins anew later. */
  #makeWay(): void {
    let waiting = this.#queue.count("answer") - this.#slots.filter(({ yielding }) => yielding).length;
    for (const slot of this.#slots) {
      const { running, yielding, child } = slot;
      if (waiting <= 0) return;
      if (running === undefined || yielding || running.over) continue;
      if (running.place.priority === "answer" || running.putOff >= mostPutOffs) continue;
      slot.yielding = true;
      running.putOff++;
      child.send({ kind: "abort", id: running.id });
      waiting--;
    }
  }

  #said(slot: Slot, message: FromChild & { id: number }): void {
    if (slot.running?.id !== message.id) return;
    if (message.kind === "part") {
      if (!slot.running.over) slot.running.part?.(message.audio);
      return;
    }
    const madeWay = slot.yielding && message.kind === "aborted";
    const entry = this.#free(slot);
    if (message.kind === "answered") {
      if (entry !== undefined) this.#limit.answered(sizeOf(entry.job), performance.now() - slot.startedAtMs);
      entry?.resolve(message.answer);
    } else if (madeWay && entry?.over === false) this.#queue.putBack(entry, entry.place);
    else entry?.reject(this.#failed(message.kind === "job-failed" ? message.error : "it stopped"));
    this.#dispatch();
  }

  #died(slot: Slot, failure: AppError): void {
    this.#free(slot)?.reject(this.#failed("its process died", failure));
    if (slot.child.state === "failed") slot.first.reject(failure);
    this.#lastFailure = failure.message;
    this.#look();
    // With no child left that will work again soon, waiting would be silence for the caller.
    if (!this.#hopeful) this.#rejectQueued(this.#failed("no process is left", failure));
  }

  /** A process that works is slow, not hung: to kill it would make the machine slower still. */
  #hangs(slot: Slot): void {
    const ticks = cpuTicksOf(slot.child.pid);
    const hasWorked = ticks !== slot.cpuTicks;
    if (hasWorked && performance.now() - slot.startedAtMs < this.#options.mostJobMs) {
      slot.cpuTicks = ticks;
      slot.watchdog = setTimeout(() => this.#hangs(slot), lookAgainMs);
      return;
    }
    this.#options.log.warn("speech child hangs", { kind: this.#options.kind, pid: slot.child.pid });
    this.#limit.overran();
    slot.child.kill();
  }

  #look(): void {
    if (this.#closed) return;
    const children = this.#slots.map(({ child }) => child);
    const ready = children.filter(({ state }) => state === "ready");
    this.#watch.seen({
      ready: ready.length > 0,
      lastResort: ready.some(({ isLastResort }) => isLastResort),
      failed: children.every(({ state }) => state === "failed"),
      failure: this.#lastFailure,
    });
  }

  #free(slot: Slot): Entry | undefined {
    const entry = slot.running;
    clearTimeout(slot.watchdog);
    slot.running = undefined;
    slot.yielding = false;
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

/** As work grows with it: samples to hear, letters to say. */
const sizeOf = (job: Job): number => (job.kind === "transcribe" ? job.samples.length : job.text.length);

const realSchedule = (afterMs: number, fire: () => void) => {
  const timer = setTimeout(fire, afterMs);
  return () => clearTimeout(timer);
};
