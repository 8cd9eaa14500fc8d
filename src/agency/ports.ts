/** What the agency's rules need of a store. Implemented in src/store. */
import type { Applicant, Maintenance, Offer, OfficeTask, Ticket, Valuation } from "./enquiries.ts";
import type {
  Actor,
  Agency,
  Branch,
  Contact,
  Department,
  Knowledge,
  LocalTime,
  Message,
  Property,
  Staff,
  Viewing,
} from "./types.ts";

/** The things that change seldom; small enough to be held whole. */
export type Catalogue = {
  agency: Agency;
  branches: Branch[];
  staff: Staff[];
  properties: Property[];
  knowledge: Knowledge[];
};

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
  /** Who is that at the property, in the order in which they were entered. */
  inRole(propertyId: string, roles: readonly string[]): Contact[];
}

export interface ViewingRecords {
  /** Writes the viewing and takes its cells. @throws AppError("conflict") if one of them is taken. */
  add(viewing: Viewing, cells: readonly Cell[], bookedAt: Date): void;
  byId(id: string): Viewing | undefined;
  /** The one that this call has already booked there and then, if any. */
  ofCall(callId: string, propertyId: string, start: LocalTime): Viewing | undefined;
  /** Marks it cancelled and gives its cells back. */
  cancel(id: string): void;
  /** Gives its cells back, for `move` to take others in the same transaction. */
  release(id: string): void;
  /** Writes where it now is and takes the cells. @throws AppError("conflict") if one of them is taken. */
  move(viewing: Viewing, cells: readonly Cell[]): void;
  /** Booked ones of these contacts that start at `from` or later, in order. */
  ofContacts(contactIds: readonly string[], from: LocalTime): Viewing[];
}

/** As `ViewingRecords`. */
export interface ValuationRecords {
  add(valuation: Valuation, cells: readonly Cell[], bookedAt: Date): void;
  byId(id: string): Valuation | undefined;
  ofCall(callId: string, kind: Department, start: LocalTime): Valuation | undefined;
  cancel(id: string): void;
  release(id: string): void;
  move(valuation: Valuation, cells: readonly Cell[]): void;
  ofContacts(contactIds: readonly string[], from: LocalTime): Valuation[];
}

/** What was written in one call is asked for again by its id: so that nothing is written twice. */
type OfCall<T> = { ofCall(callId: string): T[] };

export interface MaintenanceRecords extends OfCall<Maintenance> {
  /** One with an id that exists is replaced. */
  put(job: Maintenance): void;
}
export interface OfferRecords extends OfCall<Offer> {
  add(offer: Offer): void;
}
export interface ApplicantRecords {
  of(contactId: string, kind: Applicant["kind"]): Applicant | undefined;
  put(applicant: Applicant, at: Date): void;
}
export interface TicketRecords extends OfCall<Ticket> {
  add(ticket: Ticket): void;
}
export interface TaskRecords extends OfCall<OfficeTask> {
  ofViewing(viewingId: string): OfficeTask[];
  put(task: OfficeTask, at: Date): void;
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
