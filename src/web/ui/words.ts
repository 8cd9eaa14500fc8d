/** What the codes of the appliance are called on the screen. */
import type { Ladder, TimelineEntry } from "../api/shapes.ts";
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

const taskKinds: Record<string, string> = {
  "call-back": "Ring back",
  contractor: "Contractor",
  details: "Details wanted",
  feedback: "Feedback",
  landlord: "Landlord",
  "locked-out": "Locked out",
  notice: "Notice of a viewing",
  question: "Open question",
  "sale-progress": "Sale progress",
};
export const taskKind = (kind: string) => taskKinds[kind] ?? slotName(kind);

const ticketKinds: Record<string, string> = {
  access: "Wants a copy of what we hold",
  erasure: "Wants to be erased",
  objection: "Objects to the use of data",
  complaint: "Complaint",
};

const states: Record<string, { label: string; tone: Tone }> = {
  booked: { label: "Booked", tone: "good" },
  cancelled: { label: "Cancelled", tone: "quiet" },
  open: { label: "Open", tone: "warn" },
  done: { label: "Done", tone: "good" },
  emergency: { label: "Emergency", tone: "bad" },
  urgent: { label: "Urgent", tone: "warn" },
  routine: { label: "Routine", tone: "quiet" },
};

const entryKinds: Record<TimelineEntry["kind"], string> = {
  call: "Call",
  viewing: "Viewing",
  valuation: "Valuation",
  message: "Message",
  task: "Task",
  offer: "Offer",
  fault: "Repair",
  ticket: "Request",
};
export const entryKind = (kind: TimelineEntry["kind"]) => entryKinds[kind];

/** What became of it, where there is something to say. */
export function entryState({ kind, state }: TimelineEntry): { label: string; tone: Tone } | undefined {
  if (kind === "call") return outcomeOf(state);
  if (state === null) return undefined;
  if (kind === "offer") return { label: `£${Number(state).toLocaleString("en-GB")}`, tone: "info" };
  if (kind === "message") return { label: `For ${state}`, tone: "info" };
  if (kind === "ticket") return { label: ticketKinds[state] ?? state, tone: "warn" };
  return states[state] ?? { label: state, tone: "quiet" };
}

/** From which score on a call went well, or well enough. */
export const scoreTone = (score: number): Tone => (score >= 80 ? "good" : score >= 50 ? "warn" : "bad");
