/** What the SIP user agent server offers to `calls`. The pure machines behind it never see a socket or a clock. */

export type CallerIdentity = {
  /** As normalised: E.164 for UK numbers, otherwise as given; undefined if withheld. */
  number: string | undefined;
  display: string | undefined;
  withheld: boolean;
};

export type EndReason =
  | "caller-hung-up"
  | "cancelled"
  | "we-hung-up"
  | "no-ack"
  | "rejected"
  | "transport-failed"
  | "shutdown";

/** One INVITE that wants an answer (RFC 3261 §13.3, §14.2). */
export interface ServerCall {
  /** Our own id (UUID v4), unrelated to the Call-ID of the wire. */
  readonly id: string;
  readonly caller: CallerIdentity;
  /** User part of what was called (which line). */
  readonly called: string;
  /** SDP of the INVITE; undefined for a delayed offer (then `answer` carries our offer). */
  readonly offer: string | undefined;
  /** Address of ours that the peer reached; goes into the SDP. */
  readonly localAddress: string;
  /** How the INVITE came; left out: by UDP. Only over TLS does nobody else read the keys in its SDP. */
  readonly transport?: "udp" | "tcp" | "tls";
  /** 180 Ringing. */
  ring(): void;
  /** 200 OK with our SDP; retransmitted until ACK. */
  answer(sdp: string): void;
  /** Final refusal, e.g. 486, 488. */
  reject(status: number, reason: string): void;
  /** BYE (or CANCEL-like 487 before the answer). Idempotent. */
  hangUp(): void;
}

/** What the owner of a call wants to know. Every call ends with exactly one `ended`. */
export type ServerCallHandlers = {
  /** ACK came. `sdp`: the peer's answer, if the offer was ours. */
  acknowledged(sdp: string | undefined): void;
  /** re-INVITE with an offer → our answer, or undefined for 488 (the call goes on as it was). */
  reoffered(sdp: string): string | undefined;
  /** re-INVITE that leaves the offer to us → our offer. Without this, or with undefined, our last SDP is offered again. */
  reoffer?(): string | undefined;
  /** The peer's answer to that offer. */
  reanswered?(sdp: string): void;
  /** A key sent in INFO: 0–9, *, #, A–D. */
  digit?(digit: string, durationMs: number): void;
  ended(reason: EndReason): void;
};

export type SipStatus = {
  sockets: number;
  timers: number;
  transactions: number;
  dialogs: number;
  /** Datagrams dropped, by reason. */
  dropped: Record<string, number>;
};

export interface UserAgent {
  /** Where we listen: "127.0.0.1:5060". */
  readonly address: { address: string; port: number };
  /** New INVITEs are refused with 503 + Retry-After from now on; running dialogs go on. */
  drain(): void;
  status(): SipStatus;
  close(): Promise<void>;
}

/** What is known of an INVITE before it is taken. */
export type Arrival = { readonly caller: CallerIdentity; readonly called: string; readonly source: string };

/** Asked before anything but the 100 is sent. 486 when full (never 503: that would stop the PBX's other calls too). */
export type Admit = (arrival: Arrival) => { ok: true } | { ok: false; status: number; reason: string };

/** Called for every new INVITE from a configured peer, before any response but 100. */
export type OnInvite = (call: ServerCall) => ServerCallHandlers;
