/** What one call needs of the rest of the appliance. `main.ts` puts the real parts behind these. */

import type {
  BookValuationRequest,
  Caller,
  CreateTaskRequest,
  FoundAppointment,
  OpenTicketRequest,
  RecordOfferRequest,
  RegisterApplicantRequest,
  ReportFaultRequest,
  Ticket,
  Valuation,
} from "../agency/enquiries.ts";
import type { BookViewingRequest, LocalTime, Viewing } from "../agency/types.ts";
import type { AppointmentId, Emergency, Outcome } from "../receptionist/contract.ts";
import type { CallerIdentity } from "../sip/ports.ts";

/** What the conversation had come to when a turn's answer was given; of the turn itself: `misses`. */
export type TurnNotes = {
  task: string | null;
  slots: Record<string, string>;
  answered: readonly string[];
  unanswered: readonly string[];
  /** How often something was not understood. */
  misses: number;
  /** The caller had asked us to wait. */
  holding: boolean;
};

export type StoredTurn = {
  n: number;
  /** ISO, UTC. */
  at: string;
  /** What the caller said ("" for none), best first with log-probabilities, and our certainty 0…1. */
  heard: string;
  nbest: [string, number | null][];
  confidence: number | null;
  /** What the agent answered; `saidInFull` false if the caller interrupted. */
  said: string;
  saidInFull: boolean;
  asks: string | null;
  /** Where in the recording the caller's words begin and end, ms; null for none. */
  heardFromMs: number | null;
  heardToMs: number | null;
  /** None in turns of older versions, nor before the disclosure. */
  noted?: TurnNotes;
};

/** The stored side of calls. Everything is committed when a method returns. */
export interface CallLog {
  /** Opens the call's row, without anything of the caller: the disclosure has not played yet. */
  begin(call: { id: string; line: string; startedAt: Date }): void;
  /** The disclosure has played out: the caller's identity may be kept. */
  disclosed(callId: string, caller: CallerIdentity, at: Date): void;
  /** Inserts the turn, or replaces the one with the same `n` (an answer is kept when made and again when spoken). */
  turn(callId: string, turn: StoredTurn): void;
  end(
    callId: string,
    end: { at: Date; outcome: Outcome; endedBy: "caller" | "gatehouse"; quality: Record<string, number> },
  ): void;
}

/** What a call may change in the agency's books. Each commits before it returns, or throws AppError. */
export interface CallDesk {
  bookViewing(request: BookViewingRequest): Viewing;
  takeMessage(message: {
    name: string;
    phone: string;
    about: string;
    forWhom: string | undefined;
    /** When the caller wants to be rung back. */
    due?: LocalTime | undefined;
    callId: string;
  }): void;
  bookValuation(request: BookValuationRequest): Pick<Valuation, "start">;
  reportFault(request: ReportFaultRequest): void;
  createTask(request: CreateTaskRequest): void;
  recordOffer(request: RecordOfferRequest): void;
  registerApplicant(request: RegisterApplicantRequest): void;
  openTicket(request: OpenTicketRequest): Pick<Ticket, "due">;
  /** The attempt is in the audit log before anything is read. */
  findAppointments(whose: Caller): FoundAppointment[];
  moveAppointment(appointment: AppointmentId, start: LocalTime): Pick<Viewing, "start" | "awaiting">;
  cancelAppointment(appointment: AppointmentId): void;
  /** Danger to life, or what nobody on call took from the caller: they are rung until somebody does. */
  noteEmergency(emergency: {
    emergency: Emergency;
    callId: string;
    propertyId: string | undefined;
    unattended: boolean;
  }): void;
}

/** Runs `close` once the Worker has given up the call's sockets and sent its last second of sound. */
export type AfterCall = { ended(close: (quality: Record<string, number>) => void): void };

/** One recording file of a call, both directions, encrypted as it grows. Throws AppError when the disk refuses it. */
export interface Recording {
  append(chunk: { sequence: number; codec: "PCMA" | "PCMU"; caller: Uint8Array; agent: Uint8Array }): void;
  /** Writes the last, sealing chunk. */
  finish(): void;
  /** Closes it as it is. */
  abandon(): void;
}

/** What happens in running calls, for the live page and `calls follow`. Caller content: only to authorised readers. */
export type LiveEvent =
  | { kind: "started"; callId: string; line: string; at: string }
  | { kind: "identified"; callId: string; caller: string | null }
  /** Words so far at a pause; replaced by the next caption or the turn. */
  | { kind: "caption"; callId: string; text: string }
  | {
      kind: "turn";
      callId: string;
      n: number;
      heard: string;
      said: string;
      asks: string | null;
      slots: Record<string, string>;
    }
  | { kind: "booked"; callId: string; viewingId: string }
  /** Somebody is rung for the caller; has picked up and is being asked; takes the call; or it came to nothing. */
  | { kind: "transfer"; callId: string; person: string; state: "ringing" | "asking" | "connected" | "failed" }
  | { kind: "ended"; callId: string; at: string; outcome: string };
