/**
 * Reads of personal data, for the web pages and the command line. Each writes its audit entry, committed, before it
 * reads; if that fails it throws and nothing is read.
 */
import { addDays, atClock } from "../agency/local-time.ts";
import { hoursOn } from "../agency/opening-hours.ts";
import type { Actor, Contact, Hours, LocalDate, Message, Property } from "../agency/types.ts";
import { AppError } from "../app-error.ts";
import { type ShownAfterCall, shown } from "../calls/after/shown.ts";
import type { StoredTurn } from "../calls/ports.ts";
import { type QualityFact, qualityInWords } from "../calls/quality-words.ts";
import type { Outcome } from "../receptionist/contract.ts";
import type { Audit, AuditSubjects } from "../security/audit.ts";
import type { Ladder } from "../sip/ports.ts";
import type { AfterCalls } from "./after-calls.ts";
import type { AgencyRecords } from "./agency-records.ts";
import type { CallBooksReader } from "./call-books.ts";
import type { CallCursor, Calls, StoredCall } from "./calls.ts";
import type { Contacts } from "./contacts.ts";
import type { Ladders } from "./ladders.ts";
import type { Messages } from "./messages.ts";
import type { RecordingReader } from "./recording-reader.ts";
import { type WavSource, wavOf } from "./recording-wav.ts";
import type { Recordings } from "./recordings.ts";
import type { TaskBoard, TaskCard } from "./task-board.ts";
import type { Turns } from "./turns.ts";
import type { ViewingCard, Viewings } from "./viewings.ts";

export type CallDetail = {
  call: StoredCall;
  turns: StoredTurn[];
  viewings: ViewingCard[];
  messages: CallMessage[];
  tasks: TaskCard[];
  /** Null while it runs, and for calls of older versions. */
  after: ShownAfterCall | null;
  /** Whom what the call wrote belongs to, as far as it is known. */
  contactId: string | null;
};
/** `ladder` null: the call still runs, or was cut off. */
export type CallSignalling = { quality: QualityFact[]; ladder: Ladder | null };
export type CallMessage = { id: string; name: string; phone: string; about: string; forWhom: string | null };
export type Diary = {
  viewings: ViewingCard[];
  staff: { id: string; name: string; rota: Hours }[];
  days: { day: LocalDate; open: [opens: string, closes: string] | null }[];
};
/** Decrypted as it is read, never before. The one who got it closes it. */
export type RecordingSource = RecordingReader & { readonly wav: WavSource };

export interface Readers {
  /** @param query.before `next` of the page before. */
  calls(actor: Actor, query: CallsQuery): { calls: StoredCall[]; next: string | null };
  call(actor: Actor, callId: string): CallDetail | undefined;
  /** For IT: how the call was set up and how it sounded. Undefined: no such call. */
  signalling(actor: Actor, callId: string): CallSignalling | undefined;
  /** Undefined: no such call or no recording. @throws AppError("conflict") while the call runs. */
  recording(actor: Actor, callId: string, purpose: "listen" | "outline"): RecordingSource | undefined;
  /** Viewings of these days, both included, cancelled ones too. */
  diary(actor: Actor, from: LocalDate, to: LocalDate): Diary;
  /** Newest start first. */
  viewings(actor: Actor, limit: number): ViewingCard[];
  contacts(actor: Actor, limit: number): Contact[];
  /** Newest first. */
  messages(actor: Actor, limit: number): Message[];
  properties(actor: Actor): readonly Property[];
  /** Notes that the actor follows live calls from now on. */
  following(actor: Actor): void;
}

export type CallsQuery = { limit: number; before: string | undefined; outcome: Outcome | undefined };

export type ReaderParts = {
  audit: Audit;
  calls: Calls;
  turns: Turns;
  ladders: Ladders;
  afterCalls: AfterCalls;
  books: CallBooksReader;
  board: TaskBoard;
  viewings: Viewings;
  contacts: Contacts;
  messages: Messages;
  agency: AgencyRecords;
  recordings: Recordings;
  clock: () => Date;
};

/** A diary asked for in one go is at most this long. */
const longestDiaryDays = 62;

export function createReaders(parts: ReaderParts): Readers {
  const note = (actor: Actor, action: string, subjects: AuditSubjects = {}) =>
    parts.audit.record({ at: parts.clock(), actor, action, subjects });
  return {
    calls(actor, { limit, before, outcome }) {
      note(actor, "calls.list", { limit, before: before ?? null });
      const page = parts.calls.list({ limit: limit + 1, before: parseCursor(before), outcome });
      const calls = page.slice(0, limit);
      const last = page.length > limit ? calls.at(-1) : undefined;
      return { calls, next: last ? `${last.startedAt}~${last.id}` : null };
    },
    call(actor, callId) {
      note(actor, "call.read", { call: callId });
      const call = parts.calls.byId(callId);
      return call && detailOf(parts, call);
    },
    signalling(actor, callId) {
      note(actor, "call.signalling-read", { call: callId });
      const call = parts.calls.byId(callId);
      if (call === undefined) return undefined;
      const ladder = parts.ladders.of(callId);
      return { quality: qualityInWords(call.quality ?? {}, ladder), ladder: ladder ?? null };
    },
    recording(actor, callId, purpose) {
      note(actor, "recording.read", { call: callId, purpose });
      return recordingOf(parts, callId);
    },
    diary(actor, from, to) {
      note(actor, "diary.read", { from, to });
      return diaryOf(parts, from, to);
    },
    viewings(actor, limit) {
      note(actor, "viewings.list", { limit });
      return parts.viewings.list(limit);
    },
    contacts(actor, limit) {
      note(actor, "contacts.list", { limit });
      return parts.contacts.list(limit);
    },
    messages(actor, limit) {
      note(actor, "messages.list", { limit });
      return parts.messages.list(limit);
    },
    properties(actor) {
      note(actor, "properties.list");
      return parts.agency.catalogue().properties;
    },
    following: (actor) => note(actor, "calls.follow"),
  };
}

function parseCursor(before: string | undefined): CallCursor | undefined {
  if (before === undefined) return undefined;
  const [startedAt, id] = before.split("~");
  if (startedAt === undefined || id === undefined)
    throw new AppError("invalid_input", "There is no such page of calls.");
  return { startedAt, id };
}

function detailOf({ turns, viewings, messages, board, books, afterCalls }: ReaderParts, call: StoredCall): CallDetail {
  const after = afterCalls.of(call.id);
  return {
    call,
    turns: turns.of(call.id),
    viewings: viewings.ofCallCards(call.id),
    messages: messages
      .ofCall(call.id)
      .map(({ id, name, phone, about, forWhom }) => ({ id, name, phone, about, forWhom: forWhom ?? null })),
    tasks: board.ofCall(call.id),
    after: after === undefined ? null : shown(after),
    contactId: books.contactOf(call.id),
  };
}

function recordingOf({ calls, recordings }: ReaderParts, callId: string): RecordingSource | undefined {
  const call = calls.byId(callId);
  if (call === undefined || call.recording === null) return undefined;
  if (call.endedAt === null)
    throw new AppError("conflict", "The call is still running: its recording can be heard after.");
  const reader = recordings.open(callId);
  return { ...reader, wav: wavOf(reader) };
}

function diaryOf({ agency, viewings }: ReaderParts, from: LocalDate, to: LocalDate): Diary {
  if (to < from || to > addDays(from, longestDiaryDays)) {
    throw new AppError("invalid_input", `Ask for a diary of 1 to ${longestDiaryDays} days.`);
  }
  const catalogue = agency.catalogue();
  const days: Diary["days"] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const open = hoursOn(catalogue, day);
    days.push({ day, open: open ? [open.opens, open.closes] : null });
  }
  return {
    viewings: viewings.between(atClock(from, "00:00"), atClock(addDays(to, 1), "00:00")),
    staff: catalogue.staff.map(({ id, name, rota }) => ({ id, name, rota })),
    days,
  };
}
