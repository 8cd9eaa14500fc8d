/** One job for a speech child while somebody waits for it. */
import type { Answer, Job } from "./child-messages.ts";
import type { Place } from "./queue.ts";

/** `urgent`: when it fires, somebody has come to wait for the answer. */
export type Request = Place & {
  signal: AbortSignal;
  urgent?: AbortSignal | undefined;
  /** Takes the parts of a clause that was asked for in parts, before the answer. */
  part?: ((audio: Int16Array) => void) | undefined;
};

/** `over`: nobody waits for the answer any more. `putOff`: how often it made way for somebody who waited. */
export type Entry = {
  readonly id: number;
  readonly job: Job;
  place: Place;
  over: boolean;
  putOff: number;
  readonly part: ((audio: Int16Array) => void) | undefined;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
};

/** Listens to both signals for as long as the answer is out. `aborted` is told before the promise rejects. */
export function openEntry(
  what: Pick<Entry, "id" | "job" | "place" | "part">,
  signal: AbortSignal,
  urgent: AbortSignal | undefined,
  events: { aborted(): void; hastened(): void },
): { promise: Promise<Answer>; entry: Entry } {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const abort = () => {
    events.aborted();
    entry.reject(signal.reason);
  };
  const hasten = () => {
    entry.place = { ...entry.place, priority: "answer" };
    events.hastened();
  };
  const settle =
    <T>(how: (value: T) => void) =>
    (value: T) => {
      signal.removeEventListener("abort", abort);
      urgent?.removeEventListener("abort", hasten);
      entry.over = true;
      how(value);
    };
  const entry: Entry = { ...what, over: false, putOff: 0, resolve: settle(resolve), reject: settle(reject) };
  signal.addEventListener("abort", abort, { once: true });
  urgent?.addEventListener("abort", hasten, { once: true });
  return { promise, entry };
}
