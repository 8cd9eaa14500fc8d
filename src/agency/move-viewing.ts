import { AppError } from "../app-error.ts";
import type { BookingParts } from "./book-viewing.ts";
import { cellsOf } from "./diary-cells.ts";
import type { MoveViewing } from "./enquiries.ts";
import { checkStart, freeNegotiator } from "./free-negotiator.ts";
import { awaitedFor, writeNotice } from "./notices.ts";
import type { Actor, LocalTime, Viewing } from "./types.ts";
import { viewingOf } from "./visits.ts";

export type MovingParts = Omit<BookingParts, "booked"> & {
  /** After the commit. */
  moved?: (viewing: Viewing) => void;
};

/** Contract: see `MoveViewing`. */
export function createMoveViewing(parts: MovingParts): MoveViewing {
  return (viewingId, start, actor, now) => {
    checkStart(start);
    const { viewing, changed } = parts.work.withTransaction(() => {
      const found = parts.viewings.byId(viewingId);
      if (found === undefined) throw new AppError("not_found", "There is no such viewing.");
      if (found.status === "cancelled") throw new AppError("conflict", "That viewing is cancelled: book a new one.");
      if (found.start === start) return { viewing: found, changed: false };
      return { viewing: move(parts, found, start, actor, now), changed: true };
    });
    const { moved } = parts;
    if (changed && moved !== undefined) queueMicrotask(() => moved(viewing));
    return viewing;
  };
}

/** What is thrown on the way undoes the whole transaction, so that the old time stands. */
function move(parts: MovingParts, old: Viewing, start: LocalTime, actor: Actor, now: Date): Viewing {
  const catalogue = parts.catalogue();
  const property = catalogue.properties.find(({ id }) => id === old.propertyId);
  if (property === undefined) throw new AppError("invalid_input", "There is no such property in the listings.");
  const subjects = { viewing: old.id, from: old.start, to: start };
  parts.audit.record({ at: now, actor, action: "viewing.move", subjects });
  parts.viewings.release(old.id); // its own time is no reason against the new one
  const visit = { ...viewingOf(property), minutes: old.minutes };
  const staff = freeNegotiator({ catalogue, diary: parts.diary }, visit, start, now, old.staffId);
  const viewing: Viewing = { ...old, start, staffId: staff.id, awaiting: awaitedFor(property) };
  parts.viewings.move(viewing, cellsOf(viewing, catalogue.agency.travelMinutes));
  writeNotice(parts, property, viewing, now);
  return viewing;
}
