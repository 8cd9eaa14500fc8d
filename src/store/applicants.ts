import type { Applicant } from "../agency/enquiries.ts";
import type { ApplicantRecords } from "../agency/ports.ts";
import type { Store } from "./connection.ts";
import { fromRow, type Nullable, toRow } from "./nullable.ts";

type Plain = Omit<Applicant, "areas" | "details">;
type Row = Nullable<Plain> & { areas: string; details: string };

/** Runs inside the caller's transaction. */
export function applicantRepository({ db }: Store): ApplicantRecords {
  const of = db.prepare<[string, string], Row>(
    `SELECT id, contact_id AS contactId, kind, max_price AS maxPrice, max_rent_pcm AS maxRentPcm, min_beds AS minBeds,
       position, move_date AS moveDate, pets, areas, details
     FROM applicant WHERE contact_id = ? AND kind = ?`,
  );
  const put = db.prepare<[Row & { changedAt: string }]>(
    `INSERT INTO applicant (id, contact_id, kind, max_price, max_rent_pcm, min_beds, position, move_date, pets, areas,
       details, changed_at)
     VALUES (@id, @contactId, @kind, @maxPrice, @maxRentPcm, @minBeds, @position, @moveDate, @pets, @areas, @details,
       @changedAt)
     ON CONFLICT (contact_id, kind) DO UPDATE SET max_price = excluded.max_price, max_rent_pcm = excluded.max_rent_pcm,
       min_beds = excluded.min_beds, position = excluded.position, move_date = excluded.move_date,
       pets = excluded.pets, areas = excluded.areas, details = excluded.details, changed_at = excluded.changed_at`,
  );
  return {
    of(contactId, kind) {
      const row = of.get(contactId, kind);
      if (row === undefined) return undefined;
      const { areas, details, ...plain } = row;
      return { ...fromRow<Plain>(plain), areas: JSON.parse(areas), details: JSON.parse(details) };
    },
    put({ areas, details, ...plain }, at) {
      const lists = { areas: JSON.stringify(areas), details: JSON.stringify(details) };
      put.run({ ...toRow(plain), ...lists, changedAt: at.toISOString() });
    },
  };
}
