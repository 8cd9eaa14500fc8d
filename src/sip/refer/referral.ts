/**
 * One REFER of ours and the subscription that it makes (RFC 3515 §2.4, RFC 6665 §4.1). Pure. Every way through it tells
 * `done` once; it stays a while after that, to answer what still comes, and ends in `gone`.
 */
import type { ReferOutcome } from "../leg-ports.ts";
import type { Challenge } from "../registration/digest.ts";
import { t4Ms } from "../transaction/timers.ts";
import type { ReferNews } from "./sipfrag.ts";

/** Nothing heard for so long after it was accepted: nobody knows what became of it. */
export const quietMs = 60_000;
const longestQuietMs = 180_000;
/** The caller's dialog has ended: the news of his transfer is under way now, or never comes. */
export const afterByeMs = t4Ms;
/** We want to hang up: the caller hears nothing meanwhile, so a PBX that has no more to say is not waited for longer. */
export const leavingMs = 3_000;
/** RFC 6665 §4.1.2.2: NOTIFYs cross; those that come after the last one are answered for so long. */
export const lingerMs = 32_000;

export type ReferralState = {
  readonly phase: "asking" | "accepted" | "done";
  /** The caller's dialog has ended. */
  readonly ended: boolean;
  /** Our BYE waits for the last NOTIFY. */
  readonly leaving: boolean;
  readonly challenged: boolean;
};

export type ReferralInput =
  /** The final response to REFER; undefined: none came. `challenge`: of our own realm, where it asks for credentials. */
  | {
      readonly kind: "answer";
      readonly status: number | undefined;
      readonly challenge: Challenge | undefined;
      /** RFC 4488: there will be no NOTIFY. */
      readonly silent: boolean;
    }
  | { readonly kind: "notified"; readonly news: ReferNews }
  | { readonly kind: "call-ended" }
  | { readonly kind: "leaving" }
  | { readonly kind: "timer"; readonly name: ReferralTimer };

export type ReferralTimer = "quiet" | "leaving" | "linger";

export type ReferralEffect =
  | { readonly kind: "refer"; readonly challenge: Challenge | undefined }
  | { readonly kind: "accepted" }
  | { readonly kind: "progress"; readonly status: number }
  | { readonly kind: "done"; readonly outcome: ReferOutcome; readonly status: number | undefined }
  | { readonly kind: "timer"; readonly name: ReferralTimer; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: ReferralTimer }
  | { readonly kind: "gone" };

export type ReferralStep = { readonly state: ReferralState; readonly effects: readonly ReferralEffect[] };

export function openReferral(): ReferralStep {
  return {
    state: { phase: "asking", ended: false, leaving: false, challenged: false },
    effects: [{ kind: "refer", challenge: undefined }],
  };
}

export function stepReferral(state: ReferralState, input: ReferralInput): ReferralStep {
  switch (input.kind) {
    case "answer":
      return answered(state, input);
    case "notified":
      return notified(state, input.news);
    case "call-ended":
      if (state.phase !== "accepted") return { state: { ...state, ended: true }, effects: [] };
      return { state: { ...state, ended: true }, effects: [{ kind: "timer", name: "quiet", afterMs: afterByeMs }] };
    case "leaving":
      if (state.phase === "done" || state.leaving) return { state, effects: [] };
      return {
        state: { ...state, leaving: true },
        effects: [{ kind: "timer", name: "leaving", afterMs: leavingMs }],
      };
    case "timer":
      return timedOut(state, input.name);
  }
}

function timedOut(state: ReferralState, name: ReferralTimer): ReferralStep {
  if (name === "linger") return { state, effects: [{ kind: "gone" }] };
  // Only who leaves does not wait for the answer to REFER, which has a time of its own.
  const isOver = name === "leaving" ? state.phase !== "done" : state.phase === "accepted";
  return isOver ? done(state, "unknown", undefined) : { state, effects: [] };
}

function answered(state: ReferralState, input: ReferralInput & { kind: "answer" }): ReferralStep {
  const { status, challenge, silent } = input;
  // A NOTIFY may come before the answer (RFC 6665 §4.1.2.4), and then says more than it.
  if (state.phase !== "asking") return { state, effects: [] };
  if (status === undefined || status >= 300) {
    if (challenge !== undefined && !state.challenged && !state.ended) {
      return { state: { ...state, challenged: true }, effects: [{ kind: "refer", challenge }] };
    }
    return done(state, "refused", status);
  }
  const accepted = accept(state);
  if (!silent) return accepted;
  const over = done(accepted.state, "unknown", undefined);
  return { state: over.state, effects: [...accepted.effects, ...over.effects] };
}

function accept(state: ReferralState): ReferralStep {
  const afterMs = state.ended ? afterByeMs : quietMs;
  return {
    state: { ...state, phase: "accepted" },
    effects: [{ kind: "accepted" }, { kind: "timer", name: "quiet", afterMs }],
  };
}

function notified(before: ReferralState, news: ReferNews): ReferralStep {
  if (before.phase === "done") return { state: before, effects: [] };
  const accepted = before.phase === "asking" ? accept(before) : { state: before, effects: [] };
  const { state, effects } = accepted;
  const { status, terminated, expiresSeconds } = news;
  if (status !== undefined && status >= 200) {
    const over = done(state, status < 300 ? "succeeded" : "failed", status);
    return { state: over.state, effects: [...effects, ...over.effects] };
  }
  const progress: ReferralEffect[] = status === undefined ? [] : [{ kind: "progress", status }];
  if (terminated) {
    const over = done(state, "unknown", undefined);
    return { state: over.state, effects: [...effects, ...progress, ...over.effects] };
  }
  const promisedMs = Math.min(Math.max((expiresSeconds ?? 0) * 1_000, quietMs), longestQuietMs);
  const quiet: ReferralEffect = { kind: "timer", name: "quiet", afterMs: state.ended ? afterByeMs : promisedMs };
  return { state, effects: [...effects, ...progress, quiet] };
}

function done(state: ReferralState, outcome: ReferOutcome, status: number | undefined): ReferralStep {
  return {
    state: { ...state, phase: "done" },
    effects: [
      { kind: "cancel-timer", name: "quiet" },
      { kind: "cancel-timer", name: "leaving" },
      { kind: "done", outcome, status },
      { kind: "timer", name: "linger", afterMs: lingerMs },
    ],
  };
}
