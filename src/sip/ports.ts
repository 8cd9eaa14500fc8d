/** What the SIP user agent offers to `calls`. The pure machines behind it never see a socket or a clock. */
import type { Legs } from "./leg-ports.ts";

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
  /** The session timer ran out: the peer, or we, did not refresh (RFC 4028). */
  | "session-expired"
  | "rejected"
  | "transport-failed"
  | "shutdown";

/** What a call was, once nothing of it remains: for the log, so without anything of the caller. */
export type CallEnd = {
  /** Our own id. */
  readonly callId: string;
  /** Address of the PBX. */
  readonly peer: string;
  /** `replaced`: the call went on in the dialog of an INVITE with Replaces. */
  readonly reason: EndReason | "replaced";
  /** Whether the ACK of our answer came. */
  readonly acknowledged: boolean;
  /** From INVITE to our answer, or to the end where there was none. */
  readonly setupMs: number;
  /** From our answer to the end. */
  readonly talkMs: number;
};

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
  /** Name of the trunk that it came by. */
  readonly trunk?: string;
  /** 180 Ringing. */
  ring(): void;
  /** 200 OK with our SDP; retransmitted until ACK. */
  answer(sdp: string): void;
  /** Final refusal, e.g. 486, 488. */
  reject(status: number, reason: string): void;
  /**
   * BYE (or CANCEL-like 487 before the answer). Idempotent. While a REFER of ours is under way in its dialog, BYE waits
   * for the last NOTIFY, or for the time in which it should have come; `ended` is told then.
   */
  hangUp(): void;
}

/** What the owner of a call wants to know. Every call ends with exactly one `ended`. */
export type ServerCallHandlers = {
  /** ACK came. `sdp`: the peer's answer, if the offer was ours. */
  acknowledged(sdp: string | undefined): void;
  /**
   * re-INVITE, UPDATE, or an INVITE with Replaces that takes the call over (RFC 3891), with an offer → our answer, or
   * undefined for 488 (the call goes on as it was).
   */
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
  /** Of which anything remains; an answered one is a dialog too. */
  legs: number;
  /** Datagrams, messages and connections dropped, by reason. */
  dropped: Record<string, number>;
  /** Who sent most of them: an address, how many (too many by `atMostOver` at most), and why the last one was. */
  rejected: readonly { address: string; count: number; atMostOver: number; reason: string }[];
};

/** Where a call says which number was dialled. */
export type CalledHeader = "request-uri" | "to" | "p-called-party-id" | "diversion" | "history-info";

/** One way in: a PBX, or an extension of one. */
export type TrunkSettings = {
  /** For logs and status. */
  readonly name: string;
  /** Addresses or CIDR blocks of those who call by it; none where it is only registered. */
  readonly peers: readonly string[];
  /** Searched in this order for the number dialled. */
  readonly called: readonly CalledHeader[];
  /** By what they may come; left out: by all that is listened on. */
  readonly transports?: readonly ("udp" | "tcp" | "tls")[];
  /** Who connects by TLS must prove by a certificate of its own to be the PBX; left out: its address is enough. */
  readonly tls?: TlsTrust;
};

/** How a peer proves who it is by TLS: by a name in a certificate of an authority, or by being this very certificate. */
export type TlsTrust = {
  /** The name that its certificate must be for; also told to it (SNI) where it is no address. Of a client: "" for any. */
  readonly name: string;
  /** Certificates of the authorities trusted, PEM; undefined: those of the system. */
  readonly ca: string | undefined;
  /** SHA-256 of the certificate, 64 hex digits in lower case: then neither authority nor name matter. */
  readonly pinned: string | undefined;
};

/** What of TLS is accepted below what is usual (1.2 with AEAD and forward secrecy): an exception that somebody named. */
export type TlsWeakness = {
  readonly minVersion: "TLSv1" | "TLSv1.1" | "TLSv1.2";
  /** By OpenSSL's names, after the usual ones. */
  readonly ciphers: readonly string[];
};

/** Who we are to those who connect by TLS. PEM. */
export type TlsCertificate = {
  readonly certificate: string;
  readonly privateKey: string;
  readonly fingerprint: string;
};

export type Registrar = {
  readonly transport: "udp" | "tcp" | "tls";
  /** An address without brackets, or a name. */
  readonly host: string;
  /** 0: none was named. A name's SRV records say it then (RFC 3263), or it is the usual one. */
  readonly port: number;
  /** For TLS. */
  readonly tls: TlsTrust | undefined;
};

/** One extension of a PBX that we register as. */
export type RegistrationSettings = {
  readonly trunk: TrunkSettings;
  /** In the order of preference. */
  readonly registrars: readonly [Registrar, ...Registrar[]];
  readonly extension: string;
  /** Host of our address of record. */
  readonly domain: string;
  /** The only realm that our password is for. */
  readonly realm: string;
  /** User name of the digest; on some PBXes it is not the extension. */
  readonly authId: string;
  readonly password: string;
  readonly expiresSeconds: number;
};

/** What became of one registered extension (RFC 3261 §10). */
export type RegistrationStatus = {
  readonly trunk: string;
  /** `waiting`: until the next attempt. `off`: withdrawn, because we drain or close. */
  readonly state: "registered" | "trying" | "waiting" | "off";
  /** The registrar that it is registered with, or that is asked: "udp 192.0.2.1:5060". */
  readonly registrar: string;
  /** How long the registrar keeps it unless it is refreshed; undefined unless registered. */
  readonly expiresInSeconds: number | undefined;
  /** Why the last attempt failed, in words that say what to do; undefined after a success. */
  readonly problem: string | undefined;
};

export interface UserAgent extends Legs {
  /** Where we listen: "127.0.0.1:5060". */
  readonly address: { address: string; port: number };
  /** Where TLS is listened on. */
  readonly tlsPort?: number;
  /** One for each registered extension. */
  registrations(): RegistrationStatus[];
  /** New INVITEs are refused with 503 + Retry-After from now on; running dialogs go on. */
  /** @param forGood We are going down: registrations are withdrawn too. */
  drain(forGood?: boolean): void;
  /** They are taken again. */
  resume(): void;
  draining(): boolean;
  /** The last messages, redacted, in memory only: see sip/trace. */
  readonly trace: {
    set(on: boolean): void;
    show(): {
      on: boolean;
      messages: readonly { at: string; direction: "in" | "out"; peer: string; text: string }[];
    };
  };
  status(): SipStatus;
  close(): Promise<void>;
}

/** What is known of an INVITE before it is taken. */
export type Arrival = {
  readonly caller: CallerIdentity;
  readonly called: string;
  readonly source: string;
  readonly trunk: string;
};

/** Asked before anything but the 100 is sent. 486 when full (never 503: that would stop the PBX's other calls too). */
export type Admit = (arrival: Arrival) => { ok: true } | { ok: false; status: number; reason: string };

/** Called for every new INVITE from a configured peer, before any response but 100. */
export type OnInvite = (call: ServerCall) => ServerCallHandlers;

/** What a session description says of the sound, in words that name nobody: no address, no port, no key. */
export type SdpSummary = {
  /** Known names in the order given; "other" for the rest of them. */
  readonly codecs: readonly string[];
  /** Whether telephone-event (RFC 4733) is among them. */
  readonly dtmf: boolean;
  readonly direction: "sendrecv" | "sendonly" | "recvonly" | "inactive";
  readonly ptimeMs?: number;
  /** Suites of SDES by name, "DTLS", or nothing. */
  readonly srtp?: readonly string[];
};

/** One message of a call. */
export type LadderStep = {
  /** Since the INVITE came. */
  readonly atMs: number;
  readonly from: "pbx" | "us";
  /** Not between the caller and us, but between us and whom we ring for the caller. */
  readonly leg?: true;
  /** A method, or a status with its standard phrase: never what the other side wrote. */
  readonly what: string;
  /** "2 INVITE" */
  readonly cseq: string;
  readonly transport: "udp" | "tcp" | "tls";
  /** How often it went again. */
  readonly again: number;
  readonly sdp?: SdpSummary;
  readonly note?: "hold" | "resume" | "a key by INFO";
};

/** The signalling of one call, in order. Nothing in it tells who called, whom, or what was said. */
export type Ladder = {
  readonly steps: readonly LadderStep[];
  /** Messages beyond the bound: counted, not kept. */
  readonly omitted: number;
  readonly end: EndReason;
};
