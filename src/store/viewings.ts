/** Viewings and the diary's cells. Runs inside the caller's transaction. */
import type { Cell, ViewingRecords } from "../agency/ports.ts";
import type { LocalTime, Property, Viewing } from "../agency/types.ts";
import type { Store } from "./connection.ts";
import { type Appointment, diaryRepository } from "./diary.ts";

/** A viewing with what its ids stand for. */
export type ViewingCard = Viewing & {
  property: Pick<Property, "id" | "address" | "postcode" | "kind" | "status" | "price" | "beds" | "type">;
  contact: { id: string; name: string; phone: string; email: string | null };
  staff: { id: string; name: string };
};

export type Viewings = ViewingRecords & {
  /** From the seed: may overlap what is there, as the agency's own diary is believed. */
  import(viewing: Viewing, cells: readonly Cell[], at: Date): void;
  importAppointment(appointment: Appointment, cells: readonly Cell[]): void;
  /** Starts `from` up to, not including, `until`; cancelled ones too. */
  between(from: LocalTime, until: LocalTime): ViewingCard[];
  ofCallCards(callId: string): ViewingCard[];
  /** Newest start first. */
  list(limit: number): ViewingCard[];
};

type Row = Omit<Viewing, "awaiting" | "callId"> & { awaiting: Viewing["awaiting"] | null; callId: string | null };
type CardRow = Row &
  Pick<Property, "address" | "postcode" | "kind" | "price" | "beds" | "type"> & {
    propertyStatus: Property["status"];
    name: string;
    phone: string;
    email: string | null;
    staffName: string;
  };

const columns = `viewing.id, viewing.property_id AS propertyId, viewing.contact_id AS contactId,
  viewing.staff_id AS staffId, viewing.start, viewing.minutes, viewing.status, viewing.awaiting,
  viewing.call_id AS callId`;

const cards = `SELECT ${columns}, address, postcode, kind, property.status AS propertyStatus, price, beds, type,
    contact.name, phone, email, staff.name AS staffName
  FROM viewing JOIN property ON property.id = viewing.property_id
    JOIN contact ON contact.id = viewing.contact_id JOIN staff ON staff.id = viewing.staff_id`;

export function viewingRepository({ db }: Store): Viewings {
  const insert = db.prepare<[Row & { bookedAt: string }]>(
    `INSERT INTO viewing
       (id, property_id, contact_id, staff_id, start, minutes, status, awaiting, call_id, booked_at)
     VALUES (@id, @propertyId, @contactId, @staffId, @start, @minutes, @status, @awaiting, @callId, @bookedAt)`,
  );
  const byId = db.prepare<[string], Row>(`SELECT ${columns} FROM viewing WHERE id = ?`);
  const ofCall = db.prepare<[string, string, string], Row>(
    `SELECT ${columns} FROM viewing WHERE call_id = ? AND property_id = ? AND start = ? AND status = 'booked'`,
  );
  const between = db.prepare<[string, string], CardRow>(
    `${cards} WHERE viewing.start >= ? AND viewing.start < ? ORDER BY viewing.start, viewing.id`,
  );
  const cardsOfCall = db.prepare<[string], CardRow>(`${cards} WHERE viewing.call_id = ? ORDER BY viewing.booked_at`);
  const newest = db.prepare<[number], CardRow>(`${cards} ORDER BY viewing.start DESC, viewing.id LIMIT ?`);
  const ofContacts = db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM viewing WHERE contact_id IN (SELECT value FROM json_each(?)) AND start >= ?
       AND status = 'booked' ORDER BY start, id`,
  );
  const move = db.prepare<[Pick<Row, "id" | "start" | "staffId" | "awaiting">]>(
    "UPDATE viewing SET start = @start, staff_id = @staffId, awaiting = @awaiting WHERE id = @id",
  );
  const diary = diaryRepository(db);
  const cancel = db.prepare<[string]>("UPDATE viewing SET status = 'cancelled' WHERE id = ?");
  const add = (viewing: Viewing, at: Date) => insert.run({ ...rowOf(viewing), bookedAt: at.toISOString() });
  return {
    add(viewing, taken, bookedAt) {
      add(viewing, bookedAt);
      diary.claim(viewing.id, taken);
    },
    import(viewing, taken, at) {
      add(viewing, at);
      if (viewing.status === "booked") diary.occupy(viewing.id, taken);
    },
    importAppointment(appointment, taken) {
      diary.addAppointment(appointment);
      diary.occupy(appointment.id, taken);
    },
    byId: (id) => optional(byId.get(id)),
    ofCall: (callId, propertyId, start) => optional(ofCall.get(callId, propertyId, start)),
    cancel(id) {
      cancel.run(id);
      diary.release(id);
    },
    release: (id) => diary.release(id),
    move({ id, start, staffId, awaiting }, taken) {
      move.run({ id, start, staffId, awaiting: awaiting ?? null });
      diary.claim(id, taken);
    },
    ofContacts: (ids, from) => ofContacts.all(JSON.stringify(ids), from).map(viewingOf),
    between: (from, until) => between.all(from, until).map(cardOf),
    ofCallCards: (callId) => cardsOfCall.all(callId).map(cardOf),
    list: (limit) => newest.all(limit).map(cardOf),
  };
}

const optional = (row: Row | undefined) => (row === undefined ? undefined : viewingOf(row));

const viewingOf = ({ awaiting, callId, ...row }: Row): Viewing => ({
  ...row,
  awaiting: awaiting ?? undefined,
  callId: callId ?? undefined,
});

const rowOf = ({ awaiting, callId, ...viewing }: Viewing): Row => ({
  ...viewing,
  awaiting: awaiting ?? null,
  callId: callId ?? null,
});

function cardOf(row: CardRow): ViewingCard {
  const { address, postcode, kind, propertyStatus, price, beds, type, name, phone, email, staffName, ...viewing } = row;
  return {
    ...viewingOf(viewing),
    property: { id: row.propertyId, address, postcode, kind, status: propertyStatus, price, beds, type },
    contact: { id: row.contactId, name, phone, email },
    staff: { id: row.staffId, name: staffName },
  };
}
