import { AppError } from "../app-error.ts";
import { checkedIfGiven, checkLengths, contactIfGiven } from "./callers.ts";
import type { CreateTask, OfficeTask } from "./enquiries.ts";
import { isLocalTime } from "./local-time.ts";
import type { AuditTrail, Catalogue, ContactRecords, TaskRecords, UnitOfWork } from "./ports.ts";

/** Contract: see `CreateTask`. */
export function createCreateTask(parts: {
  work: UnitOfWork;
  catalogue(): Catalogue;
  contacts: ContactRecords;
  tasks: TaskRecords;
  audit: AuditTrail;
  newId(): string;
  created?: (task: OfficeTask) => void;
}): CreateTask {
  return (request, actor, now) => {
    const { name, phone, ...asked } = checkedIfGiven(request);
    if (!/^[a-z][a-z-]{0,39}$/.test(asked.kind)) {
      throw new AppError("invalid_input", 'The kind of a task is words in small letters, like "call-back".');
    }
    if (asked.due !== undefined && !isLocalTime(asked.due)) {
      throw new AppError("invalid_input", "A task is due at YYYY-MM-DDTHH:MM.");
    }
    checkLengths({ about: asked.about, forWhom: asked.forWhom });
    const { task, changed } = parts.work.withTransaction(() => {
      const { kind, propertyId, about, callId } = asked;
      if (propertyId !== undefined && !parts.catalogue().properties.some(({ id }) => id === propertyId)) {
        throw new AppError("invalid_input", "There is no such property in the listings.");
      }
      const known = (callId ? parts.tasks.ofCall(callId) : []).find(
        (one) => one.kind === kind && one.propertyId === propertyId && one.about === about,
      );
      // Who it was may be said after what is wanted.
      if (known !== undefined && (known.contactId !== undefined || (name === "" && phone === ""))) {
        return { task: known, changed: false };
      }
      const contactId = contactIfGiven(parts, { name, phone })?.id;
      const fresh = { ...asked, id: parts.newId(), contactId, viewingId: undefined, status: "open" as const };
      const task: OfficeTask = known === undefined ? fresh : { ...known, contactId };
      const hashed = phone === "" ? null : parts.audit.hash("phone", phone);
      const subjects = { task: task.id, kind, contact: contactId ?? null, property: propertyId ?? null, phone: hashed };
      parts.audit.record({ at: now, actor, action: known === undefined ? "task.create" : "task.complete", subjects });
      parts.tasks.put(task, now);
      return { task, changed: true };
    });
    const { created } = parts;
    if (changed && created !== undefined) queueMicrotask(() => created(task));
    return task;
  };
}
