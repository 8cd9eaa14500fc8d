import type { Ticket } from "../agency/enquiries.ts";
import type { TicketRecords } from "../agency/ports.ts";
import type { Store } from "./connection.ts";
import { fromRow, type Nullable, toRow } from "./nullable.ts";

/** Runs inside the caller's transaction. */
export function ticketRepository({ db }: Store): TicketRecords {
  const add = db.prepare<[Nullable<Ticket>]>(
    `INSERT INTO ticket (id, kind, contact_id, due, about, call_id, opened_at)
     VALUES (@id, @kind, @contactId, @due, @about, @callId, @openedAt)`,
  );
  const ofCall = db.prepare<[string], Nullable<Ticket>>(
    `SELECT id, kind, contact_id AS contactId, due, about, call_id AS callId, opened_at AS openedAt
     FROM ticket WHERE call_id = ? ORDER BY opened_at, rowid`,
  );
  return {
    add: (ticket) => void add.run(toRow(ticket)),
    ofCall: (callId) => ofCall.all(callId).map((row) => fromRow<Ticket>(row)),
  };
}
