/** What was heard and said, sealed under the call's own key above the database's encryption. */
import { AppError } from "../app-error.ts";
import type { StoredTurn } from "../calls/ports.ts";
import { openBox, sealBox } from "../security/sealed-box.ts";
import { type CallKeys, withCallKey } from "./call-keys.ts";
import type { Store } from "./connection.ts";

export interface Turns {
  /** Writes the turn, or its later version. Inside the caller's transaction. */
  put(callId: string, turn: StoredTurn): void;
  /** In order. @throws AppError("not_found") if the call's key was destroyed. */
  of(callId: string): StoredTurn[];
}

type Row = {
  callId: string;
  n: number;
  at: string;
  confidence: number | null;
  saidInFull: number;
  asks: string | null;
  heardFromMs: number | null;
  heardToMs: number | null;
  sealed: Buffer;
};
type Words = Pick<StoredTurn, "heard" | "nbest" | "said" | "noted">;

const contextOf = (callId: string, n: number) => `turn|${callId}|${n}`;

export function turnRepository({ db }: Store, keys: CallKeys): Turns {
  const put = db.prepare<[Row]>(
    `INSERT INTO turn (call_id, n, at, confidence, said_in_full, asks, heard_from_ms, heard_to_ms, sealed)
     VALUES (@callId, @n, @at, @confidence, @saidInFull, @asks, @heardFromMs, @heardToMs, @sealed)
     ON CONFLICT (call_id, n) DO UPDATE SET at = excluded.at, confidence = excluded.confidence,
       said_in_full = excluded.said_in_full, asks = excluded.asks, heard_from_ms = excluded.heard_from_ms,
       heard_to_ms = excluded.heard_to_ms, sealed = excluded.sealed`,
  );
  const ofCall = db.prepare<[string], Row>(
    `SELECT call_id AS callId, n, at, confidence, said_in_full AS saidInFull, asks, heard_from_ms AS heardFromMs,
       heard_to_ms AS heardToMs, sealed FROM turn WHERE call_id = ? ORDER BY n`,
  );
  return {
    put(callId, { heard, nbest, said, noted, saidInFull, ...rest }) {
      const words = Buffer.from(JSON.stringify({ heard, nbest, said, ...(noted && { noted }) } satisfies Words));
      const sealed = withCallKey(keys, callId, "transcript v1", (key) =>
        sealBox(key, contextOf(callId, rest.n), words),
      );
      words.fill(0);
      put.run({ callId, ...rest, saidInFull: saidInFull ? 1 : 0, sealed });
    },
    of(callId) {
      const rows = ofCall.all(callId);
      if (rows.length === 0) return [];
      return withCallKey(keys, callId, "transcript v1", (key) => rows.map((row) => turnOf(key, row)));
    },
  };
}

function turnOf(key: Buffer, { callId, sealed, saidInFull, ...rest }: Row): StoredTurn {
  const words = openBox(key, contextOf(callId, rest.n), sealed);
  if (words === undefined) throw new AppError("database_damaged", `Turn ${rest.n} of call ${callId} was changed.`);
  return { ...rest, saidInFull: saidInFull === 1, ...(JSON.parse(words.toString()) as Words) };
}
