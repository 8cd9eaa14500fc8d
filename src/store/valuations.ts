/** Valuations and the diary's cells. Runs inside the caller's transaction. */
import type { Valuation } from "../agency/enquiries.ts";
import type { Cell, ValuationRecords } from "../agency/ports.ts";
import type { Store } from "./connection.ts";
import { diaryRepository } from "./diary.ts";

export type Valuations = ValuationRecords & {
  /** From the seed: may overlap what is there, as the agency's own diary is believed. */
  import(valuation: Valuation, cells: readonly Cell[], at: Date): void;
};

type Row = Omit<Valuation, "details" | "callId"> & { details: string; callId: string | null };

const columns = `id, kind, address, postcode, contact_id AS contactId, staff_id AS staffId, start, minutes, status,
  details, call_id AS callId`;

export function valuationRepository({ db }: Store): Valuations {
  const insert = db.prepare<[Row & { bookedAt: string }]>(
    `INSERT INTO valuation
       (id, kind, address, postcode, contact_id, staff_id, start, minutes, status, details, call_id, booked_at)
     VALUES (@id, @kind, @address, @postcode, @contactId, @staffId, @start, @minutes, @status, @details, @callId,
       @bookedAt)`,
  );
  const byId = db.prepare<[string], Row>(`SELECT ${columns} FROM valuation WHERE id = ?`);
  const ofCall = db.prepare<[string, string, string], Row>(
    `SELECT ${columns} FROM valuation WHERE call_id = ? AND kind = ? AND start = ? AND status = 'booked'`,
  );
  const ofContacts = db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM valuation WHERE contact_id IN (SELECT value FROM json_each(?)) AND start >= ?
       AND status = 'booked' ORDER BY start, id`,
  );
  const cancel = db.prepare<[string]>("UPDATE valuation SET status = 'cancelled' WHERE id = ?");
  const move = db.prepare<[Pick<Row, "id" | "start" | "staffId">]>(
    "UPDATE valuation SET start = @start, staff_id = @staffId WHERE id = @id",
  );
  const diary = diaryRepository(db);
  const add = (valuation: Valuation, at: Date) => insert.run({ ...rowOf(valuation), bookedAt: at.toISOString() });
  return {
    add(valuation, taken, bookedAt) {
      add(valuation, bookedAt);
      diary.claim(valuation.id, taken);
    },
    import(valuation, taken, at) {
      add(valuation, at);
      if (valuation.status === "booked") diary.occupy(valuation.id, taken);
    },
    byId: (id) => optional(byId.get(id)),
    ofCall: (callId, kind, start) => optional(ofCall.get(callId, kind, start)),
    cancel(id) {
      cancel.run(id);
      diary.release(id);
    },
    release: (id) => diary.release(id),
    move({ id, start, staffId }, taken) {
      move.run({ id, start, staffId });
      diary.claim(id, taken);
    },
    ofContacts: (ids, from) => ofContacts.all(JSON.stringify(ids), from).map(valuationOf),
  };
}

const optional = (row: Row | undefined) => (row === undefined ? undefined : valuationOf(row));

const valuationOf = ({ details, callId, ...row }: Row): Valuation => ({
  ...row,
  details: JSON.parse(details),
  callId: callId ?? undefined,
});

const rowOf = ({ details, callId, ...valuation }: Valuation): Row => ({
  ...valuation,
  details: JSON.stringify(details),
  callId: callId ?? null,
});
