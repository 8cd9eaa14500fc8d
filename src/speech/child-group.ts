/** Children of one kind and the queue before them: who works next, what happens to whom when one dies. */
import { AppError } from "../app-error.ts";
import type { Log } from "../log.ts";
import type { Answer, FromChild, Job, SpeechKind, ToChild } from "./child-messages.ts";
import type { Priority, SpeechChildStatus } from "./ports.ts";
import { createQueue } from "./queue.ts";
import { type SupervisedChild, superviseChild } from "./supervised-child.ts";

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

export interface ChildGroup {
  /** Settles when every child has warmed up; rejects with the first one's AppError that cannot. */
  ready: Promise<void>;
  /** @throws AppError("speech_failed" | "too_many"), `signal.reason` on abort. */
  request(job: Job, priority: Priority, signal: AbortSignal): Promise<Answer>;
  status(): SpeechChildStatus[];
  close(): Promise<void>;
}

type Entry = {
  id: number;
  job: Job;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
};

type Slot = {
  child: SupervisedChild;
  running: Entry | undefined;
  watchdog: Timer | undefined;
  first: PromiseWithResolvers<void>;
};

const closeGraceMs = 1000;

export function startGroup(options: GroupOptions): ChildGroup {
  const { kind, count, log, queueLimit, jobLimitMs } = options;
  const queue = createQueue<Entry>(queueLimit);
  const slots: Slot[] = [];
  let lastId = 0;
  let closed = false;

  const dispatch = () => {
    for (const slot of slots) {
      if (slot.child.state !== "ready" || slot.running !== undefined) continue;
      const entry = queue.shift();
      if (entry === undefined) return;
      slot.running = entry;
      slot.watchdog = setTimeout(() => {
        log.warn("speech child hangs", { kind, pid: slot.child.pid });
        slot.child.kill();
      }, jobLimitMs);
      slot.child.send({ kind: "job", id: entry.id, job: entry.job });
    }
  };

  const free = (slot: Slot): Entry | undefined => {
    const entry = slot.running;
    clearTimeout(slot.watchdog);
    slot.running = undefined;
    return entry;
  };

  const said = (slot: Slot, message: FromChild & { id: number }) => {
    if (slot.running?.id !== message.id) return;
    const entry = free(slot);
    if (message.kind === "answered") entry?.resolve(message.answer);
    else entry?.reject(failed(kind, message.kind === "job-failed" ? message.error : "it stopped"));
    dispatch();
  };

  const died = (slot: Slot, failure: AppError) => {
    free(slot)?.reject(failed(kind, "its process died", failure));
    if (slot.child.state === "failed") slot.first.reject(failure);
    // With no child left that will work again soon, waiting would be silence for the caller.
    if (!slots.some(({ child }) => child.state === "ready" || child.state === "starting")) rejectQueued(failure);
  };

  const rejectQueued = (cause: AppError) => {
    for (const entry of queue.drain()) entry.reject(failed(kind, "no process is left", cause));
  };

  for (let i = 0; i < count; i++) slots.push(openSlot(options, said, died, dispatch));
  const ready = Promise.all(slots.map(({ first }) => first.promise)).then(() => undefined);
  ready.catch(() => undefined); // whoever wants to know awaits `ready`; nobody has to

  const request: ChildGroup["request"] = (job, priority, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (signal.aborted) return Promise.reject(signal.reason);
    if (closed || !slots.some(({ child }) => child.state === "ready" || child.state === "starting")) {
      return Promise.reject(failed(kind, "no process is left"));
    }
    const abort = () => {
      if (!queue.remove(entry))
        slots.find(({ running }) => running === entry)?.child.send({ kind: "abort", id: entry.id });
      entry.reject(signal.reason);
    };
    const settle =
      <T>(how: (value: T) => void) =>
      (value: T) => {
        signal.removeEventListener("abort", abort);
        how(value);
      };
    const entry: Entry = { id: ++lastId, job, resolve: settle(resolve), reject: settle(reject) };
    signal.addEventListener("abort", abort, { once: true });
    const refused = queue.push(entry, priority);
    refused?.reject(new AppError("too_many", `More ${kind} jobs than ${queueLimit} are waiting`));
    dispatch();
    return promise;
  };

  return {
    ready,
    request,
    status: () =>
      slots.map(({ child }) => ({
        kind,
        pid: child.pid,
        ready: child.state === "ready",
        restarts: child.restarts,
        queued: queue.length,
        model: options.model,
      })),
    async close() {
      closed = true;
      const closing = new AppError("speech_failed", "Speech has been closed");
      rejectQueued(closing);
      for (const slot of slots) {
        slot.first.reject(closing);
        free(slot)?.reject(failed(kind, "it was closed", closing));
      }
      await Promise.all(slots.map(({ child }) => child.close(closeGraceMs)));
    },
  };
}

function openSlot(
  { kind, load, command, log }: GroupOptions,
  said: (slot: Slot, message: FromChild & { id: number }) => void,
  died: (slot: Slot, failure: AppError) => void,
  dispatch: () => void,
): Slot {
  const first = Promise.withResolvers<void>();
  const child = superviseChild({
    kind,
    load,
    command,
    log,
    events: {
      ready: () => {
        first.resolve();
        dispatch();
      },
      died: (failure) => died(slot, failure),
      said: (message) => said(slot, message),
    },
  });
  const slot: Slot = { child, running: undefined, watchdog: undefined, first };
  return slot;
}

function failed(kind: SpeechKind, why: string, cause?: AppError): AppError {
  const what = kind === "whisper" ? "Hearing" : "Speaking";
  return new AppError("speech_failed", `${what} failed: ${why}`, cause === undefined ? undefined : { cause });
}
