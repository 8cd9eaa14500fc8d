/** The shapes that the pages get. Types only, of rules only: the pages import them as well. */
import type { KeptPronunciation } from "../../agency/pronunciations.ts";
import type { Hours, LocalDate, LocalTime, Property, Viewing } from "../../agency/types.ts";
import type { ShownAfterCall } from "../../calls/after/shown.ts";
import type { LiveEvent, StoredTurn } from "../../calls/ports.ts";
import type { QualityFact } from "../../calls/quality-words.ts";
import type { Pronunciation } from "../../english/pronunciations.ts";
import type { Outcome } from "../../receptionist/contract.ts";
import type { Permission, Role } from "../../security/roles.ts";
import type { Ladder, LadderStep, RegistrationStatus, SdpSummary, SipStatus } from "../../sip/ports.ts";

export type {
  KeptPronunciation,
  Ladder,
  LadderStep,
  LiveEvent,
  Outcome,
  Permission,
  Pronunciation,
  Property,
  RegistrationStatus,
  Role,
  SdpSummary,
  ShownAfterCall,
  StoredTurn,
};

/** One call in the list. Times are ISO, UTC. */
export type CallRow = {
  id: string;
  line: string;
  startedAt: string;
  /** Null: the caller hung up before the disclosure was over, and nothing of the caller was kept. */
  disclosedAt: string | null;
  /** Null while it runs. */
  endedAt: string | null;
  /** E.164; null if withheld or not disclosed. */
  callerNumber: string | null;
  callerDisplay: string | null;
  withheld: boolean | null;
  outcome: Outcome | null;
  /** Which kind, if the caller spoke of one. */
  emergency: string | null;
  endedBy: "caller" | "gatehouse" | null;
  turns: number;
  /** "sealed": whole; "open": being written, or cut off by a crash. */
  recording: "sealed" | "open" | null;
  /** The name that the caller gave, where a booking or a message wrote it down. */
  name: string | null;
  /** What was booked in the call, if anything. */
  viewing: { address: string; start: LocalTime } | null;
};

export type CallPage = {
  calls: CallRow[];
  /** Give it as `before` to get the next page, older calls; null: there is none. */
  next: string | null;
};

/** A viewing with what its ids stand for. */
export type ViewingCard = Viewing & {
  property: Pick<Property, "id" | "address" | "postcode" | "kind" | "status" | "price" | "beds" | "type">;
  contact: { id: string; name: string; phone: string; email: string | null };
  staff: { id: string; name: string };
};

export type CallMessage = { id: string; name: string; phone: string; about: string; forWhom: string | null };

export type CallDetail = {
  call: CallRow;
  turns: StoredTurn[];
  viewings: ViewingCard[];
  messages: CallMessage[];
  tasks: TaskCard[];
  /** Null while it runs, and for calls of older versions. */
  after: ShownAfterCall | null;
  /** Whom what the call wrote belongs to, as far as it is known. */
  contactId: string | null;
};

/** A task with what its ids stand for. */
export type TaskCard = {
  id: string;
  kind: string;
  about: string;
  /** The office clock; null: none. */
  due: LocalTime | null;
  status: "open" | "done" | "cancelled";
  /** Who sees to it: a member of staff, or whom the caller named. */
  forWhom: string | null;
  /** The member of staff. */
  staffId: string | null;
  contact: { id: string; name: string; phone: string } | null;
  property: { id: string; address: string } | null;
  callId: string | null;
  /** That its call came from, E.164; null if withheld or not kept. */
  callerNumber: string | null;
  /** ISO, UTC. */
  createdAt: string;
  doneAt: string | null;
};

export type TaskList = { tasks: TaskCard[]; staff: { id: string; name: string }[] };

/** What callers asked in vain. `calls`: the newest few. */
export type UnansweredTopic = {
  topic: string;
  title: string;
  count: number;
  /** ISO, UTC. */
  lastAt: string;
  calls: { id: string; startedAt: string }[];
};

/** One thing that the appliance knows of a contact. Of viewings and valuations `at` is when they take place. */
export type TimelineEntry = {
  kind: "call" | "viewing" | "valuation" | "message" | "task" | "offer" | "fault" | "ticket";
  id: string;
  /** ISO, UTC. */
  at: string;
  /** An address, what it is about, a call's line. */
  what: string;
  /** A call's outcome, a viewing's or task's state, a fault's priority, a ticket's kind, an offer's pounds. */
  state: string | null;
  callId: string | null;
};

export type ContactRow = { id: string; name: string; phone: string; email?: string | undefined };
export type ContactTimeline = {
  contact: ContactRow;
  roles: { role: string; address: string }[];
  /** Newest first. */
  entries: TimelineEntry[];
};

/** For IT: how a call was set up and how it sounded. `ladder` null: it still runs, or was cut off. */
export type CallSignalling = { quality: QualityFact[]; ladder: Ladder | null };

export type Diary = {
  viewings: ViewingCard[];
  staff: { id: string; name: string; rota: Hours }[];
  /** Each day asked for; null: closed (holidays applied). */
  days: { day: LocalDate; open: [opens: string, closes: string] | null }[];
};

/** `starting`: no call is answered yet. `draining`: new calls go to people. `stopping`: for good. */
export type ApplianceState = "starting" | "answering" | "draining" | "stopping";

/** Counts for IT, nothing of callers. */
export type AppStatus = {
  version: string;
  uptimeSeconds: number;
  state: ApplianceState;
  /** What somebody must see to, and what to do. Without `until` it is so now. */
  alarms: readonly { text: string; over: boolean; until?: LocalDate }[];
  /** `limitedBy`: the configuration, what the machine was measured to carry, or answers that come late; `refused`: so many while it was full. */
  calls: { running: number; atMost: number; limitedBy: "configured" | "measured" | "load"; refused: number };
  sip: {
    address: string;
    transport: string;
    /** Extensions that we register as. */
    registrations: readonly RegistrationStatus[];
    /** What was dropped, by reason; and who sent most of it. */
    dropped: Record<string, number>;
    rejected: SipStatus["rejected"];
    /** Whether messages are being kept. */
    tracing: boolean;
    tls?: { port: number; fingerprint: string; certificateEndsAt: string } | undefined;
  };
  speech: { kind: string; ready: boolean; restarts: number; queued: number; model: string }[];
  media: { sockets: number; latenessP99Ms: number; dropped: Record<string, number> };
  memory: { rssBytes: number };
  web: { fingerprint: string; certificateEndsAt: string };
};

/** The last SIP messages, redacted. */
export type SipTrace = {
  on: boolean;
  messages: readonly { at: string; direction: "in" | "out"; peer: string; text: string }[];
};

/** The loudest sample of each of so many equal parts of a recording, 0…1, of both sides; for drawing. */
export type Peaks = { durationMs: number; caller: number[]; agent: number[] };

/** `suggestions`: British names that are said otherwise than written, without those that are in the list. */
export type PronunciationList = { entries: KeptPronunciation[]; suggestions: Pronunciation[] };

/** Who is signed in. */
export type Me = {
  id: string;
  role: Role;
  email: string | null;
  permissions: Permission[];
  /** False: e-mail and password are still to be chosen, and nothing else can be done. */
  ready: boolean;
  /** True if a link was used: a new password may be chosen without the old one. */
  viaLink: boolean;
  agency: string;
};

export type ErrorBody = { code: string; message: string };
