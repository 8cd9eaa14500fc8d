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
    const { offer, changed } = parts.work.withTransaction(() => {
      if (!parts.catalogue().properties.some(({ id }) => id === asked.propertyId)) {
        throw new AppError("invalid_input", "There is no such property in the listings.");
      }
      const contactId = findOrAddContact(parts, { name, phone }).id;
      const known = (asked.callId ? parts.offers.ofCall(asked.callId) : []).find(
        (one) => one.propertyId === asked.propertyId && one.amount === asked.amount && one.contactId === contactId,
      );
      const offer = completed(known, { ...asked, id: parts.newId(), contactId, madeAt: now.toISOString() });
      if (known !== undefined && Bun.deepEquals(known, offer)) return { offer: known, changed: false };
      const subjects = { offer: offer.id, property: offer.propertyId, contact: contactId };
      const action = known === undefined ? "offer.record" : "offer.complete";
      parts.audit.record({
        at: now,
        actor,
        action,
        subjects: { ...subjects, phone: parts.audit.hash("phone", phone) },
      });
      parts.offers.put(offer);
      return { offer, changed: true };
    });
    const { recorded } = parts;
    if (changed && recorded !== undefined) queueMicrotask(() => recorded(offer));
    return offer;
  };
}

/** The same offer told again with more: funding and position are often asked after the amount. */
function completed(known: Offer | undefined, told: Offer): Offer {
  if (known === undefined) return told;
  return {
    ...known,
    conditions: told.conditions ?? known.conditions,
    funding: told.funding ?? known.funding,
    position: told.position ?? known.position,
  };
}
