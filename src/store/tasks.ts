import type { OfficeTask } from "../agency/enquiries.ts";
import type { TaskRecords } from "../agency/ports.ts";
import type { Store } from "./connection.ts";
import { fromRow, type Nullable, toRow } from "./nullable.ts";

const columns = `id, kind, contact_id AS contactId, property_id AS propertyId, viewing_id AS viewingId, about,
  for_whom AS forWhom, due, status, call_id AS callId`;

export type Tasks = TaskRecords & { byId(id: string): OfficeTask | undefined };

/** Runs inside the caller's transaction. */
export function taskRepository({ db }: Store): Tasks {
  const put = db.prepare<[Nullable<OfficeTask> & { at: string }]>(
    `INSERT INTO task
       (id, kind, contact_id, property_id, viewing_id, about, for_whom, due, status, call_id, created_at)
     VALUES (@id, @kind, @contactId, @propertyId, @viewingId, @about, @forWhom, @due, @status, @callId, @at)
     ON CONFLICT (id) DO UPDATE SET contact_id = excluded.contact_id, about = excluded.about,
       for_whom = excluded.for_whom, due = excluded.due, status = excluded.status`,
  );
  const ofCall = db.prepare<[string], Nullable<OfficeTask>>(
    `SELECT ${columns} FROM task WHERE call_id = ? ORDER BY created_at, rowid`,
  );
  const ofViewing = db.prepare<[string], Nullable<OfficeTask>>(
    `SELECT ${columns} FROM task WHERE viewing_id = ? ORDER BY created_at, rowid`,
  );
  const byId = db.prepare<[string], Nullable<OfficeTask>>(`SELECT ${columns} FROM task WHERE id = ?`);
  return {
    byId(id) {
      const row = byId.get(id);
      return row && fromRow<OfficeTask>(row);
    },
    put: (task, at) => void put.run({ ...toRow(task), at: at.toISOString() }),
    ofCall: (callId) => ofCall.all(callId).map((row) => fromRow<OfficeTask>(row)),
    ofViewing: (viewingId) => ofViewing.all(viewingId).map((row) => fromRow<OfficeTask>(row)),
  };
}
