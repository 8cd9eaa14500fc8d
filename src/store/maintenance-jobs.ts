import type { Maintenance } from "../agency/enquiries.ts";
import type { MaintenanceRecords } from "../agency/ports.ts";
import type { Store } from "./connection.ts";
import { fromRow, type Nullable, toRow } from "./nullable.ts";

type Row = Nullable<Omit<Maintenance, "vulnerable">> & { vulnerable: number };

/** Runs inside the caller's transaction. */
export function maintenanceRepository({ db }: Store): MaintenanceRecords {
  const put = db.prepare<[Row]>(
    `INSERT INTO maintenance
       (id, property_id, address, contact_id, fault, priority, vulnerable, access, since, call_id, reported_at)
     VALUES (@id, @propertyId, @address, @contactId, @fault, @priority, @vulnerable, @access, @since, @callId,
       @reportedAt)
     ON CONFLICT (id) DO UPDATE SET contact_id = excluded.contact_id, priority = excluded.priority,
       vulnerable = excluded.vulnerable, access = excluded.access, since = excluded.since`,
  );
  const ofCall = db.prepare<[string], Row>(
    `SELECT id, property_id AS propertyId, address, contact_id AS contactId, fault, priority, vulnerable, access, since,
       call_id AS callId, reported_at AS reportedAt
     FROM maintenance WHERE call_id = ? ORDER BY reported_at, rowid`,
  );
  return {
    put: ({ vulnerable, ...job }) => void put.run({ ...toRow(job), vulnerable: vulnerable ? 1 : 0 }),
    ofCall: (callId) =>
      ofCall.all(callId).map(({ vulnerable, ...row }) => ({
        ...fromRow<Omit<Maintenance, "vulnerable">>(row),
        vulnerable: vulnerable === 1,
      })),
  };
}
