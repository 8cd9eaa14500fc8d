/** The words of the call machine: one INVITE that we answer, from its first response until nothing of it remains. */
import type { HeaderField, SipRequest, SipResponse } from "../message/message.ts";
import type { EndReason } from "../ports.ts";
import type { ResponseSpec } from "../uas/responses.ts";
import type { Dialog } from "./dialog.ts";
import type { SessionTerms } from "./session-timer.ts";

/** Key of a server transaction. */
export type TransactionKey = string;

/** A 2xx to an INVITE that is sent again until its ACK comes (RFC 3261 §13.3.1.4). */
export type Unacknowledged = {
  readonly transaction: TransactionKey;
  readonly cseq: number;
  /** What the retransmission timer waited last. */
  readonly intervalMs: number;
  /** Whether the 2xx carries an offer of ours, so that the ACK must bring the answer. */
  readonly offered: boolean;
};

/** A provisional response that waits for its PRACK, or has had it (RFC 3262). */
export type Provisional = { readonly rseq: number; readonly intervalMs: number; readonly acknowledged: boolean };

export type CallState = {
  /** `over`: the owner has been told; what remains is BYE, or waiting for the ACK that must come before it. */
  readonly phase: "proceeding" | "established" | "over";
  readonly dialog: Dialog;
  /** Whether we made the Call-ID: then the dialog is a leg's, and glare makes us wait longer (RFC 3261 §14.1). */
  readonly ours: boolean;
  /** The initial INVITE; of a leg, none that could still be answered. */
  readonly invite: { readonly transaction: TransactionKey; readonly cseq: number; readonly offered: boolean };
  /** What every response that makes or refreshes the dialog carries: Record-Route lines and our Contact. */
  readonly recordRoute: ResponseSpec["headers"];
  readonly contact: string;
  readonly ringing: boolean;
  /** Whether the initial INVITE's 2xx has its ACK: before that we may not send BYE (RFC 3261 §15). */
  readonly confirmed: boolean;
  readonly unacknowledged: readonly Unacknowledged[];
  /** Our last session description. */
  readonly localSdp: string | undefined;
  readonly bye: "none" | "owed" | "sent";
  /** What the 2xx agrees to, or has agreed to; undefined: the session has no timer. */
  readonly session: SessionTerms | undefined;
  readonly minSessionSeconds: number;
  /** The refresh of ours that is under way. */
  readonly refreshing: "UPDATE" | "INVITE" | undefined;
  /** Whether the peer has said that it takes UPDATE. */
  readonly peerUpdates: boolean;
  /** Whether the INVITE requires 100rel: then no provisional response but 100 may be sent unreliably. */
  readonly reliably: boolean;
  readonly provisional: Provisional | undefined;
};

/** A re-INVITE or UPDATE whose answer the owner of the call gives. */
export type Modification = {
  readonly transaction: TransactionKey;
  readonly method: "INVITE" | "UPDATE";
  readonly cseq: number;
  /** The Contact that it brings, if any. */
  readonly target: string | undefined;
  /** Their offer; undefined: the offer is ours to make. */
  readonly offer: string | undefined;
  /** What our 2xx agrees to. */
  readonly session: SessionTerms | undefined;
};

/**
 * Retransmission of a 2xx and its end; how long a call may ring; the repetition of 180; retransmission of a reliable
 * 180 and its end; when we refresh the session, and when it has not been refreshed in time.
 */
export type CallTimer =
  | `2xx ${number}`
  | `no-ack ${number}`
  | "ringing"
  | "progress"
  | "reliable"
  | "no-prack"
  | "refresh"
  | "session-end";

export type CallInput =
  | { readonly kind: "ring" }
  | { readonly kind: "answer"; readonly sdp: string }
  | { readonly kind: "reject"; readonly response: ResponseSpec }
  | { readonly kind: "hang-up"; readonly reason: "we-hung-up" | "shutdown"; readonly unanswered: ResponseSpec }
  | { readonly kind: "cancel" }
  | { readonly kind: "ack"; readonly cseq: number; readonly sdp: string | undefined }
  /** Any other request within the dialog. `random`: 0 to 1, for Retry-After. */
  | {
      readonly kind: "request";
      readonly transaction: TransactionKey;
      readonly request: SipRequest;
      readonly random: number;
    }
  /** The owner's word on a modification: our description, or undefined for 488. */
  | { readonly kind: "modified"; readonly modification: Modification; readonly sdp: string | undefined }
  | { readonly kind: "timer"; readonly name: CallTimer }
  /** Our refresh has its final response, or will have none. `random`: 0 to 1. */
  | { readonly kind: "refreshed"; readonly response: SipResponse | undefined; readonly random: number }
  | { readonly kind: "bye-finished" };

/** What the owner of the call is told. */
export type CallNews =
  | { readonly kind: "acknowledged"; readonly sdp: string | undefined }
  /** Answer to an offer that we made in a later 2xx. */
  | { readonly kind: "reanswered"; readonly sdp: string }
  | { readonly kind: "digit"; readonly digit: string; readonly durationMs: number }
  | { readonly kind: "ended"; readonly reason: EndReason };

export type CallEffect =
  | { readonly kind: "respond"; readonly transaction: TransactionKey; readonly response: ResponseSpec }
  | { readonly kind: "resend"; readonly transaction: TransactionKey }
  | { readonly kind: "bye" }
  /** UPDATE without an offer, or a re-INVITE that offers what we offered last. */
  | {
      readonly kind: "refresh";
      readonly method: "UPDATE" | "INVITE";
      readonly headers: readonly HeaderField[];
      readonly sdp: string | undefined;
    }
  | { readonly kind: "timer"; readonly name: CallTimer; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: CallTimer }
  | { readonly kind: "modify"; readonly modification: Modification }
  /** NOTIFY: it belongs to a REFER of ours, or to nothing. */
  | { readonly kind: "notified"; readonly transaction: TransactionKey; readonly request: SipRequest }
  | { readonly kind: "tell"; readonly news: CallNews }
  /** Nothing of the call remains. */
  | { readonly kind: "gone" };

export type CallStep = { readonly state: CallState; readonly effects: readonly CallEffect[] };
