/** Tells one host what is waiting for it: one event at a time, those of a subject in order, until each is taken. */
import type { Log } from "../../log.ts";
import type { Outbox, OutboxEntry } from "../../store/outbox.ts";
import type { Posted } from "./post.ts";
import { signatureOf } from "./signature.ts";
import type { WebhookTarget } from "./targets.ts";

export type SenderParts = {
  target: WebhookTarget;
  outbox: Outbox;
  /** Before the first attempt: in the audit log. */
  audited(entry: OutboxEntry): void;
  post(target: WebhookTarget, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<Posted>;
  clock(): Date;
  schedule(afterMs: number, fire: () => void): () => void;
  log: Log;
};

export type Sender = {
  /** Something may be waiting. */
  wake(): void;
  /** Stops: what is on its way is broken off, and sent again after the next start. */
  close(): Promise<void>;
};

const firstWaitMs = 10_000;
const longestWaitMs = 3_600_000;
/** After a failure of our own, such as a full disk. */
const storeWaitMs = 60_000;

/** @param failures In a row, 1 and more. Twice as long each time, up to an hour. */
export const waitAfter = (failures: number): number => Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));

export function startSender(parts: SenderParts): Sender {
  const { target, outbox, clock, schedule, log } = parts;
  const closing = new AbortController();
  const { host } = target;
  /** Of the host, whatever it was told: one that is down is left alone for a while. */
  let failures = 0;
  let failingSinceMs = 0;
  let notBeforeMs = 0;
  let cancel: () => void = () => undefined;
  let running: Promise<void> | undefined;
  let again = false;

  const later = (ms: number) => {
    cancel();
    cancel = schedule(ms, wake);
  };

  function wake(): void {
    again = true;
    if (running !== undefined || closing.signal.aborted) return;
    cancel();
    running = run().finally(() => {
      running = undefined;
      if (again) wake();
    });
  }

  async function run(): Promise<void> {
    try {
      while (!closing.signal.aborted) {
        again = false;
        const entry = outbox.next(target.id);
        if (entry === undefined) return;
        const nowMs = clock().getTime();
        const dueMs = Math.max(entry.nextMs, notBeforeMs);
        if (dueMs > nowMs) {
          later(dueMs - nowMs);
          return;
        }
        await attempt(entry);
      }
    } catch (error) {
      again = false;
      log.error("a webhook could not be sent", error, { host });
      if (!closing.signal.aborted) later(storeWaitMs);
    }
  }

  /**
   * What is too old, after an attempt that failed: the one that was tried, if it had been before; all of them, once the
   * host has taken nothing for as long as it is ever left alone. So what waited while we were off gets its chance.
   */
  function giveUpOld(tried: OutboxEntry, nowMs: number): void {
    const isDown = nowMs - failingSinceMs >= longestWaitMs;
    for (const { n, event } of outbox.since(target.id, nowMs - target.giveUpAfterMs)) {
      if (!isDown && (n !== tried.n || tried.tries === 0)) continue;
      outbox.giveUp(n, nowMs);
      log.warn("a webhook was given up: the host took it on no day", { host, event });
    }
  }

  async function attempt(entry: OutboxEntry): Promise<void> {
    if (entry.tries === 0) parts.audited(entry);
    const headers = {
      "Gatehouse-Event": entry.event,
      "Gatehouse-Signature": signatureOf(target.secret, entry.body, clock()),
      "Idempotency-Key": `"${entry.id}"`,
    };
    const posted = await parts.post(target, headers, entry.body, closing.signal);
    if (closing.signal.aborted && !posted.taken) return;
    if (posted.taken) {
      outbox.delivered(entry.n);
      if (failures > 0) log.info("webhooks are taken again", { host });
      failures = 0;
      notBeforeMs = 0;
      return;
    }
    const nowMs = clock().getTime();
    if (failures === 0) {
      failingSinceMs = nowMs;
      log.warn("a webhook was not taken; it is tried again", { host, why: posted.why });
    }
    failures += 1;
    notBeforeMs = nowMs + waitAfter(failures);
    outbox.failed(entry.n, nowMs + waitAfter(entry.tries + 1));
    giveUpOld(entry, nowMs);
  }

  wake();
  return {
    wake,
    async close() {
      closing.abort();
      cancel();
      await running;
    },
  };
}
