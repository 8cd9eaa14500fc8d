/** What the user agent server needs of the world around it, and what it gives: see signalling.ts. */
import type { WorkLimits } from "./admission.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Legs as LegsPort } from "./leg-ports.ts";
import type { Admit, CallEnd, Ladder, OnInvite, SipStatus, TrunkSettings } from "./ports.ts";
import type { Schedule } from "./timers.ts";
import type { ClientRequest } from "./transaction/client-transactions.ts";
import type { OutboundPorts } from "./transfers.ts";

export type SignallingPorts = {
  send(bytes: Uint8Array, to: Endpoint): void;
  schedule: Schedule;
  /** A UUID v4. */
  randomId(): string;
  /** By which trunk that end is served; undefined: it is not. */
  trunkOf(remote: Endpoint): TrunkSettings | undefined;
  /** Where the peer at that end reaches us. */
  localEndpoint(remote: Endpoint): Endpoint;
  /** Server and User-Agent header; undefined for none. */
  userAgentHeader: string | undefined;
  /** The shortest session interval that we take part in (RFC 4028). */
  minSessionSeconds: number;
  limits: SignallingLimits;
  /** Of a clock that never goes back. */
  nowMs(): number;
  onInvite: OnInvite;
  admit: Admit;
  /** Where legs may go; left out: nowhere. */
  outbound?: OutboundPorts;
  /** Sees each message of a peer, and each of ours. */
  trace(direction: "in" | "out", bytes: Uint8Array, peer: Endpoint): void;
  /** Nothing of a call remains. */
  finished(summary: CallEnd, ladder: Ladder | undefined): void;
  /** A bug, ours or the call owner's. `callId`: our own id, where there is a call. */
  failed(error: unknown, callId?: string): void;
};

export type SignallingLimits = WorkLimits & {
  /** Calls that have not been acknowledged yet: their caller may not exist. */
  readonly earlyDialogs: number;
};

export interface Signalling extends LegsPort {
  /** @param datagram One whole message: a datagram, or what a stream was cut into. */
  receive(datagram: Uint8Array, source: Endpoint): void;
  /** A REGISTER of ours: the only request that we send outside a dialog. */
  register(request: Omit<ClientRequest, "method">): void;
  /** A connection broke. */
  lost(connection: number): void;
  /** Whether a call or a leg goes by it. */
  isInUse(connection: number): boolean;
  /** Counts what the transport dropped or could not send; `address`: who sent it. */
  count(reason: string, address?: string): void;
  drain(): void;
  resume(): void;
  draining(): boolean;
  hangUpAll(): void;
  /** Calls `notify` once no call is left; at once if there is none. */
  whenIdle(notify: () => void): void;
  status(): Omit<SipStatus, "sockets">;
  /** Forgets everything, timers included. */
  stop(): void;
}
