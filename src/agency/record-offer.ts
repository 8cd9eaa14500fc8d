import { AppError } from "../app-error.ts";
import { checkedCaller, checkLengths, findOrAddContact } from "./callers.ts";
import type { Offer, RecordOffer } from "./enquiries.ts";
import type { AuditTrail, Catalogue, ContactRecords, OfferRecords, UnitOfWork } from "./ports.ts";

const mostPounds = 1_000_000_000;

/** Contract: see `RecordOffer`. What is offered is written down as it was said, whatever was asked for the place. */
export function createRecordOffer(parts: {
  work: UnitOfWork;
  catalogue(): Catalogue;
  contacts: ContactRecords;
  offers: OfferRecords;
  audit: AuditTrail;
  newId(): string;
  recorded?: (offer: Offer) => void;
}): RecordOffer {
  return (request, actor, now) => {
    const { name, phone, ...asked } = checkedCaller(request);
    checkLengths({ conditions: asked.conditions, funding: asked.funding, position: asked.position });
    if (!Number.isInteger(asked.amount) || asked.amount < 1 || asked.amount > mostPounds) {
      throw new AppError("invalid_input", `An offer is whole pounds, 1 to ${mostPounds}.`);
    }
    const { offer, isNew } = parts.work.withTransaction(() => {
      if (!parts.catalogue().properties.some(({ id }) => id === asked.propertyId)) {
        throw new AppError("invalid_input", "There is no such property in the listings.");
      }
      const contact = findOrAddContact(parts, { name, phone });
      const known = (asked.callId ? parts.offers.ofCall(asked.callId) : []).find(
        (one) =>
          one.propertyId === asked.propertyId && one.amount === asked.amount && one.conditions === asked.conditions,
      );
      if (known !== undefined) return { offer: known, isNew: false };
      const offer: Offer = { ...asked, id: parts.newId(), contactId: contact.id, madeAt: now.toISOString() };
      const subjects = { offer: offer.id, property: offer.propertyId, contact: contact.id };
      const who = { phone: parts.audit.hash("phone", phone) };
      parts.audit.record({ at: now, actor, action: "offer.record", subjects: { ...subjects, ...who } });
      parts.offers.add(offer);
      return { offer, isNew: true };
    });
    const { recorded } = parts;
    if (isNew && recorded !== undefined) queueMicrotask(() => recorded(offer));
    return offer;
  };
}
