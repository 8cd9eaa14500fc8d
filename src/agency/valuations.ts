/** Valuations: an hour of a negotiator at the caller's home. */
import { AppError } from "../app-error.ts";
import { checkedCaller, checkLengths, findOrAddContact } from "./callers.ts";
import { cellsOf } from "./diary-cells.ts";
import type { BookValuation, BookValuationRequest, CancelValuation, MoveValuation, Valuation } from "./enquiries.ts";
import { checkStart, freeNegotiator } from "./free-negotiator.ts";
import type { AuditTrail, Catalogue, ContactRecords, DiaryRecords, UnitOfWork, ValuationRecords } from "./ports.ts";
import type { Actor, LocalTime } from "./types.ts";
import { valuationMinutes, valuationOf } from "./visits.ts";

export type ValuationParts = {
  work: UnitOfWork;
  catalogue(): Catalogue;
  diary: DiaryRecords;
  contacts: ContactRecords;
  valuations: ValuationRecords;
  audit: AuditTrail;
  newId(): string;
  /** After the commit: booked, moved or cancelled. */
  changed?: (valuation: Valuation) => void;
};

/** Contract: see `BookValuation`. */
export function createBookValuation(parts: ValuationParts): BookValuation {
  return (request, actor, now) => {
    const asked = checked(request);
    return announced(parts, () => {
      const known = asked.callId && parts.valuations.ofCall(asked.callId, asked.kind, asked.start);
      return known
        ? { valuation: known, changed: false }
        : { valuation: book(parts, asked, actor, now), changed: true };
    });
  };
}

/** Contract: see `MoveValuation`. */
export function createMoveValuation(parts: ValuationParts): MoveValuation {
  return (valuationId, start, actor, now) => {
    checkStart(start);
    return announced(parts, () => {
      const found = foundIn(parts, valuationId);
      if (found.status === "cancelled") throw new AppError("conflict", "That valuation is cancelled: book a new one.");
      if (found.start === start) return { valuation: found, changed: false };
      return { valuation: move(parts, found, start, actor, now), changed: true };
    });
  };
}

/** Contract: see `CancelValuation`. */
export function createCancelValuation(parts: Omit<ValuationParts, "catalogue" | "diary" | "contacts" | "newId">) {
  const cancel: CancelValuation = (valuationId, actor, now) =>
    announced(parts, () => {
      const found = foundIn(parts, valuationId);
      if (found.status === "cancelled") return { valuation: found, changed: false };
      parts.audit.record({ at: now, actor, action: "valuation.cancel", subjects: { valuation: valuationId } });
      parts.valuations.cancel(valuationId);
      return { valuation: { ...found, status: "cancelled" }, changed: true };
    });
  return cancel;
}

/** In one transaction; told after its commit, and only if something has changed. */
function announced(
  { work, changed: tell }: Pick<ValuationParts, "work" | "changed">,
  change: () => { valuation: Valuation; changed: boolean },
): Valuation {
  const { valuation, changed } = work.withTransaction(change);
  if (changed && tell !== undefined) queueMicrotask(() => tell(valuation));
  return valuation;
}

function foundIn({ valuations }: Pick<ValuationParts, "valuations">, id: string): Valuation {
  const found = valuations.byId(id);
  if (found === undefined) throw new AppError("not_found", "There is no such valuation.");
  return found;
}

function checked(request: BookValuationRequest): BookValuationRequest {
  checkStart(request.start);
  const address = request.address.trim().replace(/\s+/g, " ");
  const postcode = request.postcode.trim().toUpperCase();
  if (address === "") throw new AppError("invalid_input", "An address is needed: the negotiator has to get there.");
  checkLengths({ address, postcode, ...request.details });
  return checkedCaller({ ...request, address, postcode });
}

function book(parts: ValuationParts, request: BookValuationRequest, actor: Actor, now: Date): Valuation {
  const catalogue = parts.catalogue();
  const { kind, address, postcode, start, details, callId } = request;
  const staff = freeNegotiator({ catalogue, diary: parts.diary }, valuationOf(kind), start, now);
  const contact = findOrAddContact(parts, request);
  const where = { kind, address, postcode, contactId: contact.id, staffId: staff.id, start, minutes: valuationMinutes };
  const valuation: Valuation = { id: parts.newId(), ...where, status: "booked", details, callId };
  parts.audit.record({
    at: now,
    actor,
    action: "valuation.book",
    subjects: {
      valuation: valuation.id,
      contact: contact.id,
      staff: staff.id,
      start,
      phone: parts.audit.hash("phone", request.phone),
    },
  });
  parts.valuations.add(valuation, cellsAt(valuation, catalogue), now);
  return valuation;
}

function move(parts: ValuationParts, old: Valuation, start: LocalTime, actor: Actor, now: Date): Valuation {
  const catalogue = parts.catalogue();
  const subjects = { valuation: old.id, from: old.start, to: start };
  parts.audit.record({ at: now, actor, action: "valuation.move", subjects });
  parts.valuations.release(old.id);
  const visit = { ...valuationOf(old.kind), minutes: old.minutes };
  const staff = freeNegotiator({ catalogue, diary: parts.diary }, visit, start, now, old.staffId);
  const valuation: Valuation = { ...old, start, staffId: staff.id };
  parts.valuations.move(valuation, cellsAt(valuation, catalogue));
  return valuation;
}

/** The home that is valued is nothing of ours: only the negotiator is taken. */
const cellsAt = (valuation: Valuation, { agency }: Catalogue) =>
  cellsOf({ ...valuation, propertyId: undefined }, agency.travelMinutes);
