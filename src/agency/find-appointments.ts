import { checkedCaller } from "./callers.ts";
import type { FindAppointments, FoundAppointment } from "./enquiries.ts";
import { atClock, dateOf, toLocal } from "./local-time.ts";
import type { AuditTrail, Catalogue, ContactRecords, ValuationRecords, ViewingRecords } from "./ports.ts";
import { isSamePerson } from "./same-person.ts";

/** Contract: see `FindAppointments`. */
export function createFindAppointments(parts: {
  catalogue(): Catalogue;
  contacts: ContactRecords;
  viewings: ViewingRecords;
  valuations: ValuationRecords;
  audit: AuditTrail;
}): FindAppointments {
  const { contacts, viewings, valuations, audit } = parts;
  return (whose, actor, now) => {
    const { name, phone } = checkedCaller(whose);
    const subjects = { phone: audit.hash("phone", phone), name: audit.hash("name", name.toLowerCase()) };
    audit.record({ at: now, actor, action: "appointments.find", subjects });
    const ids = contacts
      .byPhone(phone)
      .filter((contact) => isSamePerson(contact.name, name))
      .map(({ id }) => id);
    if (ids.length === 0) return [];
    const today = atClock(dateOf(toLocal(now)), "00:00"); // one that has begun is what a caller who runs late means
    const { properties } = parts.catalogue();
    const found: FoundAppointment[] = [
      ...viewings.ofContacts(ids, today).map(({ id, propertyId, staffId, start, minutes, awaiting }) => {
        const place = properties.find((property) => property.id === propertyId);
        const where = { propertyId, address: place?.address ?? "", postcode: place?.postcode ?? "" };
        return { kind: "viewing" as const, id, ...where, staffId, start, minutes, awaiting };
      }),
      ...valuations.ofContacts(ids, today).map(({ id, address, postcode, staffId, start, minutes }) => {
        const where = { propertyId: undefined, address, postcode };
        return { kind: "valuation" as const, id, ...where, staffId, start, minutes, awaiting: undefined };
      }),
    ];
    return found.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  };
}
