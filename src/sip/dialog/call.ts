/**
 * One call as the user agent server: RFC 3261 §13.3 (INVITE), §14.2 (re-INVITE), §15 (BYE), §9.2 (CANCEL). Pure: the
 * driver carries the effects out and turns the clock. Every way through it ends in `gone`, each call tells `ended` once.
 */
import { headerList, type SipMessage, type SipRequest, type SipResponse } from "../message/message.ts";
import type { EndReason } from "../ports.ts";
import { giveUpMs, nextInterval, t1Ms } from "../transaction/timers.ts";
import { noTransaction, type ResponseSpec } from "../uas/responses.ts";
import { respond, sayBye, startSession, stopRinging, withSdp } from "./call-parts.ts";
import { repeatProvisional, ring } from "./call-progress.ts";
import { expired, refresh, refreshed } from "./call-refresh.ts";
import { stepRequest } from "./call-requests.ts";
import type {
  CallEffect,
  CallInput,
  CallState,
  CallStep,
  Modification,
  TransactionKey,
  Unacknowledged,
} from "./call-state.ts";
import { type Dialog, openDialog, recordRoutes } from "./dialog.ts";
import { agreeTo, grantedBy } from "./session-timer.ts";

/** Longest time that a call may ring before we give up: timer C of a proxy (§16.6) is a little more. */
export const ringingMs = 180_000;

/**
 * @param expiresMs How long the caller's INVITE is valid (Expires), if it says so.
 * @param contact Our Contact value.
 * @param minSessionSeconds The shortest session interval (RFC 4028) that we take part in.
 */
export function openCall(
  invite: SipRequest,
  transaction: TransactionKey,
  {
    localTag,
    contact,
    offered,
    expiresMs,
    minSessionSeconds,
  }: {
    localTag: string;
    contact: string;
    offered: boolean;
    expiresMs: number | undefined;
    minSessionSeconds: number;
  },
): CallStep {
  return {
    state: {
      phase: "proceeding",
      dialog: openDialog(invite, localTag),
      ours: false,
      invite: { transaction, cseq: invite.cseq.number, offered },
      recordRoute: recordRoutes(invite),
      contact,
      ringing: false,
      confirmed: false,
      unacknowledged: [],
      localSdp: undefined,
      bye: "none",
      session: agreeTo(invite, minSessionSeconds, undefined),
      minSessionSeconds,
      refreshing: undefined,
      peerUpdates: allowsUpdate(invite),
      reliably: headerList(invite, "require").some((tag) => tag.toLowerCase() === "100rel"),
      provisional: undefined,
    },
    effects: [{ kind: "timer", name: "ringing", afterMs: Math.min(expiresMs ?? ringingMs, ringingMs) }],
  };
}

/**
 * A leg of ours whose 2xx has come and been acknowledged: from here on its dialog is like one that the peer began.
 * @param answer The 2xx.
 */
export function establishedLeg(
  dialog: Dialog,
  answer: SipResponse,
  { contact, localSdp, minSessionSeconds }: Pick<CallState, "contact" | "minSessionSeconds"> & { localSdp: string },
): CallStep {
  const state: CallState = {
    phase: "established",
    dialog,
    ours: true,
    invite: { transaction: "", cseq: -1, offered: false },
    recordRoute: [],
    contact,
    ringing: false,
    confirmed: true,
    unacknowledged: [],
    localSdp,
    bye: "none",
    session: grantedBy(answer),
    minSessionSeconds,
    refreshing: undefined,
    peerUpdates: allowsUpdate(answer),
    reliably: false,
    provisional: undefined,
  };
  return { state, effects: startSession(state) };
}

function allowsUpdate(message: SipMessage): boolean {
  return headerList(message, "allow").some((method) => method.toUpperCase() === "UPDATE");
}

export function stepCall(state: CallState, input: CallInput): CallStep {
  switch (input.kind) {
    case "ring":
      return ring(state);
    case "answer":
      return answer(state, input.sdp);
    case "reject":
      return refuse(state, input.response, "rejected");
    case "hang-up":
      return hangUp(state, input.reason, input.unanswered);
    case "cancel":
      // RFC 3261 §9.2: a CANCEL has no effect on a call that has its final response.
      return refuse(state, { status: 487, reason: "Request Terminated" }, "cancelled");
    case "ack":
      return acknowledged(state, input.cseq, input.sdp);
    case "request":
      return stepRequest(state, input);
    case "modified":
      return modified(state, input.modification, input.sdp);
    case "timer":
      return timedOut(state, input.name);
    case "refreshed":
      return refreshed(state, input.response, input.random);
    case "bye-finished":
      return { state, effects: [{ kind: "gone" }] };
  }
}

function answer(state: CallState, sdp: string): CallStep {
  if (state.phase !== "proceeding") return { state, effects: [] };
  const { transaction, cseq, offered } = state.invite;
  const accepted = accept(
    { ...state, phase: "established" },
    { transaction, cseq, offered: !offered },
    withSdp(state, sdp),
  );
  return {
    state: { ...accepted.state, localSdp: sdp },
    effects: [...stopRinging(state), ...accepted.effects, ...startSession(state)],
  };
}

/** RFC 3261 §13.3.1.4: the 2xx is sent at T1, doubling to T2, until the ACK comes or 64*T1 have gone by. */
function accept(state: CallState, sent: Omit<Unacknowledged, "intervalMs">, response: ResponseSpec): CallStep {
  const { transaction, cseq } = sent;
  return {
    state: { ...state, unacknowledged: [...state.unacknowledged, { ...sent, intervalMs: t1Ms }] },
    effects: [
      { kind: "respond", transaction, response },
      { kind: "timer", name: `2xx ${cseq}`, afterMs: t1Ms },
      { kind: "timer", name: `no-ack ${cseq}`, afterMs: giveUpMs },
    ],
  };
}

/** A final refusal of the initial INVITE; its transaction sees to the rest. */
function refuse(state: CallState, response: ResponseSpec, reason: EndReason): CallStep {
  if (state.phase !== "proceeding") return { state, effects: [] };
  return {
    state: { ...state, phase: "over" },
    effects: [
      { kind: "respond", transaction: state.invite.transaction, response },
      ...stopRinging(state),
      { kind: "tell", news: { kind: "ended", reason } },
      { kind: "gone" },
    ],
  };
}

function hangUp(state: CallState, reason: "we-hung-up" | "shutdown", unanswered: ResponseSpec): CallStep {
  if (state.phase === "over") return { state, effects: [] };
  if (state.phase === "proceeding") return refuse(state, unanswered, reason);
  const told: CallEffect = { kind: "tell", news: { kind: "ended", reason } };
  // RFC 3261 §15: the callee may not send BYE before it has the ACK of its 2xx (or has given up waiting for it).
  if (!state.confirmed) return { state: { ...state, phase: "over", bye: "owed" }, effects: [told] };
  const left = sayBye(state);
  return { state: left.state, effects: [told, ...left.effects] };
}

function acknowledged(state: CallState, cseq: number, sdp: string | undefined): CallStep {
  // RFC 3261 §17.1.1.3: the ACK has the CSeq number of its INVITE. One that comes again finds nothing waiting.
  const waiting = state.unacknowledged.find((sent) => sent.cseq === cseq);
  if (waiting === undefined) return { state, effects: [] };
  const initial = waiting.cseq === state.invite.cseq;
  const next: CallState = {
    ...state,
    confirmed: state.confirmed || initial,
    unacknowledged: state.unacknowledged.filter((sent) => sent !== waiting),
  };
  const effects: CallEffect[] = [
    { kind: "cancel-timer", name: `2xx ${cseq}` },
    { kind: "cancel-timer", name: `no-ack ${cseq}` },
  ];
  if (state.bye === "owed" && initial) {
    const left = sayBye(next);
    return { state: left.state, effects: [...effects, ...left.effects] };
  }
  if (state.phase !== "established") return { state: next, effects };
  const answerToUs = waiting.offered ? sdp : undefined;
  if (initial) effects.push({ kind: "tell", news: { kind: "acknowledged", sdp: answerToUs } });
  else if (answerToUs !== undefined) effects.push({ kind: "tell", news: { kind: "reanswered", sdp: answerToUs } });
  return { state: next, effects };
}

function modified(state: CallState, modification: Modification, given: string | undefined): CallStep {
  const { transaction, method, cseq, target, offer, session } = modification;
  if (state.phase !== "established") return respond(state, transaction, noTransaction);
  // RFC 3261 §14.2: what we cannot take is refused with 488, and the session goes on as it was.
  // RFC 3264 §8: an offer like the one before is legal, so one asked of us can always be made.
  const sdp = given ?? (offer === undefined ? state.localSdp : undefined);
  if (sdp === undefined) return respond(state, transaction, { status: 488, reason: "Not Acceptable Here" });
  // RFC 3261 §12.2.2: accepted, its Contact takes the place of the remote target.
  const dialog = target === undefined ? state.dialog : { ...state.dialog, remoteTarget: target };
  const next: CallState = { ...state, dialog, localSdp: sdp, session };
  const response = withSdp(next, sdp, false);
  const step =
    method === "UPDATE"
      ? respond(next, transaction, response)
      : accept(next, { transaction, cseq, offered: offer === undefined }, response);
  return { state: step.state, effects: [...step.effects, ...startSession(next)] };
}

function timedOut(state: CallState, name: CallTimerName): CallStep {
  if (name === "progress") return state.ringing ? ring(state) : { state, effects: [] };
  if (name === "reliable") return repeatProvisional(state);
  // RFC 3262 §3: a reliable provisional response that nobody acknowledges ends the INVITE with a 5xx.
  if (name === "no-prack") return refuse(state, { status: 504, reason: "Server Time-out" }, "no-ack");
  if (name === "refresh") return refresh(state);
  if (name === "session-end") return expired(state);
  // RFC 3261 §13.3.1: an INVITE whose Expires has passed is answered 487; ringing without end is not rung on.
  if (name === "ringing") return refuse(state, { status: 487, reason: "Request Terminated" }, "rejected");
  const cseq = Number(name.slice(name.indexOf(" ") + 1));
  const waiting = state.unacknowledged.find((sent) => sent.cseq === cseq);
  if (waiting === undefined) return { state, effects: [] };
  return name.startsWith("2xx") ? sendAgain(state, waiting) : unheard(state);
}

type CallTimerName = (CallInput & { kind: "timer" })["name"];

function sendAgain(state: CallState, waiting: Unacknowledged): CallStep {
  const intervalMs = nextInterval(waiting.intervalMs);
  return {
    state: {
      ...state,
      unacknowledged: state.unacknowledged.map((sent) => (sent === waiting ? { ...sent, intervalMs } : sent)),
    },
    effects: [
      { kind: "resend", transaction: waiting.transaction },
      { kind: "timer", name: `2xx ${waiting.cseq}`, afterMs: intervalMs },
    ],
  };
}

/** RFC 3261 §13.3.1.4, §14.2: no ACK within 64*T1: the session is ended with BYE. */
function unheard(state: CallState): CallStep {
  const left = sayBye(state);
  if (state.phase === "over") return left;
  return {
    state: left.state,
    effects: [{ kind: "tell", news: { kind: "ended", reason: "no-ack" } }, ...left.effects],
  };
}
