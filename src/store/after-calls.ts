/** What was made of calls that are over, sealed under each call's own key; and what was asked in vain, to be counted. */
import { AppError } from "../app-error.ts";
import type { AfterCall } from "../calls/after/after-call.ts";
import { openBox, sealBox } from "../security/sealed-box.ts";
import { type CallKeys, withCallKey } from "./call-keys.ts";
import type { Store } from "./connection.ts";

/** Newest `calls` first, at most five. */
export type UnansweredTopic = {
  topic: string;
  count: number;
  lastAt: string;
  calls: { id: string; startedAt: string }[];
};

export interface AfterCalls {
  /** Inside the caller's transaction. @throws AppError("not_found") if the call's key was destroyed. */
  put(callId: string, after: AfterCall): void;
  /** Undefined for calls of older versions, running ones and such whose key was destroyed. */
  of(callId: string): AfterCall | undefined;
  /** Of calls that began since then (ISO, UTC), asked most first. */
  unanswered(since: string): UnansweredTopic[];
}

type Sealed = Omit<AfterCall, "unanswered">;

const contextOf = (callId: string) => `after|${callId}`;
const mostCalls = 5;

/** CROSS JOIN: by the calls of those days, not by every topic ever asked (SQLite keeps its order). */
export function afterCallRepository({ db }: Store, keys: CallKeys): AfterCalls {
  const put = db.prepare<[string, Buffer]>("INSERT OR REPLACE INTO call_after (call_id, sealed) VALUES (?, ?)");
  const find = db.prepare<[string], { sealed: Buffer }>(
    `SELECT sealed FROM call_after WHERE call_id = ? AND EXISTS (SELECT 1 FROM data_key WHERE id = call_id)`,
  );
  const ask = db.prepare<[string, string]>("INSERT OR IGNORE INTO call_unanswered (call_id, topic) VALUES (?, ?)");
  const topicsOf = db.prepare<[string], { topic: string }>(
    "SELECT topic FROM call_unanswered WHERE call_id = ? ORDER BY topic",
  );
  const counts = db.prepare<[string], Omit<UnansweredTopic, "calls">>(
    `SELECT topic, count(*) AS count, max(started_at) AS lastAt FROM call CROSS JOIN call_unanswered ON call.id = call_id
     WHERE started_at >= ? GROUP BY topic ORDER BY count DESC, topic`,
  );
  const callsOf = db.prepare<[string, string, number], { id: string; startedAt: string }>(
    `SELECT call.id, started_at AS startedAt FROM call CROSS JOIN call_unanswered ON call.id = call_id
     WHERE topic = ? AND started_at >= ? ORDER BY started_at DESC, call.id LIMIT ?`,
  );
  return {
    put(callId, { unanswered, ...after }) {
      const text = Buffer.from(JSON.stringify(after satisfies Sealed));
      put.run(
        callId,
        withCallKey(keys, callId, "after v1", (key) => sealBox(key, contextOf(callId), text)),
      );
      text.fill(0);
      for (const topic of unanswered) ask.run(callId, topic);
    },
    of(callId) {
      const row = find.get(callId);
      if (row === undefined) return undefined;
      const text = withCallKey(keys, callId, "after v1", (key) => openBox(key, contextOf(callId), row.sealed));
      if (text === undefined) throw new AppError("database_damaged", `The summary of call ${callId} was changed.`);
      const unanswered = topicsOf.all(callId).map(({ topic }) => topic);
      return { ...(JSON.parse(text.toString()) as Sealed), unanswered };
    },
    unanswered: (since) =>
      counts.all(since).map((one) => ({ ...one, calls: callsOf.all(one.topic, since, mostCalls) })),
  };
}
