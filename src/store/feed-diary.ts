import type { FeedDiary, FeedEntry } from "../agency/feeds/ports.ts";
import type { Store } from "./connection.ts";

type Row = Omit<FeedEntry, "awaiting" | "contact" | "changedAt"> & {
  awaiting: NonNullable<FeedEntry["awaiting"]> | null;
  name: string | null;
  phone: string | null;
  changedAt: string | null;
};

/** Viewings, valuations, and what else fills a negotiator's day. */
export function feedDiary({ db }: Store): FeedDiary {
  const ofStaff = db.prepare<[{ staffId: string; from: string; until: string }], Row>(
    `WITH entry AS (
       SELECT viewing.id, 'viewing' AS kind, property.address, property.postcode, start, minutes, viewing.status,
           awaiting, contact_id, booked_at
         FROM viewing JOIN property ON property.id = property_id
         WHERE staff_id = @staffId AND start >= @from AND start < @until
       UNION ALL
       SELECT id, 'valuation', address, postcode, start, minutes, status, NULL, contact_id, booked_at
         FROM valuation WHERE staff_id = @staffId AND start >= @from AND start < @until
       UNION ALL
       SELECT appointment.id, appointment.kind, coalesce(property.address, ''), coalesce(property.postcode, ''), start,
           minutes, 'booked', NULL, contact_id, NULL
         FROM appointment LEFT JOIN property ON property.id = property_id
         WHERE staff_id = @staffId AND start >= @from AND start < @until)
     SELECT entry.id, kind, address, postcode, start, minutes, status, awaiting, contact.name, contact.phone,
       coalesce(diary_change.sequence, 0) AS sequence, coalesce(diary_change.changed_at, booked_at) AS changedAt
     FROM entry LEFT JOIN contact ON contact.id = contact_id LEFT JOIN diary_change ON diary_change.entry_id = entry.id
     ORDER BY start, entry.id`,
  );
  return { ofStaff: (staffId, from, until) => ofStaff.all({ staffId, from, until }).map(entryOf) };
}

const entryOf = ({ awaiting, name, phone, changedAt, ...row }: Row): FeedEntry => ({
  ...row,
  awaiting: awaiting ?? undefined,
  contact: name === null || phone === null ? undefined : { name, phone },
  changedAt: changedAt ?? undefined,
});
