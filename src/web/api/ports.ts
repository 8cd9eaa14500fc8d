/** What the web pages need of the appliance. `main.ts` puts the real parts behind these. */
import type { KeptPronunciation } from "../../agency/pronunciations.ts";
import type { Actor, LocalDate, Property } from "../../agency/types.ts";
import type { LiveEvent } from "../../calls/ports.ts";
import type { Pronunciation } from "../../english/pronunciations.ts";
import type { Outcome } from "../../receptionist/contract.ts";
import type { SignIn } from "../../security/sign-in.ts";
import type {
  AppStatus,
  CallDetail,
  CallPage,
  CallSignalling,
  ContactRow,
  ContactTimeline,
  Diary,
  SipTrace,
  TaskList,
  UnansweredTopic,
} from "./shapes.ts";

export type { AppStatus, CallDetail, CallPage, Diary };

/** A recording, decrypted as it is read and never before. The one who got it closes it. */
export interface RecordingSource {
  /** Of each side, at 8 kHz. */
  readonly samples: number;
  /** Samples `from` up to, not including, `until`, of both sides. */
  read(from: number, until: number): { caller: Int16Array; agent: Int16Array };
  /** The WAV file that it would be: PCM, 16 bit, caller left and agent right. */
  readonly wav: {
    readonly bytes: number;
    /** Bytes `from` up to, not including, `until`, in pieces; each is made when it is pulled. */
    pieces(from: number, until: number): Iterable<Uint8Array>;
  };
  close(): void;
}

/**
 * Reads of personal data. Each writes its audit entry, committed, before it reads; if that fails, it throws and
 * nothing is read.
 */
export interface WebReaders {
  calls(actor: Actor, query: { limit: number; before: string | undefined; outcome: Outcome | undefined }): CallPage;
  call(actor: Actor, callId: string): CallDetail | undefined;
  signalling(actor: Actor, callId: string): CallSignalling | undefined;
  /**
   * @param purpose For the audit entry: to hear it, or to draw how loud it is when.
   * @returns undefined if there is no such call or it has no recording. @throws AppError("conflict") while it runs.
   */
  recording(actor: Actor, callId: string, purpose: "listen" | "outline"): RecordingSource | undefined;
  /** Viewings of these days, both included, cancelled ones too. */
  diary(actor: Actor, from: LocalDate, to: LocalDate): Diary;
  properties(actor: Actor): readonly Property[];
  /** Notes that the actor follows live calls from now on. */
  following(actor: Actor): void;
}

/** What the office looks at besides calls and diary, and what it does with its tasks. As `WebReaders`. */
export interface WebOffice {
  tasks(actor: Actor, query: { status: "open" | "done"; limit: number }): TaskList;
  /** What callers asked in vain over so many days, most first. */
  unanswered(actor: Actor, days: number): UnansweredTopic[];
  /** By name: those whose name or number holds the text; all for "". */
  contacts(actor: Actor, query: { text: string; limit: number }): ContactRow[];
  contact(actor: Actor, contactId: string): ContactTimeline | undefined;
  /** @throws AppError("not_found"), "conflict" if it was cancelled. */
  done(taskId: string, actor: Actor): void;
  reopen(taskId: string, actor: Actor): void;
  /** To a member of staff; null: to nobody in particular. @throws AppError("invalid_input") too. */
  assign(taskId: string, staffId: string | null, actor: Actor): void;
}

/** Each writes its audit entry first. @throws AppError("conflict") where the appliance is starting or going down. */
export interface WebMaintenance {
  drain(actor: Actor, on: boolean): { draining: boolean; calls: number };
  trace(actor: Actor, on: boolean): void;
  traced(actor: Actor): SipTrace;
}

/** How the voice says words. Changes write their audit entry in the same transaction. */
export interface WebPronunciations {
  all(): KeptPronunciation[];
  put(entry: Pronunciation, actor: Actor): KeptPronunciation;
  remove(written: string, actor: Actor): void;
  /** The word by this entry, kept or not, in the real voice. */
  say(entry: Pronunciation, signal: AbortSignal): Promise<{ samples: Int16Array; rateHz: number }>;
}

/** Diaries for calendar programs, by secret links. */
export interface WebFeeds {
  /**
   * The diary as iCalendar; the read is in the audit log before it happens.
   * @throws AppError("not_found") | AppError("too_many").
   */
  read(token: string, address: string): string;
}

export type WebPorts = {
  signIn: SignIn;
  readers: WebReaders;
  office: WebOffice;
  live: { snapshot(): LiveEvent[]; subscribe(read: (event: LiveEvent) => void): () => void };
  status(): Promise<AppStatus>;
  maintenance: WebMaintenance;
  pronunciations: WebPronunciations;
  feeds: WebFeeds;
  /** Name over the pages. */
  agencyName(): string;
  assets: Assets;
  /** Names and addresses under which browsers may reach us, without port, lower case: see `webHostNames`. */
  hostNames: readonly string[];
  now(): Date;
  /** Runs `fire` once; @returns what cancels that. */
  schedule(afterMs: number, fire: () => void): () => void;
  /** Something that is a bug happened while answering. */
  failed(error: unknown): void;
};

export type Asset = { type: string; etag: string; plain: Uint8Array; readonly gzip: Uint8Array | undefined };
export type Assets = { page: Asset; files: ReadonlyMap<string, Asset> };
