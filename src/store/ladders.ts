/** The signalling of calls, sealed under each call's own key above the database's encryption. */
import { AppError } from "../app-error.ts";
import { openBox, sealBox } from "../security/sealed-box.ts";
import type { Ladder } from "../sip/ports.ts";
import { type CallKeys, withCallKey } from "./call-keys.ts";
import type { Store } from "./connection.ts";

export interface Ladders {
  /** Inside the caller's transaction. False: no call of that id is kept (an echo line, a refusal). */
  put(callId: string, ladder: Ladder): boolean;
  /** @throws AppError("not_found") if the call's key was destroyed. */
  of(callId: string): Ladder | undefined;
}

const contextOf = (callId: string) => `ladder|${callId}`;

export function ladderRepository({ db }: Store, keys: CallKeys): Ladders {
  const isKept = db.prepare<[string], { one: number }>("SELECT 1 AS one FROM call WHERE id = ?");
  const put = db.prepare<[string, Buffer]>("INSERT OR REPLACE INTO call_ladder (call_id, sealed) VALUES (?, ?)");
  const ofCall = db.prepare<[string], { sealed: Buffer }>("SELECT sealed FROM call_ladder WHERE call_id = ?");
  return {
    put(callId, ladder) {
      if (isKept.get(callId) === undefined) return false;
      const text = Buffer.from(JSON.stringify(ladder));
      put.run(
        callId,
        withCallKey(keys, callId, "ladder v1", (key) => sealBox(key, contextOf(callId), text)),
      );
      return true;
    },
    of(callId) {
      const row = ofCall.get(callId);
      if (row === undefined) return undefined;
      const text = withCallKey(keys, callId, "ladder v1", (key) => openBox(key, contextOf(callId), row.sealed));
      if (text === undefined) throw new AppError("database_damaged", `The signalling of call ${callId} was changed.`);
      return JSON.parse(text.toString()) as Ladder;
    },
  };
}
