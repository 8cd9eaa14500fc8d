/**
 * What `calls` may begin of its own: one leg for a transfer, or one on-call alert, to an extension of the configured PBX
 * that the configuration allows. There is no other way to place a call (telephony.md, *Never*).
 */

/** Why a leg exists. There is no third reason. */
export type LegPurpose = "transfer" | "on-call";

export type LegRequest = {
  readonly purpose: LegPurpose;
  /** The call for which it is made: `ServerCall.id`. Its trunk is the way out. An on-call alert: the alert's own id. */
  readonly forCall: string;
  /** Of an on-call alert, which outlives its call: the way out. A transfer has none of its own. */
  readonly trunk?: string;
  /** One of those that the trunk allows, compared byte by byte. Anything else is refused before a byte is sent. */
  readonly extension: string;
  /** Our SDP. */
  readonly offer: string;
  /** How long it may ring before it is cancelled as `no-answer`. */
  readonly ringMs: number;
};

/**
 * How a leg ended. Before its answer: `not-allowed` (nothing was sent), `busy` (486, 600), `declined` (603, 403 …),
 * `no-answer` (408, 480, or `ringMs` over), `looped` (482, 483, or it came back to us), `unreachable` (404, 410, 5xx, a
 * 3xx, no response at all), `credentials` (401, 407 that we cannot or must not answer), `media` (488, 606, a 2xx without
 * SDP). Later: `they-hung-up`, `replaced` (hung up by the PBX once a REFER had told it to take the leg over),
 * `transport-failed` (nobody refreshed or acknowledged). At any time: `we-hung-up`, `shutdown`.
 */
export type LegEnd =
  | "not-allowed"
  | "busy"
  | "declined"
  | "no-answer"
  | "looped"
  | "unreachable"
  | "credentials"
  | "media"
  | "they-hung-up"
  | "replaced"
  | "we-hung-up"
  | "transport-failed"
  | "shutdown";

/** What a leg was, once it has ended: for the log, so without anything of the caller. */
export type LegSummary = {
  readonly legId: string;
  /** Our id of the call for which it was made. */
  readonly callId: string;
  readonly purpose: LegPurpose;
  /** Undefined where it was not allowed: then nothing is known of it. */
  readonly extension?: string;
  /** Address of the PBX. */
  readonly peer?: string | undefined;
  readonly end: LegEnd;
  /** Of the refusal, where there was one. */
  readonly status?: number | undefined;
  /** Until its answer, or its end where there was none. */
  readonly setupMs: number;
  readonly talkMs: number;
};

/** A dialog that we began (RFC 3261 §13.2). */
export interface ClientLeg {
  /** Our own id (UUID v4), unrelated to the Call-ID of the wire. */
  readonly id: string;
  /** CANCEL before the answer (a 200 that crosses it gets ACK and BYE), BYE after. Idempotent. */
  hangUp(): void;
}

/** What the owner of a leg wants to know. Never called before `placeLeg` has returned; exactly one `ended`. */
export type ClientLegHandlers = {
  /** 180 or 183; `sdp` where there is early media. May come several times. */
  ringing(sdp: string | undefined): void;
  /** The first 2xx, already acknowledged. Those of other forks are ACKed and ended without a word (RFC 3261 §13.2.2.4). */
  answered(sdp: string): void;
  /** As in ServerCallHandlers: a re-INVITE, an UPDATE, or an INVITE with Replaces that takes the leg over. */
  reoffered(sdp: string): string | undefined;
  /** As in ServerCallHandlers: one that has no SDP, and so asks for our offer. */
  reoffer?(): string | undefined;
  /** Their answer to that offer, or to a refresh of ours. */
  reanswered?(sdp: string): void;
  digit?(digit: string, durationMs: number): void;
  ended(end: LegEnd, status?: number): void;
};

/**
 * What became of our REFER (RFC 3515). `refused`: the PBX said no, or nothing; the caller is still ours. `succeeded`:
 * a NOTIFY told of a 2xx. `failed`: a NOTIFY told of a final failure; the caller is still ours if his dialog is.
 * `unknown`: accepted, and then nothing more was heard (the dialog or the subscription ended, or it took too long).
 */
export type ReferOutcome = "refused" | "succeeded" | "failed" | "unknown";

export type ReferHandlers = {
  /** 202: from here on the caller is the PBX's. */
  accepted(): void;
  /** A NOTIFY's sipfrag, 1xx. */
  progress?(status: number): void;
  /** Exactly once. */
  done(outcome: ReferOutcome, status?: number): void;
};

/** Where a caller is sent: into the PBX's dialplan, or onto a leg that has answered (Replaces, RFC 3891). */
export type ReferTarget =
  | { readonly kind: "extension"; readonly extension: string }
  | { readonly kind: "leg"; readonly legId: string };

/** Added to UserAgent. */
export interface Legs {
  placeLeg(request: LegRequest, handlers: ClientLegHandlers): ClientLeg;
  /** Sends REFER within the dialog of `callId`. The same allow-list holds for an extension. */
  refer(callId: string, target: ReferTarget, handlers: ReferHandlers): void;
}

/** Where legs of one trunk go and who may be called by them; without it a trunk has no legs. */
export type OutboundSettings = {
  /** The trunk's name. */
  readonly trunk: string;
  /** Extensions that may be called, as they stand in a Request-URI's user part: [0-9*#A-Za-z._+-]{1,32}. */
  readonly extensions: readonly string[];
  /** Who we say we are: the user part of From and P-Asserted-Identity. */
  readonly identity: string;
  /**
   * Where the PBX takes them. Left out for a registered trunk: the registrar that it is registered with, by that flow,
   * with that password. For an IP trunk it must be given.
   */
  readonly pbx?: {
    readonly transport: "udp" | "tcp" | "tls";
    readonly host: string;
    /** 0: none was named, as in Registrar. */
    readonly port: number;
    /** As TlsTrust in ports.ts; left out over TLS: its host, by the authorities of the system. */
    readonly tls?: { readonly name: string; readonly ca: string | undefined; readonly pinned: string | undefined };
  };
};
