/** One data key per call: random, wrapped in its row. Destroying the row erases the call's transcript and recording. */
import { AppError } from "../app-error.ts";
import type { Keys } from "../security/keys.ts";
import { deriveKey } from "../security/sealed-box.ts";
import type { Store } from "./connection.ts";

export interface CallKeys {
  /** Makes the call's key, inside the caller's transaction. */
  create(callId: string, now: Date): void;
  /** The call's key, 32 bytes; the caller zeroes it. @throws AppError("not_found") if it was destroyed. */
  open(callId: string): Buffer;
}

/**
 * Lends the call's key for one purpose, and zeroes it. @throws AppError("not_found") if the call's key was destroyed.
 * @param purpose With its version: "transcript v1".
 */
export function withCallKey<T>(keys: CallKeys, callId: string, purpose: string, work: (key: Buffer) => T): T {
  const dataKey = keys.open(callId);
  const key = deriveKey(dataKey, purpose);
  try {
    return work(key);
  } finally {
    dataKey.fill(0);
    key.fill(0);
  }
}

const contextOf = (callId: string) => `call:${callId}`;

export function callKeys({ db }: Store, keys: Keys): CallKeys {
  const add = db.prepare<[string, Buffer, string]>("INSERT INTO data_key (id, wrapped, created_at) VALUES (?, ?, ?)");
  const find = db.prepare<[string], { wrapped: Buffer }>("SELECT wrapped FROM data_key WHERE id = ?");
  return {
    create(callId, now) {
      const { key, wrapped } = keys.newKey(contextOf(callId));
      key.fill(0);
      add.run(callId, wrapped, now.toISOString());
    },
    open(callId) {
      const row = find.get(callId);
      if (row === undefined) throw new AppError("not_found", "This call's key was destroyed: its content is erased.");
      return keys.unwrap(contextOf(callId), row.wrapped);
    },
  };
}
