/** Ringing: provisional responses to the initial INVITE, reliable ones where it requires them (RFC 3261 §13.3.1.1, RFC 3262). */
import { parseDecimal } from "../message/grammar.ts";
import { header, type SipRequest } from "../message/message.ts";
import { giveUpMs, t1Ms } from "../transaction/timers.ts";
import { noTransaction, type ResponseSpec } from "../uas/responses.ts";
import { dialogHeaders, respond } from "./call-parts.ts";
import type { CallEffect, CallState, CallStep, TransactionKey } from "./call-state.ts";

/** RFC 3261 §13.3.1.1: a provisional response each minute, or proxies take the call for dead (timer C). */
const progressMs = 60_000;

export function ring(state: CallState): CallStep {
  if (state.phase !== "proceeding") return { state, effects: [] };
  const progress: CallEffect = { kind: "timer", name: "progress", afterMs: progressMs };
  if (!state.reliably) {
    return {
      state: { ...state, ringing: true },
      effects: [{ kind: "respond", transaction: state.invite.transaction, response: ringing(state, []) }, progress],
    };
  }
  // RFC 3261 §13.2.1: the first reliable response would have to carry our offer, and we make none before we answer. A
  // 180 may be left out; an unreliable one may not be sent (RFC 3262 §3).
  if (!state.invite.offered) return { state, effects: [] };
  // RFC 3262 §3: the next one only after the one before has been acknowledged.
  if (state.provisional?.acknowledged === false) return { state, effects: [] };
  const provisional = { rseq: nextRseq(state), intervalMs: t1Ms, acknowledged: false };
  return {
    state: { ...state, ringing: true, provisional },
    effects: [
      sendProvisional(state, provisional.rseq),
      { kind: "timer", name: "reliable", afterMs: t1Ms },
      { kind: "timer", name: "no-prack", afterMs: giveUpMs },
      progress,
    ],
  };
}

function ringing(state: CallState, further: NonNullable<ResponseSpec["headers"]>): ResponseSpec {
  return { status: 180, reason: "Ringing", headers: [...dialogHeaders(state), ...further] };
}

function sendProvisional(state: CallState, rseq: number): CallEffect {
  const response = ringing(state, [
    { name: "require", value: "100rel" },
    { name: "rseq", value: String(rseq) },
  ]);
  return { kind: "respond", transaction: state.invite.transaction, response };
}

/** RFC 3262 §3: the first number is a matter of chance (our tag is), from 1 to 2^31 − 1; then one more each time. */
function nextRseq({ provisional, dialog }: CallState): number {
  if (provisional !== undefined) return provisional.rseq + 1;
  return 1 + (Number.parseInt(dialog.localTag.slice(0, 7), 16) || 0);
}

/** RFC 3262 §3: again after T1, then doubling; unlike a 2xx without an upper bound. */
export function repeatProvisional(state: CallState): CallStep {
  const { provisional } = state;
  if (state.phase !== "proceeding" || provisional === undefined || provisional.acknowledged) {
    return { state, effects: [] };
  }
  const intervalMs = 2 * provisional.intervalMs;
  return {
    state: { ...state, provisional: { ...provisional, intervalMs } },
    effects: [sendProvisional(state, provisional.rseq), { kind: "timer", name: "reliable", afterMs: intervalMs }],
  };
}

/** PRACK (RFC 3262 §3): one that belongs to no response of ours is 481. After our 2xx it is still answered. */
export function acknowledgeProvisional(state: CallState, transaction: TransactionKey, prack: SipRequest): CallStep {
  const [rseq = "", cseq = "", method] = (header(prack, "rack") ?? "").split(/[ \t]+/);
  const { provisional, invite } = state;
  const ours =
    provisional !== undefined &&
    parseDecimal(rseq, 2 ** 32 - 1) === provisional.rseq &&
    parseDecimal(cseq, 2 ** 32 - 1) === invite.cseq &&
    method === "INVITE";
  if (!ours || provisional.acknowledged) return respond(state, transaction, noTransaction);
  const acknowledged: CallState = { ...state, provisional: { ...provisional, acknowledged: true } };
  // RFC 3262 §5: no offer may come here, as our 180 answered none.
  const refusal: ResponseSpec = { status: 488, reason: "Not Acceptable Here" };
  const answered = respond(acknowledged, transaction, prack.body.length > 0 ? refusal : { status: 200, reason: "OK" });
  return {
    state: answered.state,
    effects: [
      { kind: "cancel-timer", name: "reliable" },
      { kind: "cancel-timer", name: "no-prack" },
      ...answered.effects,
    ],
  };
}
