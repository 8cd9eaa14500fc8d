/** What the codes of the appliance are called on the screen. */
import type { Ladder } from "../api/shapes.ts";
import { phone, shortDay } from "./format.ts";

export type Tone = "good" | "info" | "warn" | "bad" | "quiet";

const outcomes: Record<string, { label: string; tone: Tone }> = {
  booked: { label: "Viewing booked", tone: "good" },
  transferred: { label: "Put through", tone: "good" },
  message: { label: "Message taken", tone: "info" },
  emergency: { label: "Emergency", tone: "bad" },
  nothing: { label: "No action", tone: "quiet" },
  abandoned: { label: "Hung up", tone: "quiet" },
  failed: { label: "Failed", tone: "warn" },
};

export const outcomeOf = (outcome: string | null) =>
  outcomes[outcome ?? ""] ?? { label: outcome === null ? "In progress" : outcome, tone: "quiet" as const };

/** How far a transfer is; one that came to nothing is no news once the caller is back. */
export function transferOf(state: "ringing" | "asking" | "connected" | "failed", person: string) {
  switch (state) {
    case "ringing":
      return { label: `Ringing ${person}`, tone: "info" as const };
    case "asking":
      return { label: `Asking ${person}`, tone: "info" as const };
    case "connected":
      return { label: `With ${person}`, tone: "good" as const };
    case "failed":
      return { label: `${person} not reached`, tone: "warn" as const };
  }
}

const emergencies: Record<string, string> = {
  gas: "Gas or carbon monoxide",
  fire: "Fire",
  life: "Danger to life",
  power: "No power",
  flood: "Flood or leak",
  heating: "No heating, somebody vulnerable",
  "break-in": "Break-in",
  lift: "Stuck in a lift",
};
export const emergencyName = (kind: string) => emergencies[kind] ?? kind;

/** In the order in which the receptionist asks. */
export const viewingSlots = ["property", "date", "time", "name", "phone"] as const;

const slots: Record<string, string> = {
  property: "Property",
  date: "Day",
  day: "Day",
  time: "Time",
  name: "Name",
  phone: "Phone",
  email: "E-mail",
  message: "Message",
  about: "About",
  address: "Address",
  postcode: "Postcode",
  beds: "Bedrooms",
  money: "Amount",
  fault: "Fault",
  access: "Access",
  position: "Position",
  "birth-date": "Date of birth",
  confirm: "Confirmation",
  "anything-else": "Anything else",
  choice: "Choice",
};

export const slotName = (slot: string) =>
  slots[slot] ?? slot.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase());

/** A slot's value as people write it; `addressOf` knows the agency's properties by id. */
export function slotValue(value: string, addressOf: (propertyId: string) => string | undefined): string {
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return shortDay(value);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value)) return `${shortDay(value.slice(0, 10))}, ${value.slice(11)}`;
  if (/^\+\d{7,15}$/.test(value)) return phone(value);
  return addressOf(value) ?? value;
}

const propertyStates: Record<string, string> = {
  available: "Available",
  "under-offer": "Under offer",
  "sold-stc": "Sold STC",
  "let-agreed": "Let agreed",
  withdrawn: "Withdrawn",
  occupied: "Occupied",
};
export const propertyState = (status: string) => propertyStates[status] ?? status;

/** Below this the receptionist's hearing is marked as doubtful. */
export const doubtfulBelow = 0.6;

const endReasons: Record<Ladder["end"], string> = {
  "caller-hung-up": "the caller hung up",
  cancelled: "the caller gave up before it was answered",
  "we-hung-up": "Gatehouse hung up",
  "no-ack": "the PBX never acknowledged our answer",
  "session-expired": "the session timer ran out",
  rejected: "refused",
  "transport-failed": "the connection to the PBX was lost",
  shutdown: "Gatehouse was stopped",
};

export const endReason = (end: Ladder["end"]): string => endReasons[end];
