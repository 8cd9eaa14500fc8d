/**
 * One leg until it is answered (RFC 3261 §13.2, §9.1; RFC 3262 §4). Pure: the driver sends, and turns the clock. Every
 * way through it tells `ended` or `established` once, and ends in `gone`.
 */

import type { LegEnd } from "../leg-ports.ts";
import { sdpOf } from "../message/body.ts";
import { parseDecimal } from "../message/grammar.ts";
import { type HeaderField, header, headerLines, headerList, type SipResponse } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import { chooseChallenge } from "../registration/digest.ts";
import { giveUpMs } from "../transaction/timers.ts";
import type { Fork, LegEffect, LegInput, LegState, LegStep, LegTimer } from "./leg-state.ts";
import { endOfRefusal } from "./outcome.ts";

/** A PBX says 100 at once. One that says nothing for so long is not there, and a caller waits. */
export const silenceMs = 8_000;
/** Bound on memory: no office has so many telephones on one extension. */
const maxForks = 16;
/** The first challenge, and one more for a nonce that was too old (RFC 3261 §22.1). */
const maxChallenges = 2;

export function openLeg({ ringMs, realm }: Pick<LegState, "ringMs" | "realm">): LegState {
  return {
    phase: "opening",
    ringMs,
    realm,
    heard: false,
    cancel: "none",
    forks: [],
    taken: [],
    auth: undefined,
    challengesAnswered: 0,
    minSessionSeconds: undefined,
  };
}

export function stepLeg(state: LegState, input: LegInput): LegStep {
  switch (input.kind) {
    case "opened":
      return opened(state, input.ok);
    case "heard":
      return input.response.status < 200 ? progressed(state, input.response) : taken(state, input.response);
    case "refused":
      return refused(state, input.response);
    case "hang-up":
      return leave(state, input.end);
    case "timer":
      return timedOut(state, input.name);
    case "spent":
      return { state: { ...state, phase: "over", cancel: "none" }, effects: [...stopTimers, { kind: "gone" }] };
  }
}

const stopTimers: readonly LegEffect[] = (["silence", "ringing", "cancelled"] as const).map((name) => ({
  kind: "cancel-timer",
  name,
}));

function opened(state: LegState, ok: boolean): LegStep {
  if (state.phase !== "opening") return { state: { ...state, phase: "over" }, effects: [{ kind: "gone" }] };
  if (ok) return call(state);
  const over = end(state, "unreachable", undefined);
  return { state: over.state, effects: [...over.effects, { kind: "gone" }] };
}

function call(state: LegState): LegStep {
  const auth = state.auth && { ...state.auth, count: state.auth.count + 1 };
  const effects: LegEffect[] = [{ kind: "invite", auth, session: sessionHeaders(state.minSessionSeconds) }];
  // A challenge is no ringing: the time runs on from the first INVITE.
  if (state.phase === "opening") {
    effects.push({ kind: "timer", name: "silence", afterMs: silenceMs });
    effects.push({ kind: "timer", name: "ringing", afterMs: state.ringMs });
  }
  return { state: { ...state, phase: "calling", heard: false, forks: [], auth }, effects };
}

/** RFC 4028 §7.4: after a 422 the INVITE says for how long a session may last, and who refreshes it is theirs to say. */
function sessionHeaders(minSeconds: number | undefined): readonly HeaderField[] {
  if (minSeconds === undefined) return [];
  const value = String(minSeconds);
  return [
    { name: "session-expires", value },
    { name: "min-se", value },
  ];
}

function progressed(before: LegState, response: SipResponse): LegStep {
  const live = before.phase === "calling" || before.phase === "ringing";
  const effects: LegEffect[] = before.heard ? [] : [{ kind: "cancel-timer", name: "silence" }];
  let state: LegState = { ...before, heard: true, phase: live ? "ringing" : before.phase };
  if (state.cancel === "wanted") {
    const cancelled = cancel(state);
    return { state: cancelled.state, effects: [...effects, ...cancelled.effects] };
  }
  // RFC 3261 §12.1: only one with a tag makes an early dialog; a 100 is the next hop's word (§17.1.1.2).
  const tag = tagOf(response.to);
  if (response.status === 100) return { state, effects };
  const known = state.forks.find((fork) => fork.tag === tag);
  if (known === undefined && state.forks.length >= maxForks) return { state, effects };
  const rseq = rseqOf(response);
  // RFC 3262 §4: what comes again is acknowledged already, and what comes out of order is not looked at.
  if (rseq !== undefined && known?.rseq !== undefined && rseq !== known.rseq + 1) return { state, effects };
  const body = sdpOf(response);
  const sdp = body.kind === "sdp" ? body.sdp : undefined;
  const fork: Fork = { tag, sdp: sdp ?? known?.sdp, rseq: rseq ?? known?.rseq };
  state = { ...state, forks: [...state.forks.filter((one) => one !== known), fork] };
  if (rseq !== undefined && tag !== undefined) effects.push({ kind: "prack", response, rseq });
  // RFC 6228: 199 says that a fork is over, not that anything rings.
  if (live && response.status < 190) effects.push({ kind: "ringing", sdp });
  return { state, effects };
}

function rseqOf(response: SipResponse): number | undefined {
  if (!headerList(response, "require").some((tag) => tag.toLowerCase() === "100rel")) return undefined;
  return parseDecimal(header(response, "rseq") ?? "", 2 ** 32 - 1);
}

/** RFC 3261 §13.2.2.4: each 2xx is acknowledged, and each dialog that nobody wants is ended with BYE. */
function taken(state: LegState, response: SipResponse): LegStep {
  const tag = tagOf(response.to);
  const acknowledge: LegEffect = { kind: "acknowledge", response };
  // It was not heard by them that we acknowledged it.
  if (state.taken.includes(tag)) return { state, effects: [acknowledge] };
  if (state.taken.length >= maxForks) return { state, effects: [] };
  const next: LegState = { ...state, taken: [...state.taken, tag] };
  const unwanted: readonly LegEffect[] = [acknowledge, { kind: "bye", response }];
  // A surplus fork's; or it crossed our CANCEL.
  if (state.phase !== "calling" && state.phase !== "ringing") {
    return { state: { ...next, cancel: "none" }, effects: [...unwanted, ...stopTimers] };
  }
  const body = sdpOf(response);
  // RFC 3262 §5, RFC 6337 §3.1.1: an answer in a reliable 183 is the answer; its 2xx need not repeat it.
  const sdp = body.kind === "sdp" ? body.sdp : state.forks.find((fork) => fork.tag === tag)?.sdp;
  if (sdp === undefined) {
    const over = end(next, "media", response.status);
    return { state: over.state, effects: [...unwanted, ...over.effects] };
  }
  return {
    state: { ...next, phase: "answered" },
    effects: [acknowledge, ...stopTimers, { kind: "established", response, sdp }],
  };
}

function refused(state: LegState, response: SipResponse | undefined): LegStep {
  // It was hung up before; the refusal is what the CANCEL asked for, or crossed it.
  if (state.phase !== "calling" && state.phase !== "ringing") {
    return { state: { ...state, cancel: "none" }, effects: stopTimers };
  }
  if (response === undefined) return end(state, "unreachable", undefined);
  const { status } = response;
  if (status === 401 || status === 407) return challenged(state, response);
  if (status === 422) return sessionTooShort(state, response);
  return end(state, endOfRefusal(status), status);
}

/** RFC 3261 §22.2. Whoever can challenge would collect answers: there is one, to the trunk's own realm. */
function challenged(state: LegState, response: SipResponse): LegStep {
  const proxy = response.status === 407;
  const { realm, challengesAnswered } = state;
  const values = headerLines(response, proxy ? "proxy-authenticate" : "www-authenticate");
  const challenge = realm === undefined ? undefined : chooseChallenge(values, proxy, realm);
  const again = challengesAnswered > 0 && !(challenge?.stale && challengesAnswered < maxChallenges);
  if (challenge === undefined || again) return end(state, "credentials", response.status);
  return call({ ...state, auth: { challenge, count: 0 }, challengesAnswered: challengesAnswered + 1 });
}

const longestSessionSeconds = 86_400;

/** RFC 4028 §7.3. */
function sessionTooShort(state: LegState, response: SipResponse): LegStep {
  const digits = /^[0-9]+/.exec(header(response, "min-se") ?? "")?.[0] ?? "";
  const seconds = parseDecimal(digits, longestSessionSeconds);
  if (seconds === undefined || seconds <= (state.minSessionSeconds ?? 0)) return end(state, "unreachable", 422);
  return call({ ...state, minSessionSeconds: seconds });
}

/** Before it is answered; afterwards the dialog says BYE. */
function leave(state: LegState, why: LegEnd, status?: number): LegStep {
  switch (state.phase) {
    case "opening":
      return end(state, why, status); // `gone` follows when the way is there: nothing is sent by it
    case "calling":
    case "ringing": {
      const over = end(state, why, status);
      const cancelled = cancel(over.state);
      return { state: cancelled.state, effects: [...over.effects, ...cancelled.effects] };
    }
    case "answered":
    case "over":
      return { state, effects: [] };
  }
}

/** RFC 3261 §9.1: not before a provisional response, or it might overtake the INVITE. */
function cancel(state: LegState): LegStep {
  if (!state.heard) return { state: { ...state, cancel: "wanted" }, effects: [] };
  return {
    state: { ...state, cancel: "sent" },
    effects: [{ kind: "cancel" }, { kind: "timer", name: "cancelled", afterMs: giveUpMs }],
  };
}

function timedOut(state: LegState, name: LegTimer): LegStep {
  switch (name) {
    case "silence":
      return state.heard ? { state, effects: [] } : leave(state, "unreachable");
    case "ringing":
      return leave(state, state.heard ? "no-answer" : "unreachable");
    case "cancelled":
      return { state, effects: [{ kind: "abandon" }] };
  }
}

function end(state: LegState, why: LegEnd, status: number | undefined): LegStep {
  return { state: { ...state, phase: "over" }, effects: [...stopTimers, { kind: "ended", end: why, status }] };
}
