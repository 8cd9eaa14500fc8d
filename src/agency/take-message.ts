import { AppError } from "../app-error.ts";
import { isLocalTime } from "./local-time.ts";
import type { AuditTrail, MessageRecords, UnitOfWork } from "./ports.ts";
import type { Message, TakeMessage } from "./types.ts";

const longest = { name: 200, phone: 40, about: 4_000, forWhom: 200 };

/** Writes a message down. Name and number may be empty: a caller in a hurry leaves what they leave. */
export function createTakeMessage(parts: {
  work: UnitOfWork;
  messages: MessageRecords;
  audit: AuditTrail;
  newId(): string;
  taken?: (message: Message) => void;
}): TakeMessage {
  return (taken, actor, now) => {
    for (const field of ["name", "phone", "about", "forWhom"] as const) {
      if ((taken[field]?.length ?? 0) > longest[field]) {
        throw new AppError("invalid_input", `The message's ${field} is longer than ${longest[field]} letters.`);
      }
    }
    if (taken.due !== undefined && !isLocalTime(taken.due)) {
      throw new AppError("invalid_input", "A message is due at YYYY-MM-DDTHH:MM.");
    }
    const message: Message = { ...taken, id: parts.newId(), takenAt: now.toISOString() };
    parts.work.withTransaction(() => {
      const phone = taken.phone === "" ? null : parts.audit.hash("phone", taken.phone);
      parts.audit.record({ at: now, actor, action: "message.take", subjects: { message: message.id, phone } });
      parts.messages.add(message);
    });
    const { taken: notify } = parts;
    if (notify !== undefined) queueMicrotask(() => notify(message));
    return message;
  };
}
