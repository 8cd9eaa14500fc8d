/**
 * The audit log: who did or read what, when, to which things, never their content. Each entry's MAC covers the one
 * before it, under a key that the database does not hold; the head covers the number of entries. So a changed, removed,
 * inserted or cut-off entry is found by `verifyAudit`; a whole older state of the file put back is not.
 */
import { timingSafeEqual } from "node:crypto";
import type { Actor } from "../agency/types.ts";
import type { Keys } from "./keys.ts";

/** Ids, and keyed hashes in the place of anything of a caller. */
export type AuditSubjects = Record<string, string | number | boolean | null>;
export type AuditEntry = { at: Date; actor: Actor; action: string; subjects: AuditSubjects };

export type AuditRow = {
  id: number;
  at: string;
  actorKind: string;
  actorId: string;
  action: string;
  /** JSON. */
  subjects: string;
};
export type ChainedRow = AuditRow & { mac: Uint8Array };
export type AuditHead = { entries: number; mac: Uint8Array };

/** Where the entries lie; the store implements it. Both calls happen in one transaction. */
export interface AuditRows {
  /** What was written last: the newest entry's MAC (unsealed by the head's), undefined for an empty log. */
  head(): AuditHead | undefined;
  newestMac(): Uint8Array | undefined;
  append(row: ChainedRow, head: AuditHead): void;
  /** All, oldest first. */
  all(): Iterable<ChainedRow>;
  inTransaction<T>(work: () => T): T;
}

export interface Audit {
  /**
   * Writes the entry: inside the caller's transaction if there is one (a change), otherwise committed on its own
   * before this returns (a read, which follows).
   */
  record(entry: AuditEntry): void;
  /** What stands for caller data in `subjects`. */
  hash(kind: "phone" | "name" | "email", value: string): string;
}

export type AuditVerdict =
  | { intact: true; entries: number }
  | { intact: false; entries: number; firstBad: number; why: string };

const start = new Uint8Array(32);

export function createAudit(rows: AuditRows, keys: Keys): Audit {
  return {
    record({ at, actor, action, subjects }) {
      rows.inTransaction(() => {
        const id = (rows.head()?.entries ?? 0) + 1;
        const row: AuditRow = {
          id,
          at: at.toISOString(),
          actorKind: actor.kind,
          actorId: idOf(actor),
          action,
          subjects: JSON.stringify(subjects),
        };
        const mac = rowMac(keys, rows.newestMac() ?? start, row);
        rows.append({ ...row, mac }, { entries: id, mac: headMac(keys, id, mac) });
      });
    },
    hash: (kind, value) => keys.lookupHash(kind, value),
  };
}

/** Walks the whole chain. */
export function verifyAudit(rows: AuditRows, keys: Keys): AuditVerdict {
  let previous: Uint8Array = start;
  let entries = 0;
  const bad = (why: string): AuditVerdict => ({ intact: false, entries, firstBad: entries + 1, why });
  for (const { mac, ...row } of rows.all()) {
    if (row.id !== entries + 1) return bad(`entry ${entries + 1} is missing`);
    if (!sameBytes(mac, rowMac(keys, previous, row))) return bad(`entry ${row.id} was changed`);
    previous = mac;
    entries = row.id;
  }
  const head = rows.head();
  if (head === undefined) return entries === 0 ? { intact: true, entries } : bad("the head is missing");
  if (!sameBytes(head.mac, headMac(keys, head.entries, previous))) {
    return bad(
      head.entries > entries ? `${head.entries - entries} entries are cut off at the end` : "the head was changed",
    );
  }
  return { intact: true, entries };
}

function idOf(actor: Actor): string {
  switch (actor.kind) {
    case "caller":
      return actor.callId;
    case "user":
      return actor.userId;
    case "cli":
      return String(actor.uid);
    case "system":
      return "";
  }
}

/** JSON of an array: unambiguous, whatever the fields contain. */
const rowMac = (keys: Keys, previous: Uint8Array, row: AuditRow) =>
  keys.auditMac(previous, JSON.stringify([row.id, row.at, row.actorKind, row.actorId, row.action, row.subjects]));

const headMac = (keys: Keys, entries: number, newest: Uint8Array) =>
  keys.auditMac("head|", String(entries), "|", newest);

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && timingSafeEqual(a, b);
