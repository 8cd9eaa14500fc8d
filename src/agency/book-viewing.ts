import { AppError } from "../app-error.ts";
import { cellsOf } from "./diary-cells.ts";
import { dateOf, isLocalTime, toLocal } from "./local-time.ts";
import type { AuditTrail, Catalogue, ContactRecords, DiaryRecords, UnitOfWork, ViewingRecords } from "./ports.ts";
import { isSamePerson } from "./same-person.ts";
import type { Actor, BookViewing, BookViewingRequest, Contact, Property, Staff, Viewing } from "./types.ts";
import { judgeStart, type Refusal, viewingDay, viewingMinutes } from "./viewing-times.ts";

export type BookingParts = {
  work: UnitOfWork;
  catalogue(): Catalogue;
  diary: DiaryRecords;
  contacts: ContactRecords;
  viewings: ViewingRecords;
  audit: AuditTrail;
  newId(): string;
  /** After the commit, on its own: what it throws cannot undo or hide the booking. */
  booked?: (viewing: Viewing) => void;
};

const messages: Record<Refusal, string> = {
  "not-viewable": "This property is not open to viewings: pass it to a negotiator.",
  "odd-start": "Viewings start on any five minutes.",
  past: "That time has passed.",
  notice: "The owner or tenant must have more notice than that.",
  closed: "The office is closed on that day.",
  "outside-hours": "A viewing must lie within opening hours.",
  taken: "The property is already being viewed then.",
  "nobody-free": "No negotiator is free then.",
};

/** The one way to book, for the telephone and the web. Contract: see `BookViewing`. */
export function createBookViewing(parts: BookingParts): BookViewing {
  return (request, actor, now) => {
    const asked = checked(request);
    const { viewing, isNew } = parts.work.withTransaction(() => {
      const known = asked.callId && parts.viewings.ofCall(asked.callId, asked.propertyId, asked.start);
      return known ? { viewing: known, isNew: false } : { viewing: book(parts, asked, actor, now), isNew: true };
    });
    const { booked } = parts;
    if (isNew && booked !== undefined) queueMicrotask(() => booked(viewing));
    return viewing;
  };
}

function checked(request: BookViewingRequest): BookViewingRequest {
  const name = request.name.trim().replace(/\s+/g, " ");
  if (name === "" || name.length > 200) throw new AppError("invalid_input", "A name of 1 to 200 letters is needed.");
  if (!/^\+[1-9]\d{6,14}$/.test(request.phone)) {
    throw new AppError("invalid_input", "A phone number is needed in international form, like +447700900123.");
  }
  if (!isLocalTime(request.start)) throw new AppError("invalid_input", "A start is needed as YYYY-MM-DDTHH:MM.");
  return { ...request, name };
}

/** Inside the transaction: every rule again, as the diary may have changed since the caller was offered the time. */
function book(parts: BookingParts, request: BookViewingRequest, actor: Actor, now: Date): Viewing {
  const catalogue = parts.catalogue();
  const property = catalogue.properties.find(({ id }) => id === request.propertyId);
  if (property === undefined) throw new AppError("invalid_input", "There is no such property in the listings.");
  const staff = freeNegotiator(parts, catalogue, property, request, now);
  const contact = findOrAddContact(parts, request);
  const viewing: Viewing = {
    id: parts.newId(),
    propertyId: property.id,
    contactId: contact.id,
    staffId: staff.id,
    start: request.start,
    minutes: viewingMinutes,
    status: "booked",
    awaiting: property.noticeHours === 0 ? undefined : property.kind === "sale" ? "vendor" : "tenant",
    callId: request.callId,
  };
  parts.audit.record({
    at: now,
    actor,
    action: "viewing.book",
    subjects: {
      viewing: viewing.id,
      property: property.id,
      contact: contact.id,
      staff: staff.id,
      start: viewing.start,
      phone: parts.audit.hash("phone", request.phone),
    },
  });
  parts.viewings.add(viewing, cellsOf(viewing, catalogue.agency.travelMinutes), now);
  return viewing;
}

function freeNegotiator(
  { diary }: BookingParts,
  catalogue: Catalogue,
  property: Property,
  { start }: BookViewingRequest,
  now: Date,
): Staff {
  const verdict = judgeStart(viewingDay(catalogue, diary, property, dateOf(start)), start, toLocal(now));
  const refusal = verdict.free ? "nobody-free" : verdict.refusal;
  const staff = verdict.free ? verdict.negotiators[0] : undefined;
  if (staff !== undefined) return staff;
  const mayChange = refusal === "taken" || refusal === "nobody-free";
  throw new AppError(mayChange ? "conflict" : "invalid_input", messages[refusal]);
}

function findOrAddContact({ contacts, newId }: BookingParts, { name, phone }: BookViewingRequest): Contact {
  const known = contacts.byPhone(phone).find((contact) => isSamePerson(contact.name, name));
  if (known !== undefined) return known;
  const contact: Contact = { id: newId(), name, phone, email: undefined };
  contacts.add(contact);
  return contact;
}
