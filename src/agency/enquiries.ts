/**
 * What callers leave behind beside viewings and messages: records and the use cases that write them. Each use case is
 * one transaction with its audit entry, and done twice in one call it is done once. Nothing of the caller gets into an
 * audit entry but as a keyed hash.
 */
import type { Actor, Department, LocalDate, LocalTime, Viewing } from "./types.ts";

export type Valuation = {
  id: string;
  kind: Department;
  address: string;
  postcode: string;
  contactId: string;
  staffId: string;
  start: LocalTime;
  minutes: number;
  status: "booked" | "cancelled";
  /** What the caller volunteered: beds, tenure, reason, timescale, other agent, access. */
  details: Record<string, string>;
  callId: string | undefined;
};

export type Priority = "emergency" | "urgent" | "routine";
export type Maintenance = {
  id: string;
  /** Undefined: not one of ours; `address` is as the caller gave it. */
  propertyId: string | undefined;
  address: string;
  /** Undefined while the caller is not known: an emergency is written down before anybody asks for a name. */
  contactId: string | undefined;
  fault: string;
  priority: Priority;
  vulnerable: boolean;
  /** Whether and how the home may be entered, in the caller's words. */
  access: string | undefined;
  since: string | undefined;
  callId: string | undefined;
  /** ISO, UTC. */
  reportedAt: string;
};

export type Offer = {
  id: string;
  propertyId: string;
  contactId: string;
  /** Whole pounds; per calendar month for a let. */
  amount: number;
  conditions: string | undefined;
  funding: string | undefined;
  position: string | undefined;
  callId: string | undefined;
  /** ISO, UTC. */
  madeAt: string;
};

/** What somebody looks for: one record for each person and kind, completed when they ring again. */
export type Applicant = {
  id: string;
  contactId: string;
  kind: "buy" | "rent";
  maxPrice: number | undefined;
  maxRentPcm: number | undefined;
  minBeds: number | undefined;
  position: string | undefined;
  moveDate: LocalDate | undefined;
  pets: string | undefined;
  areas: string[];
  details: Record<string, string>;
};

export type TicketKind = "access" | "erasure" | "objection" | "complaint";
export type Ticket = {
  id: string;
  kind: TicketKind;
  contactId: string | undefined;
  /** The last day on which it may be answered (a complaint: acknowledged). See `ticketDue`. */
  due: LocalDate;
  about: string;
  callId: string | undefined;
  /** ISO, UTC. */
  openedAt: string;
};

/** `notice`: the owner or tenant has to be told of a viewing, and to agree; written with the viewing itself. */
export type OfficeTask = {
  id: string;
  kind: string;
  contactId: string | undefined;
  propertyId: string | undefined;
  /** The viewing that it belongs to, if any. */
  viewingId: string | undefined;
  about: string;
  forWhom: string | undefined;
  due: LocalTime | undefined;
  status: "open" | "done" | "cancelled";
  callId: string | undefined;
};

export type ContactRole = { contactId: string; role: string; propertyId: string };

/** Who calls. Either may be "" where it may be left out (faults, tickets, tasks). `phone`: E.164. */
export type Caller = { name: string; phone: string };

export type BookValuationRequest = Caller &
  Pick<Valuation, "kind" | "address" | "postcode" | "start" | "details" | "callId">;
export type ReportFaultRequest = Caller & Omit<Maintenance, "id" | "contactId" | "reportedAt">;
export type RecordOfferRequest = Caller & Omit<Offer, "id" | "contactId" | "madeAt">;
export type RegisterApplicantRequest = Caller & Omit<Applicant, "id" | "contactId"> & { callId: string | undefined };
export type OpenTicketRequest = Caller & Pick<Ticket, "kind" | "about" | "callId">;
export type CreateTaskRequest = Caller &
  Pick<OfficeTask, "kind" | "propertyId" | "about" | "forWhom" | "due" | "callId">;

/** @throws AppError("conflict") if nobody of the department is free any more, "invalid_input" if a rule forbids it. */
export type BookValuation = (request: BookValuationRequest, actor: Actor, now: Date) => Valuation;
/** Told again in the same call, the same fault at the same place is completed. @throws AppError("invalid_input"). */
export type ReportFault = (request: ReportFaultRequest, actor: Actor, now: Date) => Maintenance;
/** Recorded in full, judged by nobody. @throws AppError("invalid_input"). */
export type RecordOffer = (request: RecordOfferRequest, actor: Actor, now: Date) => Offer;
/** What is undefined or empty leaves what was known before. @throws AppError("invalid_input"). */
export type RegisterApplicant = (request: RegisterApplicantRequest, actor: Actor, now: Date) => Applicant;
export type OpenTicket = (request: OpenTicketRequest, actor: Actor, now: Date) => Ticket;
/** @throws AppError("invalid_input"). */
export type CreateTask = (request: CreateTaskRequest, actor: Actor, now: Date) => OfficeTask;

/** A viewing or valuation as the one whose name and number are on it may hear of it. */
export type FoundAppointment = {
  kind: "viewing" | "valuation";
  id: string;
  propertyId: string | undefined;
  address: string;
  postcode: string;
  staffId: string;
  start: LocalTime;
  minutes: number;
  awaiting: Viewing["awaiting"];
};
/**
 * Booked ones of today and later, by name *and* number; the attempt is in the audit log before anything is read.
 * Empty for a wrong name as for a wrong number.
 */
export type FindAppointments = (whose: Caller, actor: Actor, now: Date) => FoundAppointment[];

/**
 * Gives the old time back and takes the new one, both or neither; the same negotiator if free. To the same start: no
 * change. @throws AppError("not_found"), "conflict" if the new time is taken (or the appointment cancelled),
 * "invalid_input" if a rule forbids it: the old time then stands.
 */
export type MoveViewing = (viewingId: string, start: LocalTime, actor: Actor, now: Date) => Viewing;
export type MoveValuation = (valuationId: string, start: LocalTime, actor: Actor, now: Date) => Valuation;
/** Twice is the same as once. @throws AppError("not_found"). */
export type CancelValuation = (valuationId: string, actor: Actor, now: Date) => Valuation;
