/** All that the appliance knows of one contact, in order of time. */
import { toInstant } from "../agency/local-time.ts";
import type { Contact, LocalTime } from "../agency/types.ts";
import type { Store } from "./connection.ts";

export type TimelineKind = "call" | "viewing" | "valuation" | "message" | "task" | "offer" | "fault" | "ticket";

export type TimelineEntry = {
  kind: TimelineKind;
  id: string;
  /** ISO, UTC: when it happened; of viewings and valuations, when they take place. */
  at: string;
  /** An address, what it is about, a call's line. */
  what: string;
  /** A call's outcome, a viewing's or task's state, a fault's priority, a ticket's kind, an offer's pounds. */
  state: string | null;
  callId: string | null;
};

export type ContactRoleAt = { role: string; address: string };
export type ContactTimeline = { contact: Contact; roles: ContactRoleAt[]; entries: TimelineEntry[] };

export interface Timelines {
  /** Newest first, at most `limit` of each kind. */
  of(contactId: string, limit: number): ContactTimeline | undefined;
  /** By name: those whose name or number holds `text`. */
  find(text: string, limit: number): Contact[];
}

type Row = Omit<TimelineEntry, "kind" | "at"> & { at: string };
type ContactRow = Omit<Contact, "email"> & { email: string | null };
type Asked = { id: string; phone: string; limit: number };

/**
 * One statement a kind. Calls are those that wrote something for the contact and those from the contact's number;
 * messages have no contact but a number: who shares a telephone shares these.
 */
const statements: Readonly<Record<TimelineKind, string>> = {
  call: `SELECT id, started_at AS at, line AS what, outcome AS state, id AS callId FROM call
    WHERE caller_number = @phone OR id IN (
      SELECT call_id FROM viewing WHERE contact_id = @id UNION SELECT call_id FROM valuation WHERE contact_id = @id
      UNION SELECT call_id FROM offer WHERE contact_id = @id UNION SELECT call_id FROM maintenance WHERE contact_id = @id
      UNION SELECT call_id FROM ticket WHERE contact_id = @id UNION SELECT call_id FROM message WHERE phone = @phone AND phone <> ''
      UNION SELECT call_id FROM task WHERE contact_id = @id AND kind <> 'notice')
    ORDER BY started_at DESC, id LIMIT @limit`,
  viewing: `SELECT viewing.id, start AS at, address AS what, viewing.status AS state, call_id AS callId
    FROM viewing JOIN property ON property.id = property_id WHERE contact_id = @id ORDER BY start DESC LIMIT @limit`,
  valuation: `SELECT id, start AS at, address AS what, status AS state, call_id AS callId
    FROM valuation WHERE contact_id = @id ORDER BY start DESC LIMIT @limit`,
  message: `SELECT id, taken_at AS at, about AS what, for_whom AS state, call_id AS callId
    FROM message WHERE phone = @phone AND phone <> '' ORDER BY taken_at DESC LIMIT @limit`,
  task: `SELECT id, created_at AS at, about AS what, status AS state, call_id AS callId
    FROM task WHERE contact_id = @id ORDER BY created_at DESC LIMIT @limit`,
  offer: `SELECT offer.id, made_at AS at, address AS what, CAST(amount AS TEXT) AS state, call_id AS callId
    FROM offer JOIN property ON property.id = property_id WHERE contact_id = @id ORDER BY made_at DESC LIMIT @limit`,
  fault: `SELECT id, reported_at AS at, fault || ' (' || address || ')' AS what, priority AS state, call_id AS callId
    FROM maintenance WHERE contact_id = @id ORDER BY reported_at DESC LIMIT @limit`,
  ticket: `SELECT id, opened_at AS at, about AS what, kind AS state, call_id AS callId
    FROM ticket WHERE contact_id = @id ORDER BY opened_at DESC LIMIT @limit`,
};

const kinds = Object.keys(statements) as TimelineKind[];

export function timelineRepository({ db }: Store): Timelines {
  const byKind = kinds.map((kind) => [kind, db.prepare<[Asked], Row>(statements[kind])] as const);
  const byId = db.prepare<[string], ContactRow>("SELECT id, name, phone, email FROM contact WHERE id = ?");
  const roles = db.prepare<[string], ContactRoleAt>(
    `SELECT role, address FROM contact_role JOIN property ON property.id = property_id
     WHERE contact_id = ? ORDER BY address, role`,
  );
  const find = db.prepare<[{ text: string; digits: string; limit: number }], ContactRow>(
    `SELECT id, name, phone, email FROM contact
     WHERE instr(lower(name), @text) > 0 OR (@digits <> '' AND instr(phone, @digits) > 0)
     ORDER BY name, id LIMIT @limit`,
  );
  return {
    of(contactId, limit) {
      const contact = byId.get(contactId);
      if (contact === undefined) return undefined;
      const asked = { id: contactId, phone: contact.phone, limit };
      const entries = byKind
        .flatMap(([kind, statement]) => statement.all(asked).map((row) => ({ ...row, kind, at: instantOf(row.at) })))
        .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
      return { contact: contactOf(contact), roles: roles.all(contactId), entries };
    },
    find: (text, limit) => find.all({ text: text.toLowerCase(), digits: digitsOf(text), limit }).map(contactOf),
  };
}

const contactOf = ({ email, ...row }: ContactRow): Contact => ({ ...row, email: email ?? undefined });

/** "07700 900" as numbers are stored, without the first 0; too few say nothing. */
function digitsOf(text: string): string {
  const digits = text.replace(/\D/g, "").replace(/^(?:0|44)/, "");
  return digits.length < 3 ? "" : digits;
}

/** Instants are stored as they are, the diary by the office clock. */
const instantOf = (at: string | LocalTime): string => (at.endsWith("Z") ? at : toInstant(at).toISOString());
