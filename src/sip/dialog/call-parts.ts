/** Pieces that the steps of a call share. */
import { allowHeader, type ResponseSpec, supportedHeader } from "../uas/responses.ts";
import type { CallEffect, CallState, CallStep, TransactionKey } from "./call-state.ts";
import { agreedHeaders, endAfterMs, refreshAfterMs } from "./session-timer.ts";

export function respond(state: CallState, transaction: TransactionKey, response: ResponseSpec): CallStep {
  return { state, effects: [{ kind: "respond", transaction, response }] };
}

/** @param initial Whether the response makes the dialog: only those copy Record-Route (RFC 3261 §12.1.1). */
export function dialogHeaders(state: CallState, initial = true): NonNullable<ResponseSpec["headers"]> {
  const routes = initial ? (state.recordRoute ?? []) : [];
  return [...routes, { name: "contact", value: state.contact }, allowHeader, supportedHeader];
}

export function withSdp(state: CallState, sdp: string, initial = true): ResponseSpec {
  const body = { contentType: "application/sdp", text: sdp };
  const headers = [...dialogHeaders(state, initial), ...agreedHeaders(state.session)];
  return { status: 200, reason: "OK", headers, body };
}

/** Ends the call by our BYE; whatever still waited for an ACK waits no longer. */
export function sayBye(state: CallState): CallStep {
  return {
    state: { ...state, phase: "over", bye: "sent", unacknowledged: [] },
    effects: [...stopWaiting(state), ...stopSession, { kind: "bye" }],
  };
}

export function stopRinging(state: CallState): CallEffect[] {
  const names = state.ringing ? (["ringing", "progress", "reliable", "no-prack"] as const) : (["ringing"] as const);
  return names.map((name) => ({ kind: "cancel-timer", name }));
}

const stopSession: readonly CallEffect[] = [
  { kind: "cancel-timer", name: "refresh" },
  { kind: "cancel-timer", name: "session-end" },
];

/** The session's timers from the moment of a 2xx that agreed to its terms (RFC 4028 §7.2, §9). */
export function startSession({ session }: CallState): readonly CallEffect[] {
  if (session === undefined) return stopSession;
  const end: CallEffect = { kind: "timer", name: "session-end", afterMs: endAfterMs(session) };
  const refresh: CallEffect = session.weRefresh
    ? { kind: "timer", name: "refresh", afterMs: refreshAfterMs(session) }
    : { kind: "cancel-timer", name: "refresh" };
  return [refresh, end];
}

export function stopWaiting(state: CallState): CallEffect[] {
  return state.unacknowledged.flatMap(({ cseq }): CallEffect[] => [
    { kind: "cancel-timer", name: `2xx ${cseq}` },
    { kind: "cancel-timer", name: `no-ack ${cseq}` },
  ]);
}
