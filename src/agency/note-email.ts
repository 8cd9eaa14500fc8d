import { AppError } from "../app-error.ts";
import { checkedCaller, findOrAddContact } from "./callers.ts";
import type { NoteEmail } from "./enquiries.ts";
import type { AuditTrail, ContactRecords, UnitOfWork } from "./ports.ts";

const longest = 320;

/** Contract: see `NoteEmail`. */
export function createNoteEmail(parts: {
  work: UnitOfWork;
  contacts: ContactRecords;
  audit: AuditTrail;
  newId(): string;
}): NoteEmail {
  return (request, actor, now) => {
    const { name, phone } = checkedCaller(request);
    const email = request.email.trim();
    if (email.length > longest || !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email)) {
      throw new AppError("invalid_input", "An e-mail address is needed, like jane.smith@example.com.");
    }
    return parts.work.withTransaction(() => {
      const contact = findOrAddContact(parts, { name, phone });
      if (contact.email === email) return contact;
      const hashed = { phone: parts.audit.hash("phone", phone), email: parts.audit.hash("email", email.toLowerCase()) };
      parts.audit.record({ at: now, actor, action: "contact.email", subjects: { contact: contact.id, ...hashed } });
      parts.contacts.setEmail(contact.id, email);
      return { ...contact, email };
    });
  };
}
