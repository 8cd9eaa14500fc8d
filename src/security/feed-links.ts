/** Secret links to a negotiator's diary: one for each device, so that each can be taken away on its own. */
import { createHash } from "node:crypto";
import type { Database } from "../store/connection.ts";
import { hashOfToken, newToken } from "./sessions.ts";

export type FeedLink = {
  id: string;
  staffId: string;
  label: string;
  /** ISO, UTC. */
  createdAt: string;
  lastReadAt: string | null;
};

export interface FeedLinks {
  all(): FeedLink[];
  /** @returns the token, which is nowhere kept and cannot be had again. */
  add(link: Omit<FeedLink, "lastReadAt">): string;
  /** @returns undefined if there is none (any more). */
  byToken(token: string): FeedLink | undefined;
  byId(id: string): FeedLink | undefined;
  noteRead(id: string, at: Date): void;
  remove(id: string): void;
}

const columns = "id, staff_id AS staffId, label, created_at AS createdAt, last_read_at AS lastReadAt";

/** Writes run inside the caller's transaction. */
export function createFeedLinks(db: Database): FeedLinks {
  const all = db.prepare<[], FeedLink>(`SELECT ${columns} FROM feed ORDER BY created_at, id`);
  const byId = db.prepare<[string], FeedLink>(`SELECT ${columns} FROM feed WHERE id = ?`);
  const byHash = db.prepare<[Buffer], FeedLink>(`SELECT ${columns} FROM feed WHERE token_hash = ?`);
  const insert = db.prepare<[Omit<FeedLink, "lastReadAt"> & { tokenHash: Buffer }]>(
    `INSERT INTO feed (id, staff_id, label, token_hash, created_at)
     VALUES (@id, @staffId, @label, @tokenHash, @createdAt)`,
  );
  const read = db.prepare<[string, string]>("UPDATE feed SET last_read_at = ? WHERE id = ?");
  const remove = db.prepare<[string]>("DELETE FROM feed WHERE id = ?");
  return {
    all: () => all.all(),
    add(link) {
      const token = newToken();
      insert.run({ ...link, tokenHash: createHash("sha256").update(token).digest() });
      return token;
    },
    byToken(token) {
      const hash = hashOfToken(token);
      return hash && byHash.get(hash);
    },
    byId: (id) => byId.get(id),
    noteRead: (id, at) => void read.run(at.toISOString(), id),
    remove: (id) => void remove.run(id),
  };
}
