/** Pieces that the steps of a call share. */
import { allowHeader, type ResponseSpec } from "../uas/responses.ts";
import type { CallEffect, CallState, CallStep, TransactionKey } from "./call-state.ts";

/** RFC 3261 §12.2.2: a request within a dialog that is not there. */
export const noDialog: ResponseSpec = { status: 481, reason: "Call/Transaction Does Not Exist" };

export function respond(state: CallState, transaction: TransactionKey, response: ResponseSpec): CallStep {
  return { state, effects: [{ kind: "respond", transaction, response }] };
}

/** @param initial Whether the response makes the dialog: only those copy Record-Route (RFC 3261 §12.1.1). */
export function dialogHeaders(state: CallState, initial = true): NonNullable<ResponseSpec["headers"]> {
  const routes = initial ? (state.recordRoute ?? []) : [];
  return [...routes, { name: "contact", value: state.contact }, allowHeader];
}

export function withSdp(state: CallState, sdp: string, initial = true): ResponseSpec {
  const body = { contentType: "application/sdp", text: sdp };
  return { status: 200, reason: "OK", headers: dialogHeaders(state, initial), body };
}

/** Ends the call by our BYE; whatever still waited for an ACK waits no longer. */
export function sayBye(state: CallState): CallStep {
  return {
    state: { ...state, phase: "over", bye: "sent", unacknowledged: [] },
    effects: [...stopWaiting(state), { kind: "bye" }],
  };
}

export function stopRinging(state: CallState): CallEffect[] {
  const ringing: CallEffect = { kind: "cancel-timer", name: "ringing" };
  return state.ringing ? [ringing, { kind: "cancel-timer", name: "progress" }] : [ringing];
}

export function stopWaiting(state: CallState): CallEffect[] {
  return state.unacknowledged.flatMap(({ cseq }): CallEffect[] => [
    { kind: "cancel-timer", name: `2xx ${cseq}` },
    { kind: "cancel-timer", name: `no-ack ${cseq}` },
  ]);
}
