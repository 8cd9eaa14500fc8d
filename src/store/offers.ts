import type { Offer } from "../agency/enquiries.ts";
import type { OfferRecords } from "../agency/ports.ts";
import type { Store } from "./connection.ts";
import { fromRow, type Nullable, toRow } from "./nullable.ts";

/** Runs inside the caller's transaction. */
export function offerRepository({ db }: Store): OfferRecords {
  const add = db.prepare<[Nullable<Offer>]>(
    `INSERT INTO offer (id, property_id, contact_id, amount, conditions, funding, position, call_id, made_at)
     VALUES (@id, @propertyId, @contactId, @amount, @conditions, @funding, @position, @callId, @madeAt)`,
  );
  const ofCall = db.prepare<[string], Nullable<Offer>>(
    `SELECT id, property_id AS propertyId, contact_id AS contactId, amount, conditions, funding, position,
       call_id AS callId, made_at AS madeAt
     FROM offer WHERE call_id = ? ORDER BY made_at, rowid`,
  );
  return {
    add: (offer) => void add.run(toRow(offer)),
    ofCall: (callId) => ofCall.all(callId).map((row) => fromRow<Offer>(row)),
  };
}
