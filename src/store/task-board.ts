/** The office's tasks as people see and change them. Changes run inside the caller's transaction. */
import type { TaskBoardRecords } from "../agency/manage-task.ts";
import type { LocalTime } from "../agency/types.ts";
import type { Store } from "./connection.ts";

/** A task with what its ids stand for. */
export type TaskCard = {
  id: string;
  kind: string;
  about: string;
  /** The office clock; null: none. */
  due: LocalTime | null;
  status: "open" | "done" | "cancelled";
  /** Who sees to it: a member of staff, or whom the caller named. */
  forWhom: string | null;
  /** The member of staff. */
  staffId: string | null;
  contact: { id: string; name: string; phone: string } | null;
  property: { id: string; address: string } | null;
  callId: string | null;
  /** That its call came from, E.164; null if withheld or not kept. */
  callerNumber: string | null;
  /** ISO, UTC. */
  createdAt: string;
  doneAt: string | null;
};

export type TaskBoard = TaskBoardRecords & {
  /** Open ones by when they are due, those without a time last; done ones newest first. */
  list(status: "open" | "done", limit: number): TaskCard[];
  ofCall(callId: string): TaskCard[];
};

type Row = Omit<TaskCard, "contact" | "property"> & {
  contactId: string | null;
  name: string | null;
  phone: string | null;
  propertyId: string | null;
  address: string | null;
};

const cards = `SELECT task.id, task.kind, about, due, task.status, coalesce(staff.name, for_whom) AS forWhom,
    staff.id AS staffId, contact.id AS contactId, contact.name, contact.phone, property.id AS propertyId, address,
    call_id AS callId, call.caller_number AS callerNumber, created_at AS createdAt, iif(task.status = 'done', done_at, NULL) AS doneAt
  FROM task LEFT JOIN staff ON staff.id = for_whom LEFT JOIN contact ON contact.id = task.contact_id
    LEFT JOIN property ON property.id = task.property_id LEFT JOIN call ON call.id = call_id`;

export function taskBoard({ db }: Store): TaskBoard {
  const open = db.prepare<[number], Row>(
    `${cards} WHERE task.status = 'open' ORDER BY due IS NULL, due, created_at, task.id LIMIT ?`,
  );
  const done = db.prepare<[number], Row>(`${cards} WHERE task.status = 'done' ORDER BY done_at DESC, task.id LIMIT ?`);
  const ofCall = db.prepare<[string], Row>(`${cards} WHERE call_id = ? ORDER BY created_at, task.rowid`);
  const byId = db.prepare<[string], NonNullable<ReturnType<TaskBoardRecords["byId"]>>>(
    "SELECT id, status, for_whom AS forWhom FROM task WHERE id = ?",
  );
  const setStatus = db.prepare<[string, string | null, string]>("UPDATE task SET status = ?, done_at = ? WHERE id = ?");
  const assign = db.prepare<[string | null, string]>("UPDATE task SET for_whom = ? WHERE id = ?");
  return {
    list: (status, limit) => (status === "open" ? open : done).all(limit).map(cardOf),
    ofCall: (callId) => ofCall.all(callId).map(cardOf),
    byId: (id) => byId.get(id),
    setStatus: (id, status, doneAt) => void setStatus.run(status, doneAt, id),
    assign: (id, staffId) => void assign.run(staffId, id),
  };
}

function cardOf({ contactId, name, phone, propertyId, address, ...row }: Row): TaskCard {
  return {
    ...row,
    contact: contactId === null ? null : { id: contactId, name: name ?? "", phone: phone ?? "" },
    property: propertyId === null ? null : { id: propertyId, address: address ?? "" },
  };
}
