import { AppError } from "../app-error.ts";
import { checkedCaller, checkLengths, findOrAddContact } from "./callers.ts";
import type { Applicant, RegisterApplicant, RegisterApplicantRequest } from "./enquiries.ts";
import { isLocalDate } from "./local-time.ts";
import type { ApplicantRecords, AuditTrail, ContactRecords, UnitOfWork } from "./ports.ts";

/** Contract: see `RegisterApplicant`. */
export function createRegisterApplicant(parts: {
  work: UnitOfWork;
  contacts: ContactRecords;
  applicants: ApplicantRecords;
  audit: AuditTrail;
  newId(): string;
  registered?: (applicant: Applicant) => void;
}): RegisterApplicant {
  return (request, actor, now) => {
    const { name, phone, callId: _callId, ...wishes } = checked(request);
    const { applicant, changed } = parts.work.withTransaction(() => {
      const contact = findOrAddContact(parts, { name, phone });
      const known = parts.applicants.of(contact.id, wishes.kind);
      const applicant = completed(known, { ...wishes, id: parts.newId(), contactId: contact.id });
      if (known !== undefined && Bun.deepEquals(known, applicant)) return { applicant: known, changed: false };
      parts.audit.record({
        at: now,
        actor,
        action: known === undefined ? "applicant.register" : "applicant.change",
        subjects: { applicant: applicant.id, contact: contact.id, phone: parts.audit.hash("phone", phone) },
      });
      parts.applicants.put(applicant, now);
      return { applicant, changed: true };
    });
    const { registered } = parts;
    if (changed && registered !== undefined) queueMicrotask(() => registered(applicant));
    return applicant;
  };
}

function checked(request: RegisterApplicantRequest): RegisterApplicantRequest {
  for (const field of ["maxPrice", "maxRentPcm", "minBeds"] as const) {
    const value = request[field];
    if (value !== undefined && (!Number.isInteger(value) || value < 0)) {
      throw new AppError("invalid_input", `The applicant's ${field} is a whole number.`);
    }
  }
  if (request.moveDate !== undefined && !isLocalDate(request.moveDate)) {
    throw new AppError("invalid_input", "The applicant's moveDate is a date, YYYY-MM-DD.");
  }
  const { position, pets, details, areas } = request;
  checkLengths({ position, pets, ...details, areas: areas.join(", ") });
  return checkedCaller(request);
}

/** What was not said this time stays as it was. */
function completed(known: Applicant | undefined, told: Applicant): Applicant {
  if (known === undefined) return told;
  return {
    ...known,
    maxPrice: told.maxPrice ?? known.maxPrice,
    maxRentPcm: told.maxRentPcm ?? known.maxRentPcm,
    minBeds: told.minBeds ?? known.minBeds,
    position: told.position ?? known.position,
    moveDate: told.moveDate ?? known.moveDate,
    pets: told.pets ?? known.pets,
    areas: told.areas.length > 0 ? told.areas : known.areas,
    details: { ...known.details, ...told.details },
  };
}
