/** The diary's cells and what fills them beside viewings. Runs inside the caller's transaction. */
import { cellsOf } from "../agency/diary-cells.ts";
import type { Cell } from "../agency/ports.ts";
import type { LocalTime } from "../agency/types.ts";
import { AppError } from "../app-error.ts";
import { codeOf, type Database } from "./connection.ts";

/** What else fills a day; at a property or not. */
export type Appointment = {
  id: string;
  kind: string;
  propertyId: string | undefined;
  contactId: string | undefined;
  staffId: string | undefined;
  start: LocalTime;
  minutes: number;
};

export interface DiaryCells {
  /** PRIMARY KEY (resource, cell) refuses what is taken. @throws AppError("conflict"); the transaction must then end. */
  claim(entryId: string, cells: readonly Cell[]): void;
  /** Takes those that are still free: imported entries may overlap. */
  occupy(entryId: string, cells: readonly Cell[]): void;
  /** Gives back what the entry holds, except what others that day need as well. */
  release(entryId: string): void;
  addAppointment(appointment: Appointment): void;
}

type Span = { id: string; start: LocalTime; minutes: number; propertyId: string | null; staffId: string | null };

export function diaryRepository(db: Database): DiaryCells {
  const claim = db.prepare<[string, number, string]>(
    "INSERT INTO diary_cell (resource, cell, entry_id) VALUES (?, ?, ?)",
  );
  const occupy = db.prepare<[string, number, string]>(
    "INSERT OR IGNORE INTO diary_cell (resource, cell, entry_id) VALUES (?, ?, ?)",
  );
  const release = db.prepare<[string]>("DELETE FROM diary_cell WHERE entry_id = ?");
  const add = db.prepare<[Record<keyof Appointment, string | number | null>]>(
    `INSERT INTO appointment (id, kind, property_id, contact_id, staff_id, start, minutes)
     VALUES (@id, @kind, @propertyId, @contactId, @staffId, @start, @minutes)`,
  );
  const travel = db.prepare<[], { minutes: number }>("SELECT travel_minutes AS minutes FROM agency");
  const span = "id, start, minutes, property_id AS propertyId, staff_id AS staffId";
  const elsewhere = span.replace("property_id", "NULL");
  const sameDay = db.prepare<[{ id: string }], Span>(
    `WITH entry AS (SELECT ${span} FROM viewing WHERE status = 'booked' UNION ALL SELECT ${span} FROM appointment
         UNION ALL SELECT ${elsewhere} FROM valuation WHERE status = 'booked'),
       gone AS (SELECT ${span} FROM viewing WHERE id = @id UNION ALL SELECT ${span} FROM appointment WHERE id = @id
         UNION ALL SELECT ${elsewhere} FROM valuation WHERE id = @id)
     SELECT entry.* FROM entry, gone WHERE entry.id <> @id
       AND entry.start >= substr(gone.start, 1, 10) AND entry.start < substr(gone.start, 1, 10) || 'U'
       AND (entry.staffId = gone.staffId OR entry.propertyId = gone.propertyId)`,
  );
  const occupyAll = (entryId: string, cells: readonly Cell[]) => {
    for (const { resource, cell } of cells) occupy.run(resource, cell, entryId);
  };
  return {
    claim(entryId, cells) {
      for (const { resource, cell } of cells) {
        try {
          claim.run(resource, cell, entryId);
        } catch (error) {
          if (!codeOf(error).startsWith("SQLITE_CONSTRAINT")) throw error;
          throw new AppError("conflict", "That time has just been taken.", { cause: error });
        }
      }
    },
    occupy: occupyAll,
    release(entryId) {
      release.run(entryId);
      const travelMinutes = travel.get()?.minutes ?? 0;
      for (const { propertyId, staffId, ...entry } of sameDay.all({ id: entryId })) {
        const held = { ...entry, propertyId: propertyId ?? undefined, staffId: staffId ?? undefined };
        occupyAll(entry.id, cellsOf(held, travelMinutes));
      }
    },
    addAppointment: (entry) =>
      void add.run({
        ...entry,
        propertyId: entry.propertyId ?? null,
        contactId: entry.contactId ?? null,
        staffId: entry.staffId ?? null,
      }),
  };
}
