/** What goes into `step` and what comes out. Everything is JSON: a state can be stored, replayed and diffed. */
import type {
  BookValuationRequest,
  CreateTaskRequest,
  FoundAppointment,
  OpenTicketRequest,
  RecordOfferRequest,
  RegisterApplicantRequest,
  ReportFaultRequest,
} from "../agency/enquiries.ts";
import type { AgencyView, BookViewingRequest, LocalDate, LocalTime } from "../agency/types.ts";

export type Asks =
  | "property"
  | "date"
  | "time"
  | "name"
  | "phone"
  | "email"
  | "address"
  | "postcode"
  | "beds"
  | "money"
  | "position"
  | "fault"
  | "access"
  | "birth-date"
  | "confirm"
  | "choice"
  | "anything-else"
  | "message"
  /** One key of a menu. */
  | "keys"
  /** Words for the recording, ended by #. */
  | "voice-message"
  | null;

export type Heard = {
  text: string;
  /** Best first; natural-log probability or null where unknown. */
  nbest: [text: string, logProbability: number | null][];
  /** More likely wrong than right: no turn is built on it, but a danger in it is heeded. */
  doubtful?: boolean;
};

export type Input =
  /** `caller`: the number that rings, where the network gave one. */
  | { kind: "started"; caller?: string; now: LocalTime }
  | { kind: "heard"; heard: Heard; now: LocalTime }
  /** Keys pressed, complete (ended by # or a pause); "#" alone where that is an answer. */
  | { kind: "keys"; digits: string; now: LocalTime }
  /** The caller said nothing for the time that `listen` allowed. `faint`: somebody did, too faintly to be relied upon. */
  | { kind: "no-input"; faint?: boolean; now: LocalTime }
  /** A `say` has left for the caller, or was cut short after `heardShare` (0…1) of it: after these whole words. */
  | { kind: "said"; sayId: number; completed: boolean; heardShare: number; heardText?: string; now: LocalTime }
  /** Words that could not be made out. `failed`: our hearing failed at them (a speech child died). */
  | { kind: "not-heard"; failed?: boolean; now: LocalTime }
  /** It takes time to make out what was said; `times`: so often said before. */
  | { kind: "late"; times: number; now: LocalTime }
  /** Our hearing is gone, for more than a moment; or there again. */
  | { kind: "hearing"; works: boolean; now: LocalTime }
  /** Our voice failed: what was to be said last was not heard at all. Only fixed words can still be spoken. */
  | { kind: "not-spoken"; now: LocalTime }
  /** What came of a `do`. */
  | (DeskAnswer & { now: LocalTime })
  /** The caller is with whom we put him through to, or with the PBX on his way there. */
  | { kind: "transferred"; now: LocalTime }
  /** The caller is ours again, or has been all the time. */
  | { kind: "transfer-failed"; reason: TransferFailure; now: LocalTime };

/** A change of the agency's books. */
export type Action =
  | { kind: "book-viewing"; request: Omit<BookViewingRequest, "callId"> }
  | { kind: "take-message"; name: string; phone: string; about: string; forWhom: string | undefined; due?: LocalTime }
  | { kind: "book-valuation"; request: Omit<BookValuationRequest, "callId"> }
  | { kind: "report-fault"; request: Omit<ReportFaultRequest, "callId"> }
  | { kind: "create-task"; request: Omit<CreateTaskRequest, "callId"> }
  | { kind: "open-ticket"; request: Omit<OpenTicketRequest, "callId"> }
  | { kind: "record-offer"; request: Omit<RecordOfferRequest, "callId"> }
  | { kind: "register-applicant"; request: Omit<RegisterApplicantRequest, "callId"> }
  /** By the name and the number on them; nothing of them is told before. */
  | { kind: "find-appointments"; name: string; phone: string }
  | { kind: "move-appointment"; appointment: AppointmentId; start: LocalTime }
  | { kind: "cancel-appointment"; appointment: AppointmentId };

export type AppointmentId = Pick<FoundAppointment, "kind" | "id">;

/** What has been committed. */
export type Done =
  | { action: "book-viewing"; id: string; start: LocalTime; awaiting: "vendor" | "tenant" | undefined }
  | { action: "book-valuation"; start: LocalTime }
  | { action: "open-ticket"; due: LocalDate }
  | { action: "find-appointments"; found: readonly FoundAppointment[] }
  | { action: "move-appointment"; start: LocalTime; awaiting: "vendor" | "tenant" | undefined }
  | { action: "take-message" | "report-fault" | "create-task" | "record-offer" | "register-applicant" }
  | { action: "cancel-appointment" };

export type Refusal = "conflict" | "invalid_input" | "storage_failed";

export type DeskAnswer = { kind: "done"; done: Done } | { kind: "refused"; action: Action["kind"]; reason: Refusal };

/** What calls are marked with: dangers to life, and what cannot wait in a home. */
export type Emergency = "gas" | "fire" | "life" | "power" | "flood" | "heating" | "break-in" | "lift";

/** Why a transfer came to nothing; `withdrawn`: we ended it ourselves (`cancel-transfer`). */
export type TransferFailure = "busy" | "declined" | "no-answer" | "unreachable" | "failed" | "withdrawn";

/** Somebody whom callers may be put through to. `roles`: departments that he answers for, in lower case. */
export type Person = { readonly name: string; readonly extension: string; readonly roles: readonly string[] };

export type Outcome = "booked" | "transferred" | "message" | "emergency" | "nothing" | "abandoned" | "failed";

export type Effect =
  /**
   * Speak. `fixed`: same words in every call, rendered once and cached. `disclosure`: part of what must be heard in full.
   * `interruptible`: by the caller's voice and by keys; `byKey`: by keys if not by the voice.
   */
  | {
      kind: "say";
      sayId: number;
      text: string;
      interruptible: boolean;
      byKey?: boolean;
      fixed: boolean;
      disclosure: boolean;
    }
  /** The disclosure has played out: from now on the caller may be recorded and stored. */
  | { kind: "disclosed" }
  /** For the agency's books. Answered by `done` or `refused`. */
  | { kind: "do"; action: Action }
  /**
   * `property`: where, if the caller had named one of the listings. `unattended`: nobody on call took the caller's own
   * call, so they are rung until one does; danger to life rings them in any case.
   */
  | { kind: "emergency"; emergency: Emergency; property?: string; unattended?: true }
  /** The caller does not want it: no more of the sound is kept, for the rest of the call. */
  | { kind: "stop-recording" }
  /** Put the caller through; `about` is said to whoever answers there. Answered by `transferred` or `transfer-failed`. */
  | { kind: "transfer"; to: Person; about: string }
  /** Not any more. No answer is needed. */
  | { kind: "cancel-transfer" }
  /** Silence of the caller after which `no-input` is due. Counted from the end of our speech. */
  | { kind: "listen"; noInputMs: number }
  /** Hang up once everything said has played out. */
  | { kind: "end"; outcome: Outcome };

export type Slot<T> = { value: T; certainty: number; confirmed: boolean };

/** The public part of a state: what other modules may read. */
export type PublicState = {
  asks: Asks;
  slots: Record<string, Slot<string>>;
  /** Of the telephone number asked for, the digits said in turns before; left out: none. */
  begun?: string;
  disclosed: boolean;
  ended: boolean;
};

/** For the call's record: what the words alone do not tell. */
export type TalkNotes = {
  /** What is being arranged: the id of a task of the flow. */
  task: string | null;
  /** Topics so far: keys of facts, ids of the office's knowledge. */
  answered: readonly string[];
  unanswered: readonly string[];
  /** Failed attempts to understand, by what was asked; forgotten once it is understood. */
  misses: Readonly<Record<string, number>>;
  /** The caller asked us to wait. */
  holding: boolean;
};

/** What we were saying when the caller spoke into it, and what he had heard of it: whole words. */
export type Unfinished = { text: string; heardText: string };

/** The recogniser is not sure of its words; `readings`: others that are nearly as likely. */
export type Doubt = { unsure: boolean; readings: readonly string[] };

/** How long to wait in silence for more, given what was heard so far (not a turn yet). 200…1,200 ms. */
export type Patience = (state: PublicState, textSoFar: string, doubt?: Doubt) => number;

/** `people`: whom callers may be put through to; none, or left out: nobody. */
export type StepView = AgencyView & { people?(): readonly Person[] };
