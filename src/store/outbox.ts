/** What is still to be told to other hosts of the office. Writes run inside the caller's transaction. */
import type { Store } from "./connection.ts";

export type OutboxEntry = {
  n: number;
  id: string;
  target: string;
  subject: string;
  event: string;
  body: string;
  createdMs: number;
  tries: number;
  /** Not before this. */
  nextMs: number;
};

/** That something was given up is kept so long: the alarm says it. */
export const givenUpKeptMs = 7 * 86_400_000;

export type OutboxState = { waiting: number; oldestMs: number | null; givenUp: number };

export interface Outbox {
  add(entry: Omit<OutboxEntry, "n" | "tries" | "nextMs">): void;
  /** The one that is due first, now or later; never one that must wait for an earlier one of its subject. */
  next(target: string): OutboxEntry | undefined;
  delivered(n: number): void;
  failed(n: number, nextMs: number): void;
  /** Keeps that it was given up, and nothing of what it said; what was given up a week ago is forgotten. */
  giveUp(n: number, atMs: number): void;
  /** Waiting since then or longer, oldest first. */
  since(target: string, ms: number): Pick<OutboxEntry, "n" | "event">[];
  /** The oldest ones that are more than so many. */
  beyond(target: string, most: number): number[];
  /** @param sinceMs Given up since then. */
  state(target: string, sinceMs: number): OutboxState;
  /** Forgets what was for others than these, and what was given up before then. @returns how many were still waiting. */
  forget(targets: readonly string[], givenUpBeforeMs: number): number;
}

const columns = "n, id, target, subject, event, body, created_ms AS createdMs, tries, next_ms AS nextMs";

export function outboxRepository({ db }: Store): Outbox {
  const add = db.prepare<[Omit<OutboxEntry, "n" | "tries" | "nextMs">]>(
    `INSERT INTO webhook_event (id, target, subject, event, body, created_ms, tries, next_ms)
     VALUES (@id, @target, @subject, @event, @body, @createdMs, 0, @createdMs)`,
  );
  const next = db.prepare<[string], OutboxEntry>(
    `SELECT ${columns} FROM webhook_event AS one WHERE target = ? AND body IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM webhook_event AS other WHERE other.target = one.target AND other.subject = one.subject
         AND other.n < one.n AND other.body IS NOT NULL)
     ORDER BY next_ms, n LIMIT 1`,
  );
  const remove = db.prepare<[number]>("DELETE FROM webhook_event WHERE n = ?");
  const failed = db.prepare<[number, number]>("UPDATE webhook_event SET tries = tries + 1, next_ms = ? WHERE n = ?");
  const giveUp = db.prepare<[number, number]>("UPDATE webhook_event SET body = NULL, given_up_ms = ? WHERE n = ?");
  const since = db.prepare<[string, number], Pick<OutboxEntry, "n" | "event">>(
    "SELECT n, event FROM webhook_event WHERE target = ? AND body IS NOT NULL AND created_ms <= ? ORDER BY n",
  );
  const beyond = db.prepare<[string, number], { n: number }>(
    "SELECT n FROM webhook_event WHERE target = ? AND body IS NOT NULL ORDER BY n DESC LIMIT -1 OFFSET ?",
  );
  const waiting = db.prepare<[string], { waiting: number; oldestMs: number | null }>(
    `SELECT count(*) AS waiting, min(created_ms) AS oldestMs FROM webhook_event
     WHERE target = ? AND body IS NOT NULL`,
  );
  const givenUp = db.prepare<[string, number], { givenUp: number }>(
    "SELECT count(*) AS givenUp FROM webhook_event WHERE target = ? AND given_up_ms >= ?",
  );
  const others = db.prepare<[string], { body: string | null }>(
    "DELETE FROM webhook_event WHERE target NOT IN (SELECT value FROM json_each(?)) RETURNING body",
  );
  const old = db.prepare<[number]>("DELETE FROM webhook_event WHERE given_up_ms < ?");
  return {
    add: (entry) => void add.run(entry),
    next: (target) => next.get(target),
    delivered: (n) => void remove.run(n),
    failed: (n, nextMs) => void failed.run(nextMs, n),
    giveUp(n, atMs) {
      old.run(atMs - givenUpKeptMs);
      giveUp.run(atMs, n);
    },
    since: (target, ms) => since.all(target, ms),
    beyond: (target, most) => beyond.all(target, most).map(({ n }) => n),
    state: (target, sinceMs) => ({
      waiting: 0,
      oldestMs: null,
      ...waiting.get(target),
      givenUp: givenUp.get(target, sinceMs)?.givenUp ?? 0,
    }),
    forget(targets, givenUpBeforeMs) {
      old.run(givenUpBeforeMs);
      return others.all(JSON.stringify(targets)).filter(({ body }) => body !== null).length;
    },
  };
}
