import { AppError } from "../app-error.ts";
import { withdrawNotice } from "./notices.ts";
import type { AuditTrail, TaskRecords, UnitOfWork, ViewingRecords } from "./ports.ts";
import type { Actor, Viewing } from "./types.ts";

export type CancelViewing = (viewingId: string, actor: Actor, now: Date) => Viewing;

/** Cancels and gives the time back. Twice is the same as once. @throws AppError("not_found"). */
export function createCancelViewing(parts: {
  work: UnitOfWork;
  viewings: ViewingRecords;
  tasks: TaskRecords;
  audit: AuditTrail;
  cancelled?: (viewing: Viewing) => void;
}): CancelViewing {
  return (viewingId, actor, now) => {
    const { viewing, changed } = parts.work.withTransaction(() => {
      const found = parts.viewings.byId(viewingId);
      if (found === undefined) throw new AppError("not_found", "There is no such viewing.");
      if (found.status === "cancelled") return { viewing: found, changed: false };
      parts.audit.record({ at: now, actor, action: "viewing.cancel", subjects: { viewing: viewingId } });
      parts.viewings.cancel(viewingId);
      withdrawNotice(parts, found, now);
      return { viewing: { ...found, status: "cancelled" as const }, changed: true };
    });
    const { cancelled } = parts;
    if (changed && cancelled !== undefined) queueMicrotask(() => cancelled(viewing));
    return viewing;
  };
}
