/** What the agency's rules need of a store. Implemented in src/store. */
import type { Actor, Agency, Branch, Contact, LocalTime, Message, Property, Staff, Viewing } from "./types.ts";

/** The things that change seldom; small enough to be held whole. */
export type Catalogue = { agency: Agency; branches: Branch[]; staff: Staff[]; properties: Property[] };

/** Five minutes of a negotiator or property: what a booking takes. `cell` counts five minutes since 1970 UTC. */
export type Cell = { resource: string; cell: number };

export interface CatalogueRecords {
  /** Read from the database, in the order in which they were entered. */
  catalogue(): Catalogue;
}

export interface DiaryRecords {
  /** Cells from `from` up to, not including, `until` that are taken, of those resources. */
  taken(resources: readonly string[], from: number, until: number): Cell[];
}

export interface ContactRecords {
  byPhone(phone: string): Contact[];
  add(contact: Contact): void;
}

export interface ViewingRecords {
  /** Writes the viewing and takes its cells. @throws AppError("conflict") if one of them is taken. */
  add(viewing: Viewing, cells: readonly Cell[], bookedAt: Date): void;
  byId(id: string): Viewing | undefined;
  /** The one that this call has already booked there and then, if any. */
  ofCall(callId: string, propertyId: string, start: LocalTime): Viewing | undefined;
  /** Marks it cancelled and gives its cells back. */
  cancel(id: string): void;
}

export interface MessageRecords {
  add(message: Message): void;
}

export interface UnitOfWork {
  /** One transaction: committed when it returns, undone if `work` throws. */
  withTransaction<T>(work: () => T): T;
}

export interface AuditTrail {
  /** Before a read; in the same transaction as a change. `subjects`: ids, and hashes in the place of caller data. */
  record(entry: {
    at: Date;
    actor: Actor;
    action: string;
    subjects: Record<string, string | number | boolean | null>;
  }): void;
  hash(kind: "phone" | "name" | "email", value: string): string;
}
