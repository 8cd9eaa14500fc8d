/** What the web pages need of the appliance, and the shapes they get. Types only: the pages import them as well. */
import type { Actor, Hours, LocalDate, LocalTime, Property, Viewing } from "../../agency/types.ts";
import type { LiveEvent, StoredTurn } from "../../calls/ports.ts";
import type { Outcome } from "../../receptionist/contract.ts";
import type { Permission, Role } from "../../security/accounts.ts";
import type { SignIn } from "../../security/sign-in.ts";

export type { LiveEvent, Outcome, Permission, Property, Role, StoredTurn };

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

export type CallDetail = { call: CallRow; turns: StoredTurn[]; viewings: ViewingCard[]; messages: CallMessage[] };

export type Diary = {
  viewings: ViewingCard[];
  staff: { id: string; name: string; rota: Hours }[];
  /** Each day asked for; null: closed (holidays applied). */
  days: { day: LocalDate; open: [opens: string, closes: string] | null }[];
};

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
  /** Undefined: no such call or no recording. @throws AppError("conflict") while the call runs. */
  recording(actor: Actor, callId: string): RecordingSource | undefined;
  /** Viewings of these days, both included, cancelled ones too. */
  diary(actor: Actor, from: LocalDate, to: LocalDate): Diary;
  properties(actor: Actor): readonly Property[];
  /** Notes that the actor follows live calls from now on. */
  following(actor: Actor): void;
}

/** Counts for IT, nothing of callers. */
export type AppStatus = {
  version: string;
  uptimeSeconds: number;
  draining: boolean;
  calls: { running: number; atMost: number };
  sip: { address: string; transport: string };
  speech: { kind: string; ready: boolean; restarts: number; queued: number; model: string }[];
  media: { sockets: number; latenessP99Ms: number };
  memory: { rssBytes: number };
  web: { fingerprint: string; certificateEndsAt: string };
};

export type WebPorts = {
  signIn: SignIn;
  readers: WebReaders;
  live: { snapshot(): LiveEvent[]; subscribe(read: (event: LiveEvent) => void): () => void };
  status(): Promise<AppStatus>;
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

export type Asset = { type: string; etag: string; plain: Uint8Array; gzip: Uint8Array | undefined };
export type Assets = { page: Asset; files: ReadonlyMap<string, Asset> };

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
