/** Signed-in browsers. The server decides when a session ends; the cookie only names it. */
import { createHash } from "node:crypto";
import type { Database } from "../store/connection.ts";

/** How the person proved who they are. `link`: may choose a password without knowing the old one. */
export type SignedInBy = "link" | "password";

export type Session = {
  tokenHash: Buffer;
  accountId: string;
  via: SignedInBy;
  openedMs: number;
  lastUsedMs: number;
};

export const sessionLimits = {
  idleMs: 60 * 60_000,
  /** However busy: a working day. */
  absoluteMs: 12 * 3_600_000,
} as const;

/** Every commit is an fsync: the last use is written at most this often, so a session may end that much early. */
const touchEveryMs = 30_000;

/** 256 random bits, so that one SHA-256 is enough to keep it by. */
export function newToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}

/** @returns undefined if the text cannot be one of our tokens. */
export function hashOfToken(token: string): Buffer | undefined {
  return /^[\w-]{43}$/.test(token) ? createHash("sha256").update(token).digest() : undefined;
}

/** The instant at which the session ends if it is not used again. */
export function endsAtMs(session: Session): number {
  return Math.min(session.lastUsedMs + sessionLimits.idleMs, session.openedMs + sessionLimits.absoluteMs);
}

export interface Sessions {
  open(accountId: string, via: SignedInBy, nowMs: number): { token: string; session: Session };
  /** The live session of that token; one that is over is deleted. Not a use of it. */
  find(token: string, nowMs: number): Session | undefined;
  /** The same by hash, for whoever holds on to a session (the live page). */
  stillLive(tokenHash: Buffer, nowMs: number): Session | undefined;
  /** The person did something: the idle time starts anew. */
  touch(session: Session, nowMs: number): void;
  end(tokenHash: Buffer): void;
  endAllOf(accountId: string): void;
  /** Deletes those that are over. */
  prune(nowMs: number): void;
  /** Calls `ended` at once when the session is ended (not when its time runs out). @returns what stops that. */
  onEnded(tokenHash: Buffer, ended: () => void): () => void;
}

type SessionRow = {
  token_hash: Buffer;
  account_id: string;
  via: SignedInBy;
  opened_ms: number;
  last_used_ms: number;
};

const fromRow = (row: SessionRow): Session => ({
  tokenHash: row.token_hash,
  accountId: row.account_id,
  via: row.via,
  openedMs: row.opened_ms,
  lastUsedMs: row.last_used_ms,
});

export function createSessions(db: Database): Sessions {
  const insert = db.prepare<[SessionRow]>(
    `INSERT INTO session (token_hash, account_id, via, opened_ms, last_used_ms)
     VALUES (@token_hash, @account_id, @via, @opened_ms, @last_used_ms)`,
  );
  const byHash = db.prepare<[Buffer], SessionRow>("SELECT * FROM session WHERE token_hash = ?");
  const use = db.prepare<[number, Buffer]>("UPDATE session SET last_used_ms = ? WHERE token_hash = ?");
  const remove = db.prepare<[Buffer]>("DELETE FROM session WHERE token_hash = ?");
  const ofAccount = db.prepare<[string], SessionRow>("SELECT * FROM session WHERE account_id = ?");
  const overdue = db.prepare<[number, number], SessionRow>(
    "SELECT * FROM session WHERE last_used_ms <= ? OR opened_ms <= ?",
  );
  const watchers = watchersByKey();

  function end(tokenHash: Buffer): void {
    remove.run(tokenHash);
    watchers.call(keyOf(tokenHash));
  }

  function stillLive(tokenHash: Buffer, nowMs: number): Session | undefined {
    const row = byHash.get(tokenHash);
    if (row === undefined) return undefined;
    const session = fromRow(row);
    if (nowMs < endsAtMs(session)) return session;
    end(tokenHash);
    return undefined;
  }

  return {
    open(accountId, via, nowMs) {
      const token = newToken();
      const token_hash = createHash("sha256").update(token).digest();
      const row = { token_hash, account_id: accountId, via, opened_ms: nowMs, last_used_ms: nowMs };
      insert.run(row);
      return { token, session: fromRow(row) };
    },
    find(token, nowMs) {
      const tokenHash = hashOfToken(token);
      return tokenHash && stillLive(tokenHash, nowMs);
    },
    stillLive,
    touch(session, nowMs) {
      if (nowMs - session.lastUsedMs >= touchEveryMs) use.run(nowMs, session.tokenHash);
    },
    end,
    endAllOf(accountId) {
      for (const { token_hash } of ofAccount.all(accountId)) end(token_hash);
    },
    prune(nowMs) {
      const { idleMs, absoluteMs } = sessionLimits;
      for (const { token_hash } of overdue.all(nowMs - idleMs, nowMs - absoluteMs)) end(token_hash);
    },
    onEnded: (tokenHash, ended) => watchers.add(keyOf(tokenHash), ended),
  };
}

const keyOf = (hash: Buffer) => hash.toString("base64");

function watchersByKey() {
  const watchers = new Map<string, Set<() => void>>();
  return {
    add(key: string, watcher: () => void): () => void {
      const ofKey = watchers.get(key) ?? new Set();
      watchers.set(key, ofKey.add(watcher));
      return () => {
        ofKey.delete(watcher);
        if (ofKey.size === 0) watchers.delete(key);
      };
    },
    call(key: string): void {
      for (const watcher of [...(watchers.get(key) ?? [])]) watcher();
    },
  };
}
