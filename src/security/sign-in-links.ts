/** One-time links: who opens one is signed in, once, within fifteen minutes. */
import { createHash } from "node:crypto";
import type { Database } from "../store/connection.ts";
import { hashOfToken, newToken } from "./sessions.ts";

export const linkLifeMs = 15 * 60_000;

export interface SignInLinks {
  /** @param accountId undefined: whoever opens it becomes a new account. */
  create(accountId: string | undefined, nowMs: number): { token: string; expiresMs: number };
  /** Uses the link up, expired or not. @returns undefined if there is none (any more), or it has expired. */
  redeem(token: string, nowMs: number): { accountId: string | undefined } | undefined;
}

export function createSignInLinks(db: Database): SignInLinks {
  const insert = db.prepare<[Buffer, string | null, number]>(
    "INSERT INTO sign_in_link (token_hash, account_id, expires_ms) VALUES (?, ?, ?)",
  );
  const take = db.prepare<[Buffer], { account_id: string | null; expires_ms: number }>(
    "DELETE FROM sign_in_link WHERE token_hash = ? RETURNING account_id, expires_ms",
  );
  const prune = db.prepare<[number]>("DELETE FROM sign_in_link WHERE expires_ms <= ?");
  return {
    create(accountId, nowMs) {
      prune.run(nowMs);
      const token = newToken();
      const expiresMs = nowMs + linkLifeMs;
      insert.run(createHash("sha256").update(token).digest(), accountId ?? null, expiresMs);
      return { token, expiresMs };
    },
    redeem(token, nowMs) {
      const hash = hashOfToken(token);
      const link = hash && take.get(hash);
      if (link === undefined || nowMs >= link.expires_ms) return undefined;
      return { accountId: link.account_id ?? undefined };
    },
  };
}
