/** What the running appliance answers to its own command line, over `<data>/control.sock`. */
import type { ImportReport } from "../agency/listings/import-listings.ts";
import type { Reject } from "../agency/listings/listing.ts";
import type { Actor } from "../agency/types.ts";
import type { OnCallAlert } from "../calls/on-call/ports.ts";
import type { LiveEvent } from "../calls/ports.ts";
import type { CallSummary } from "../calls/switchboard.ts";
import type { MediaStatus } from "../media/messages.ts";
import type { Alarm } from "../ops/alarms.ts";
import type { CallLimit } from "../ops/capacity/limit.ts";
import type { RegistrationStatus, SipStatus, UserAgent } from "../sip/ports.ts";
import type { SpeechChildStatus } from "../speech/ports.ts";
import type { PromptStatus } from "../speech/voice/prompt-cache.ts";
import type { ApplianceState, CallSignalling } from "../web/api/shapes.ts";

export type Status = {
  version: string;
  uptimeSeconds: number;
  state: ApplianceState;
  /** What somebody must see to, now or before a date. */
  alarms: readonly Alarm[];
  sip: SipStatus & {
    address: string;
    transports: readonly string[];
    /** Where TLS is listened on, and by which certificate (SHA-256, "AB:CD:…"). */
    tls?: { port: number; fingerprint: string; certificateEndsAt: string } | undefined;
    registrations: RegistrationStatus[];
  };
  media: MediaStatus;
  calls: CallSummary[];
  /** Emergencies that nobody has taken yet. */
  onCall: { open: number };
  /** How many calls are taken at once, why so many, and how many were refused because so many were running. */
  /** `load`: fewer than usual, as answers come late. */
  limit: Omit<CallLimit, "by"> & { by: CallLimit["by"] | "load"; refused: number };
  speech: SpeechChildStatus[];
  /** Fixed prompts that are ready, whence they came, and what the files that keep them have lost. */
  prompts: PromptStatus | undefined;
  /** Files of the watched folder, newest first: what became of them. */
  lists: ListStatus[];
  web: { url: string; fingerprint: string };
  memory: { rssBytes: number; heapBytes: number };
};

/** `rejects`: the first of `rejected`. */
export type ListStatus = {
  file: string;
  at: string;
  /** Why it was refused as a whole. */
  problem: string | null;
  added: number;
  changed: number;
  withdrawn: number;
  rejected: number;
  rejects: Reject[];
};

/** Reads of personal data: each writes its audit entry before it reads. */
export type ControlReaders = {
  calls(actor: Actor, limit: number): object[];
  call(actor: Actor, callId: string): object | undefined;
  signalling(actor: Actor, callId: string): CallSignalling | undefined;
  viewings(actor: Actor): object[];
  /** Notes that live calls are being followed. */
  following(actor: Actor): void;
};

/** What agency IT switches while the appliance runs. */
export type Maintenance = {
  /** On: new calls go to people (503), running ones go on. @throws AppError("conflict") where it is going down. */
  drain(actor: Actor, on: boolean): DrainState;
  trace(actor: Actor, on: boolean): void;
  traced(actor: Actor): ReturnType<UserAgent["trace"]["show"]>;
};

export type DrainState = { draining: boolean; calls: number };

/** A link to a negotiator's diary. `lastReadAt` null: never. Times: ISO, UTC. */
export type FeedRow = {
  id: string;
  staffId: string;
  staff: string;
  label: string;
  createdAt: string;
  lastReadAt: string | null;
};
/** `url` is told once and kept nowhere. */
export type NewFeed = FeedRow & { url: string };

export type ControlFeeds = {
  list(): FeedRow[];
  /** @param wanted `staff`: id or name. @throws AppError("not_found") | "invalid_input" | "conflict". */
  create(wanted: { staff: string; label: string }, actor: Actor): NewFeed;
  /** @throws AppError("not_found"). */
  revoke(id: string, actor: Actor): void;
};

/** A list of homes as the command line read it. `mapping`: JSON, for CSV only. */
export type ListToImport = {
  bytes: Uint8Array;
  mapping: string | undefined;
  list: string;
  dryRun: boolean;
  yes: boolean;
};

/** Emergencies that somebody on call must take. */
export type OnCallControl = {
  /** Noted in the audit log first. Newest first. */
  list(actor: Actor, limit: number): OnCallRow[];
  /** @throws AppError "not_found", or "conflict" where somebody has taken it already. */
  acknowledge(actor: Actor, alertId: string): OnCallRow;
};

export type OnCallRow = OnCallAlert & { readonly property: string | undefined };

export type ControlPorts = {
  onCall: OnCallControl;
  status(): Promise<Status>;
  maintenance: Maintenance;
  /** @throws AppError("invalid_input") or "conflict": see `ImportListings`. */
  importListings(list: ListToImport, actor: Actor): ImportReport;
  feeds: ControlFeeds;
  readers: ControlReaders;
  live: { snapshot(): LiveEvent[]; subscribe(read: (event: LiveEvent) => void): () => void };
  /** For `email`'s account, or without one for a new account. @throws AppError("not_found"). */
  signInLink(actor: Actor, email: string | undefined): { url: string; expiresAt: string };
  /** Something that is a bug happened while answering. */
  failed(error: unknown): void;
};
