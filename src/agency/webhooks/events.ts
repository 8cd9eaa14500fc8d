/** What happens in the office, as other programs of the office are told it. Pure; docs/webhooks.md has the shapes. */
import type { Applicant, Maintenance, Offer, OfficeTask, Valuation } from "../enquiries.ts";
import type { Message, Viewing } from "../types.ts";

export const eventNames = [
  "viewing.booked",
  "viewing.moved",
  "viewing.cancelled",
  "valuation.booked",
  "valuation.moved",
  "valuation.changed",
  "valuation.cancelled",
  "message.taken",
  "maintenance.reported",
  "maintenance.changed",
  "offer.made",
  "offer.changed",
  "applicant.registered",
  "applicant.changed",
  "task.created",
  "task.changed",
] as const;
export type EventName = (typeof eventNames)[number];

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Fields = Record<string, Json>;

/** @property personal Of the caller, and the caller's words: sent only to who is meant to have them. */
export type OfficeEvent = {
  name: EventName;
  /** What it is about: events of one subject are told in order. */
  subject: string;
  fields: Fields;
  personal: Fields;
  /** Whose name, number and e-mail are among what is personal. */
  contactId: string | undefined;
};

const orNull = <T>(value: T | undefined): T | null => value ?? null;

export const viewingEvent = (
  name: "viewing.booked" | "viewing.moved" | "viewing.cancelled",
  it: Viewing,
): OfficeEvent => ({
  name,
  subject: `viewing:${it.id}`,
  fields: {
    id: it.id,
    propertyId: it.propertyId,
    contactId: it.contactId,
    staffId: it.staffId,
    start: it.start,
    minutes: it.minutes,
    status: it.status,
    awaiting: orNull(it.awaiting),
    callId: orNull(it.callId),
  },
  personal: {},
  contactId: it.contactId,
});

export const valuationEvent = (
  name: "valuation.booked" | "valuation.moved" | "valuation.changed" | "valuation.cancelled",
  it: Valuation,
): OfficeEvent => ({
  name,
  subject: `valuation:${it.id}`,
  fields: {
    id: it.id,
    kind: it.kind,
    contactId: it.contactId,
    staffId: it.staffId,
    start: it.start,
    minutes: it.minutes,
    status: it.status,
    callId: orNull(it.callId),
  },
  personal: { address: it.address, postcode: it.postcode, details: it.details },
  contactId: it.contactId,
});

export const messageEvent = (it: Message): OfficeEvent => ({
  name: "message.taken",
  subject: `message:${it.id}`,
  fields: { id: it.id, due: orNull(it.due), takenAt: it.takenAt, callId: orNull(it.callId) },
  personal: { name: it.name, phone: it.phone, about: it.about, forWhom: orNull(it.forWhom) },
  contactId: undefined,
});

/** @param known Whether it was there before: told again in the same call, it was completed. */
export const maintenanceEvent = (it: Maintenance, known: boolean): OfficeEvent => ({
  name: known ? "maintenance.changed" : "maintenance.reported",
  subject: `maintenance:${it.id}`,
  fields: {
    id: it.id,
    propertyId: orNull(it.propertyId),
    contactId: orNull(it.contactId),
    priority: it.priority,
    reportedAt: it.reportedAt,
    callId: orNull(it.callId),
  },
  personal: {
    address: it.address,
    fault: it.fault,
    vulnerable: it.vulnerable,
    access: orNull(it.access),
    since: orNull(it.since),
  },
  contactId: it.contactId,
});

export const offerEvent = (it: Offer, known: boolean): OfficeEvent => ({
  name: known ? "offer.changed" : "offer.made",
  subject: `offer:${it.id}`,
  fields: {
    id: it.id,
    propertyId: it.propertyId,
    contactId: it.contactId,
    madeAt: it.madeAt,
    callId: orNull(it.callId),
  },
  personal: {
    amount: it.amount,
    conditions: orNull(it.conditions),
    funding: orNull(it.funding),
    position: orNull(it.position),
  },
  contactId: it.contactId,
});

export const applicantEvent = (it: Applicant, known: boolean): OfficeEvent => ({
  name: known ? "applicant.changed" : "applicant.registered",
  subject: `applicant:${it.id}`,
  fields: { id: it.id, kind: it.kind, contactId: it.contactId },
  personal: {
    maxPrice: orNull(it.maxPrice),
    maxRentPcm: orNull(it.maxRentPcm),
    minBeds: orNull(it.minBeds),
    position: orNull(it.position),
    moveDate: orNull(it.moveDate),
    pets: orNull(it.pets),
    areas: it.areas,
    details: it.details,
  },
  contactId: it.contactId,
});

export const taskEvent = (it: OfficeTask, known: boolean): OfficeEvent => ({
  name: known ? "task.changed" : "task.created",
  subject: `task:${it.id}`,
  fields: {
    id: it.id,
    kind: it.kind,
    propertyId: orNull(it.propertyId),
    contactId: orNull(it.contactId),
    viewingId: orNull(it.viewingId),
    due: orNull(it.due),
    status: it.status,
    callId: orNull(it.callId),
  },
  personal: { about: it.about, forWhom: orNull(it.forWhom) },
  contactId: it.contactId,
});

export type EventContact = { name: string; phone: string; email: string | null };

/** What is sent, as JSON. @param contact Only where the receiver is meant to have what is personal. */
export function eventBody(
  id: string,
  { name, subject, fields, personal }: OfficeEvent,
  at: Date,
  people: { contact: EventContact | undefined } | undefined,
): string {
  const data = people === undefined ? fields : { ...fields, ...personal, contact: people.contact ?? null };
  return JSON.stringify({ id, event: name, subject, at: at.toISOString(), data });
}
