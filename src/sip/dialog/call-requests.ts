/** Requests within the dialog of a call (RFC 3261 §12.2.2, §14.2, §15.1.2; RFC 3311; RFC 6086). */
import { sdpOf } from "../message/body.ts";
import { dtmfTypes, parseDtmfInfo } from "../message/dtmf-info.ts";
import type { SipRequest } from "../message/message.ts";
import { capabilities } from "../uas/requirements.ts";
import { allowHeader, noTransaction, type ResponseSpec, retryAfter } from "../uas/responses.ts";
import { dialogHeaders, respond, startSession, stopRinging, stopWaiting } from "./call-parts.ts";
import { acknowledgeProvisional } from "./call-progress.ts";
import type { CallEffect, CallInput, CallState, CallStep, TransactionKey } from "./call-state.ts";
import { contactUri } from "./dialog.ts";
import { agreedHeaders, agreeTo, tooShort } from "./session-timer.ts";

type RequestInput = CallInput & { kind: "request" };

const ok: ResponseSpec = { status: 200, reason: "OK" };
const mostUnacknowledged = 8;

export function stepRequest(state: CallState, input: RequestInput): CallStep {
  const { request, transaction } = input;
  const { number } = request.cseq;
  // RFC 3261 §12.2.2: out of order is a lower number than the last; gaps are none of our business.
  if (number < state.dialog.remoteCseq) {
    return respond(state, transaction, { status: 500, reason: "Server Internal Error" });
  }
  const next: CallState = { ...state, dialog: { ...state.dialog, remoteCseq: number } };
  if (request.method === "BYE") return peerHangsUp(next, transaction);
  // RFC 5057 §4.1: a subscription goes on beside the call, and for a while after it.
  if (request.method === "NOTIFY") return { state: next, effects: [{ kind: "notified", transaction, request }] };
  if (state.phase === "over") return respond(next, transaction, noTransaction);
  switch (request.method) {
    case "INVITE":
    case "UPDATE":
      return modify(next, input, request.method);
    case "PRACK":
      return acknowledgeProvisional(next, transaction, request);
    case "INFO":
      return info(next, transaction, request);
    case "OPTIONS":
      return respond(next, transaction, capabilities);
    case "REFER":
      // Nobody may send our callers elsewhere.
      return respond(next, transaction, { status: 603, reason: "Decline" });
    default:
      return respond(next, transaction, { status: 405, reason: "Method Not Allowed", headers: [allowHeader] });
  }
}

/** RFC 3261 §15.1.2. */
function peerHangsUp(state: CallState, transaction: TransactionKey): CallStep {
  const effects: CallEffect[] = [{ kind: "respond", transaction, response: ok }];
  if (state.phase === "proceeding") {
    // A request that is still pending gets its final response all the same; 487 is recommended.
    const response = { status: 487, reason: "Request Terminated" };
    effects.push({ kind: "respond", transaction: state.invite.transaction, response }, ...stopRinging(state));
  }
  effects.push(...stopWaiting(state));
  if (state.phase !== "over") {
    const reason = state.phase === "proceeding" ? "cancelled" : "caller-hung-up";
    effects.push({ kind: "tell", news: { kind: "ended", reason } });
  }
  // Where our own BYE is under way, its transaction sees the call off.
  if (state.bye !== "sent") effects.push({ kind: "gone" });
  const bye = state.bye === "sent" ? "sent" : "none";
  return { state: { ...state, phase: "over", unacknowledged: [], bye }, effects };
}

function modify(
  state: CallState,
  { request, transaction, random }: RequestInput,
  method: "INVITE" | "UPDATE",
): CallStep {
  const tryLater: ResponseSpec = {
    status: 500,
    reason: "Server Internal Error",
    headers: [retryAfter(Math.floor(random * 10))],
  };
  const body = sdpOf(request);
  // RFC 3261 §14.2: a second INVITE before the final response to the first. After it some do not wait for their own ACK
  // to arrive; but each 2xx that has none is sent eleven times.
  const isBusy = state.phase === "proceeding" || state.unacknowledged.length >= mostUnacknowledged;
  if (method === "INVITE" && isBusy) return respond(state, transaction, tryLater);
  if (body.kind === "unsupported") {
    const accept = { name: "accept", value: "application/sdp" };
    return respond(state, transaction, { status: 415, reason: "Unsupported Media Type", headers: [accept] });
  }
  const refusal = tooShort(request, state.minSessionSeconds);
  if (refusal !== undefined) return respond(state, transaction, refusal);
  const target = contactUri(request);
  const session = agreeTo(request, state.minSessionSeconds, state.session);
  if (method === "UPDATE" && body.kind === "none") return refreshedByPeer({ ...state, session }, transaction, target);
  // RFC 3311 §5.2: while the INVITE's offer waits for our answer.
  if (state.phase === "proceeding") return respond(state, transaction, tryLater);
  // RFC 3261 §14.2, RFC 3311 §5.2: while an INVITE or an offer of ours waits for their answer.
  if (state.refreshing === "INVITE" || state.unacknowledged.some(({ offered }) => offered)) {
    return respond(state, transaction, { status: 491, reason: "Request Pending" });
  }
  const offer = body.kind === "sdp" ? body.sdp : undefined;
  const modification = { transaction, method, cseq: request.cseq.number, target, offer, session };
  return { state, effects: [{ kind: "modify", modification }] };
}

/** RFC 3311 §5.2: without an offer an UPDATE refreshes the target, and the session (RFC 4028 §9). */
function refreshedByPeer(state: CallState, transaction: TransactionKey, target: string | undefined): CallStep {
  const dialog = target === undefined ? state.dialog : { ...state.dialog, remoteTarget: target };
  const headers = [...dialogHeaders(state, false), ...agreedHeaders(state.session)];
  const answered = respond({ ...state, dialog }, transaction, { ...ok, headers });
  // Before the initial INVITE's 2xx there is no session whose time could run.
  const timers = state.phase === "established" ? startSession(state) : [];
  return { state: answered.state, effects: [...answered.effects, ...timers] };
}

function info(state: CallState, transaction: TransactionKey, request: SipRequest): CallStep {
  // RFC 6086 §4.2.2: no package is understood here, which 469 with an empty Recv-Info says.
  if (request.headers.some(({ name }) => name === "info-package")) {
    const headers = [{ name: "recv-info", value: "" }];
    return respond(state, transaction, { status: 469, reason: "Bad Info Package", headers });
  }
  const answered = respond(state, transaction, ok);
  if (request.body.length === 0) return answered;
  const key = parseDtmfInfo(request);
  if (key === undefined) {
    const accept = { name: "accept", value: dtmfTypes };
    return respond(state, transaction, { status: 415, reason: "Unsupported Media Type", headers: [accept] });
  }
  return { state, effects: [...answered.effects, { kind: "tell", news: { kind: "digit", ...key } }] };
}
