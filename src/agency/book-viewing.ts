import { AppError } from "../app-error.ts";
import { checkedCaller, findOrAddContact } from "./callers.ts";
import { cellsOf } from "./diary-cells.ts";
import { checkStart, freeNegotiator } from "./free-negotiator.ts";
import { awaitedFor, writeNotice } from "./notices.ts";
import type {
  AuditTrail,
  Catalogue,
  ContactRecords,
  DiaryRecords,
  TaskRecords,
  UnitOfWork,
  ViewingRecords,
} from "./ports.ts";
import type { Actor, BookViewing, BookViewingRequest, Viewing } from "./types.ts";
import { viewingMinutes, viewingOf } from "./visits.ts";

export type BookingParts = {
  work: UnitOfWork;
  catalogue(): Catalogue;
  diary: DiaryRecords;
  contacts: ContactRecords;
  viewings: ViewingRecords;
  tasks: TaskRecords;
  audit: AuditTrail;
  newId(): string;
  /** After the commit, on its own: what it throws cannot undo or hide the booking. */
  booked?: (viewing: Viewing) => void;
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
  checkStart(request.start);
  return checkedCaller(request);
}

/** Inside the transaction: every rule again, as the diary may have changed since the caller was offered the time. */
function book(parts: BookingParts, request: BookViewingRequest, actor: Actor, now: Date): Viewing {
  const catalogue = parts.catalogue();
  const property = catalogue.properties.find(({ id }) => id === request.propertyId);
  if (property === undefined) throw new AppError("invalid_input", "There is no such property in the listings.");
  const staff = freeNegotiator({ catalogue, diary: parts.diary }, viewingOf(property), request.start, now);
  const contact = findOrAddContact(parts, request);
  const viewing: Viewing = {
    id: parts.newId(),
    propertyId: property.id,
    contactId: contact.id,
    staffId: staff.id,
    start: request.start,
    minutes: viewingMinutes,
    status: "booked",
    awaiting: awaitedFor(property),
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
  writeNotice(parts, property, viewing, now);
  return viewing;
}
