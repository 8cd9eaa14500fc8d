/** Our refreshes of the session (RFC 4028 §7.4, §10), and its end where nobody refreshed it. Pure. */
import { sdpOf } from "../message/body.ts";
import { parseDecimal } from "../message/grammar.ts";
import { header, type SipResponse } from "../message/message.ts";
import { allowHeader, supportedHeader } from "../uas/responses.ts";
import { sayBye, startSession } from "./call-parts.ts";
import type { CallEffect, CallState, CallStep } from "./call-state.ts";
import { contactUri } from "./dialog.ts";
import { afterTooShort, confirmedBy, refreshHeaders } from "./session-timer.ts";

/** Where a refresh cannot be sent just now, or was refused for a reason that may pass. */
const againMs = 1_000;
const afterRefusalMs = 10_000;

/** Half the interval is over. */
export function refresh(state: CallState): CallStep {
  const { session } = state;
  if (state.phase !== "established" || session === undefined || state.refreshing !== undefined) {
    return { state, effects: [] };
  }
  // RFC 4028 §7.4: UPDATE without an offer is the better way, where the peer takes it.
  const method = state.peerUpdates ? "UPDATE" : "INVITE";
  if (method === "INVITE" && state.dialog.remoteTag === undefined) return { state, effects: [] };
  // RFC 3261 §14.1: no INVITE while another is under way within the dialog, in either direction.
  if (method === "INVITE" && state.unacknowledged.length > 0) return later(state, againMs);
  const contact = { name: "contact", value: state.contact };
  const headers = [contact, allowHeader, supportedHeader, ...refreshHeaders(session)];
  const sdp = method === "INVITE" ? state.localSdp : undefined;
  return { state: { ...state, refreshing: method }, effects: [{ kind: "refresh", method, headers, sdp }] };
}

/** @param response undefined: none came. @param random 0 to 1. */
export function refreshed(before: CallState, response: SipResponse | undefined, random: number): CallStep {
  const method = before.refreshing;
  const state: CallState = { ...before, refreshing: undefined };
  const { session } = state;
  if (state.phase !== "established" || session === undefined) return { state, effects: [] };
  // RFC 4028 §10: no answer, 408 and 481 say that the other side has no such session any more.
  if (response === undefined || response.status === 408 || response.status === 481) return expired(state);
  const { status } = response;
  if (status < 300) return confirmed(state, response, method);
  switch (status) {
    case 422: {
      const longer = afterTooShort(response, session);
      return longer === undefined ? later(state, afterRefusalMs) : refresh({ ...state, session: longer });
    }
    case 405:
    case 501:
      return method === "UPDATE" ? refresh({ ...state, peerUpdates: false }) : later(state, afterRefusalMs);
    case 491:
      // RFC 3261 §14.1: the side that made the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in units of 10 ms.
      return later(state, state.ours ? 2_100 + Math.round(random * 190) * 10 : Math.round(random * 200) * 10);
    default: {
      const seconds = parseDecimal((header(response, "retry-after") ?? "").split(/[;( \t]/, 1)[0] ?? "", 3_600);
      return later(state, seconds === undefined ? afterRefusalMs : seconds * 1_000);
    }
  }
}

/** RFC 4028 §7.2: the time runs anew from the 2xx, on the terms that it names. */
function confirmed(state: CallState, response: SipResponse, method: CallState["refreshing"]): CallStep {
  const target = contactUri(response);
  const dialog = target === undefined ? state.dialog : { ...state.dialog, remoteTarget: target };
  const session = state.session && confirmedBy(response, state.session);
  const next: CallState = { ...state, dialog, session };
  const body = method === "INVITE" ? sdpOf(response) : undefined;
  const told: CallEffect[] =
    body?.kind === "sdp" ? [{ kind: "tell", news: { kind: "reanswered", sdp: body.sdp } }] : [];
  return { state: next, effects: [...startSession(next), ...told] };
}

/** The timer of the session's end runs on meanwhile. */
function later(state: CallState, afterMs: number): CallStep {
  return { state, effects: [{ kind: "timer", name: "refresh", afterMs }] };
}

/** RFC 4028 §10: BYE, before the other side or a proxy between us forgets the call. */
export function expired(state: CallState): CallStep {
  if (state.phase !== "established") return { state, effects: [] };
  const left = sayBye(state);
  return {
    state: left.state,
    effects: [{ kind: "tell", news: { kind: "ended", reason: "session-expired" } }, ...left.effects],
  };
}
