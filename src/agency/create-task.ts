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
    const { task, isNew } = parts.work.withTransaction(() => {
      const { kind, propertyId, about, callId } = asked;
      if (propertyId !== undefined && !parts.catalogue().properties.some(({ id }) => id === propertyId)) {
        throw new AppError("invalid_input", "There is no such property in the listings.");
      }
      const known = (callId ? parts.tasks.ofCall(callId) : []).find(
        (one) => one.kind === kind && one.propertyId === propertyId && one.about === about,
      );
      if (known !== undefined) return { task: known, isNew: false };
      const contactId = contactIfGiven(parts, { name, phone })?.id;
      const task: OfficeTask = { ...asked, id: parts.newId(), contactId, viewingId: undefined, status: "open" };
      const hashed = phone === "" ? null : parts.audit.hash("phone", phone);
      const subjects = { task: task.id, kind, contact: contactId ?? null, property: propertyId ?? null, phone: hashed };
      parts.audit.record({ at: now, actor, action: "task.create", subjects });
      parts.tasks.put(task, now);
      return { task, isNew: true };
    });
    const { created } = parts;
    if (isNew && created !== undefined) queueMicrotask(() => created(task));
    return task;
  };
}
