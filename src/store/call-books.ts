/** What one call has written into the agency's books, with what its ids stand for. */
import type { CallBooks } from "../calls/after/facts.ts";
import { appointmentChanges } from "./appointment-changes.ts";
import type { Store } from "./connection.ts";

type Of<K extends keyof CallBooks> = CallBooks[K] extends (infer One)[] ? One : never;

export interface CallBooksReader {
  ofCall(callId: string): CallBooks;
  /** The first contact that anything written in the call belongs to. */
  contactOf(callId: string): string | null;
  addressOf(propertyId: string): string | undefined;
}

export function callBooks(store: Store): CallBooksReader {
  const { db } = store;
  const changes = appointmentChanges(store);
  const viewings = db.prepare<[string], Of<"viewings">>(
    `SELECT contact.name, property.address, start, viewing.status FROM viewing
     JOIN property ON property.id = property_id JOIN contact ON contact.id = contact_id
     WHERE call_id = ? ORDER BY booked_at, viewing.rowid`,
  );
  const valuations = db.prepare<[string], Of<"valuations">>(
    `SELECT contact.name, address, start, kind, status FROM valuation JOIN contact ON contact.id = contact_id
     WHERE call_id = ? ORDER BY booked_at, valuation.rowid`,
  );
  const faults = db.prepare<[string], Of<"faults">>(
    "SELECT address, fault, priority FROM maintenance WHERE call_id = ? ORDER BY reported_at, rowid",
  );
  const offers = db.prepare<[string], Omit<Of<"offers">, "isRent"> & { isRent: number }>(
    `SELECT contact.name, property.address, amount, property.kind = 'let' AS isRent FROM offer
     JOIN property ON property.id = property_id JOIN contact ON contact.id = contact_id
     WHERE call_id = ? ORDER BY made_at, offer.rowid`,
  );
  const tickets = db.prepare<[string], Of<"tickets">>(
    "SELECT kind, due FROM ticket WHERE call_id = ? ORDER BY opened_at, rowid",
  );
  const tasks = db.prepare<[string], Of<"tasks">>(
    "SELECT kind, about FROM task WHERE call_id = ? AND kind <> 'notice' ORDER BY created_at, rowid",
  );
  const messages = db.prepare<[string], Of<"messages">>(
    "SELECT name, about, for_whom AS forWhom FROM message WHERE call_id = ? ORDER BY taken_at, rowid",
  );
  const contact = db.prepare<[{ id: string }], { id: string | null }>(
    `SELECT coalesce(
       (SELECT contact_id FROM viewing WHERE call_id = @id LIMIT 1),
       (SELECT contact_id FROM valuation WHERE call_id = @id LIMIT 1),
       (SELECT contact_id FROM offer WHERE call_id = @id LIMIT 1),
       (SELECT contact_id FROM maintenance WHERE call_id = @id AND contact_id IS NOT NULL LIMIT 1),
       (SELECT contact_id FROM ticket WHERE call_id = @id AND contact_id IS NOT NULL LIMIT 1),
       (SELECT contact_id FROM task WHERE call_id = @id AND contact_id IS NOT NULL AND kind <> 'notice' LIMIT 1),
       (SELECT contact.id FROM message JOIN contact ON contact.phone = message.phone AND contact.name = message.name
        WHERE call_id = @id LIMIT 1)
     ) AS id`,
  );
  const address = db.prepare<[string], { address: string }>("SELECT address FROM property WHERE id = ?");
  const contactOf = (callId: string) => contact.get({ id: callId })?.id ?? changes.ofCall(callId)[0]?.contactId ?? null;
  return {
    contactOf,
    ofCall: (callId) => ({
      viewings: viewings.all(callId),
      valuations: valuations.all(callId),
      changes: changes.ofCall(callId).map(({ contactId: _, ...change }) => change),
      faults: faults.all(callId),
      offers: offers.all(callId).map(({ isRent, ...offer }) => ({ ...offer, isRent: isRent === 1 })),
      tickets: tickets.all(callId),
      tasks: tasks.all(callId),
      messages: messages.all(callId),
      contactId: contactOf(callId),
    }),
    addressOf: (propertyId) => address.get(propertyId)?.address,
  };
}
