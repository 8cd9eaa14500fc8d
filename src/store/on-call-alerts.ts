import type { OnCallAlert, OnCallRecords } from "../calls/on-call/ports.ts";
import type { Audit } from "../security/audit.ts";
import type { Store } from "./connection.ts";
import { fromRow, type Nullable } from "./nullable.ts";

const columns = `id, call_id AS callId, emergency, property_id AS propertyId, raised_at AS raisedAt, tries,
  last_tried_at AS lastTriedAt, acknowledged_at AS acknowledgedAt, acknowledged_by AS acknowledgedBy`;

/** Each change is one transaction with its audit entry. @throws AppError("storage_failed") if the disk does not take it. */
export function onCallRepository(store: Store, audit: Audit, newId: () => string): OnCallRecords {
  const { db } = store;
  const insert = db.prepare<[object]>(
    `INSERT INTO on_call_alert (id, call_id, emergency, property_id, raised_at)
     VALUES (@id, @callId, @emergency, @propertyId, @raisedAt) ON CONFLICT (call_id, emergency) DO NOTHING`,
  );
  const addTry = db.prepare<[string, string]>(
    "UPDATE on_call_alert SET tries = tries + 1, last_tried_at = ? WHERE id = ?",
  );
  const close = db.prepare<[string, string, string]>(
    "UPDATE on_call_alert SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ? AND acknowledged_at IS NULL",
  );
  const one = db.prepare<[string], Nullable<OnCallAlert>>(`SELECT ${columns} FROM on_call_alert WHERE id = ?`);
  const open = db.prepare<[], Nullable<OnCallAlert>>(
    `SELECT ${columns} FROM on_call_alert WHERE acknowledged_at IS NULL ORDER BY raised_at, rowid`,
  );
  const newest = db.prepare<[number], Nullable<OnCallAlert>>(
    `SELECT ${columns} FROM on_call_alert ORDER BY raised_at DESC, rowid DESC LIMIT ?`,
  );
  const read = (row: Nullable<OnCallAlert> | undefined) => row && fromRow<OnCallAlert>(row);

  return {
    raise({ callId, emergency, propertyId }, actor, at) {
      return store.withTransaction(() => {
        const id = newId();
        const row = { id, callId, emergency, propertyId: propertyId ?? null, raisedAt: at.toISOString() };
        if (insert.run(row).changes === 0) return undefined;
        const subjects = { alert: id, call: callId, emergency, property: propertyId ?? null };
        audit.record({ at, actor, action: "on-call.raise", subjects });
        return read(one.get(id));
      });
    },
    byId: (id) => read(one.get(id)),
    tried(id, extension, result, at) {
      store.withTransaction(() => {
        if (addTry.run(at.toISOString(), id).changes === 0) return;
        const subjects = { alert: id, extension, result };
        audit.record({ at, actor: { kind: "system" }, action: "on-call.try", subjects });
      });
    },
    acknowledge(id, by, actor, at) {
      return store.withTransaction(() => {
        if (close.run(at.toISOString(), by, id).changes === 0) return false;
        audit.record({ at, actor, action: "on-call.acknowledge", subjects: { alert: id, by } });
        return true;
      });
    },
    open: () => open.all().map((row) => fromRow<OnCallAlert>(row)),
    list: (limit) => newest.all(limit).map((row) => fromRow<OnCallAlert>(row)),
  };
}
