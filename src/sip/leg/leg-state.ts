/** The words of the leg machine: an INVITE of ours, from the way out until nothing that answers it can come any more. */

import type { LegEnd } from "../leg-ports.ts";
import type { HeaderField, SipResponse } from "../message/message.ts";
import type { Challenge } from "../registration/digest.ts";

/** One of the ends that our INVITE reached; a proxy may have forked it (RFC 3261 §12.1, §13.2.2.4). */
export type Fork = {
  /** Of To; RFC 2543 peers have none. */
  readonly tag: string | undefined;
  /** Last session description that it sent. */
  readonly sdp: string | undefined;
  /** Of the last reliable provisional response that we acknowledged (RFC 3262 §4). */
  readonly rseq: number | undefined;
};

export type LegState = {
  /**
   * `opening`: no byte is sent yet. `calling`: no answer of any kind. `ringing`: a provisional one. `answered`: a 2xx is
   * acknowledged, the dialog goes its own way. `over`: the owner has been told; what comes late is still seen to.
   */
  readonly phase: "opening" | "calling" | "ringing" | "answered" | "over";
  readonly ringMs: number;
  /** Whether a provisional response has come for the INVITE under way: only then may it be cancelled. */
  readonly heard: boolean;
  readonly cancel: "none" | "wanted" | "sent";
  readonly forks: readonly Fork[];
  /** Tags of those whose 2xx has come. The first is the leg's, where it was still wanted. */
  readonly taken: readonly (string | undefined)[];
  /** The only realm that is answered; undefined: none is. */
  readonly realm: string | undefined;
  readonly auth: LegAuth | undefined;
  readonly challengesAnswered: number;
  /** Seconds; from a 422 (RFC 4028 §7.4). */
  readonly minSessionSeconds: number | undefined;
};

export type LegAuth = { readonly challenge: Challenge; readonly count: number };

export type LegTimer = "silence" | "ringing" | "cancelled";

export type LegInput =
  /** The way out is there, or there is none. */
  | { readonly kind: "opened"; readonly ok: boolean }
  /** A provisional response, or a 2xx. */
  | { readonly kind: "heard"; readonly response: SipResponse }
  /** 300 to 699, already acknowledged; undefined: nothing came. */
  | { readonly kind: "refused"; readonly response: SipResponse | undefined }
  | { readonly kind: "hang-up"; readonly end: LegEnd }
  | { readonly kind: "timer"; readonly name: LegTimer }
  /** The INVITE's transaction is over: nothing late can come. */
  | { readonly kind: "spent" };

export type LegEffect =
  | { readonly kind: "invite"; readonly auth: LegAuth | undefined; readonly session: readonly HeaderField[] }
  | { readonly kind: "cancel" }
  /** The transaction that was cancelled in vain is given up. */
  | { readonly kind: "abandon" }
  | { readonly kind: "acknowledge"; readonly response: SipResponse }
  /** Ends a dialog that a 2xx made and nobody wants. */
  | { readonly kind: "bye"; readonly response: SipResponse }
  | { readonly kind: "prack"; readonly response: SipResponse; readonly rseq: number }
  /** From here on its dialog is like any other. */
  | { readonly kind: "established"; readonly response: SipResponse; readonly sdp: string }
  | { readonly kind: "timer"; readonly name: LegTimer; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: LegTimer }
  | { readonly kind: "ringing"; readonly sdp: string | undefined }
  | { readonly kind: "ended"; readonly end: LegEnd; readonly status: number | undefined }
  /** Nothing of it remains, save the dialog if one was established. */
  | { readonly kind: "gone" };

export type LegStep = { readonly state: LegState; readonly effects: readonly LegEffect[] };
