/** The words of the call machine: one INVITE that we answer, from its first response until nothing of it remains. */
import type { SipRequest } from "../message/message.ts";
import type { EndReason } from "../ports.ts";
import type { ResponseSpec } from "../uas/responses.ts";
import type { Dialog } from "./dialog.ts";

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

export type CallState = {
  /** `over`: the owner has been told; what remains is BYE, or waiting for the ACK that must come before it. */
  readonly phase: "proceeding" | "established" | "over";
  readonly dialog: Dialog;
  /** The initial INVITE. */
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
};

/** Retransmission of a 2xx and its end; how long a call may ring; the repetition of 180. */
export type CallTimer = `2xx ${number}` | `no-ack ${number}` | "ringing" | "progress";

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
  | { readonly kind: "timer"; readonly name: CallTimer; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: CallTimer }
  | { readonly kind: "modify"; readonly modification: Modification }
  | { readonly kind: "tell"; readonly news: CallNews }
  /** Nothing of the call remains. */
  | { readonly kind: "gone" };

export type CallStep = { readonly state: CallState; readonly effects: readonly CallEffect[] };
