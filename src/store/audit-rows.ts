import type { AuditHead, AuditRows, ChainedRow } from "../security/audit.ts";
import type { Store } from "./connection.ts";

/** The audit log's rows. Triggers of the schema refuse to change or remove any. */
export function auditRows({ db, withTransaction }: Store): AuditRows {
  const head = db.prepare<[], AuditHead>("SELECT entries, mac FROM audit_head");
  const newest = db.prepare<[], { mac: Uint8Array }>("SELECT mac FROM audit ORDER BY id DESC LIMIT 1");
  const add = db.prepare<[ChainedRow]>(
    `INSERT INTO audit (id, at, actor_kind, actor_id, action, subjects, mac)
     VALUES (@id, @at, @actorKind, @actorId, @action, @subjects, @mac)`,
  );
  const move = db.prepare<[AuditHead]>(
    `INSERT INTO audit_head (one, entries, mac) VALUES (1, @entries, @mac)
     ON CONFLICT (one) DO UPDATE SET entries = excluded.entries, mac = excluded.mac`,
  );
  const all = db.prepare<[], ChainedRow>(
    `SELECT id, at, actor_kind AS actorKind, actor_id AS actorId, action, subjects, mac FROM audit ORDER BY id`,
  );
  return {
    head: () => head.get(),
    newestMac: () => newest.get()?.mac,
    append(row, after) {
      add.run(row);
      move.run(after);
    },
    all: () => all.iterate(),
    inTransaction: withTransaction,
  };
}
