/**
 * One registered extension (RFC 3261 §10.2): asked of one registrar after the other until one has it, refreshed long
 * before it ends, withdrawn at the end. Pure: the driver opens the ways, sends, and turns the clock.
 *
 * A registrar that was restarted has forgotten us and says nothing about it: so it is asked again every `refreshMs`,
 * whatever time it granted, and failures are followed by pauses of at most `longestPauseMs`. Long because every state
 * answers every input: the switch and its rules belong side by side.
 */
import type { Challenge } from "./digest.ts";

/** Refreshed this often at the latest: callable again within 60 s of a registrar's restart. */
export const refreshMs = 40_000;
/** An attempt without a final answer for so long goes to the next registrar. */
export const attemptMs = 8_000;
export const shortestPauseMs = 1_000;
export const longestPauseMs = 30_000;
/** After a refusal that most likely a person must put right: not so often that the PBX would ban us. */
export const refusedPauseMs = 30_000;
/** PBXes ban an address for five wrong passwords in ten minutes. */
export const wrongPauseMs = 60_000;
export const longestRefusedPauseMs = 300_000;
/** From a registrar that is not the first, the first one is tried again after this. */
export const returnMs = 300_000;
/** The withdrawal's answer is not waited for longer. */
const leaveMs = 2_000;
const longestExpiresSeconds = 86_400;

export type RegistrationProblem =
  | "unreachable"
  | "no-answer"
  | "wrong-credentials"
  | "other-realm"
  | "unsupported-challenge"
  | "refused"
  | "busy";

export type RegistrationState = {
  readonly phase: "opening" | "asking" | "registered" | "waiting" | "leaving" | "left";
  /** How many registrars there are, and which one is in use or asked. */
  readonly registrars: number;
  readonly at: number;
  /** Registrars asked in vain since the last success or pause. */
  readonly tried: number;
  /** Rounds through all of them in vain, one after the other. */
  readonly rounds: number;
  /** Asked for; a registrar's Min-Expires raises it. */
  readonly expiresSeconds: number;
  readonly realm: string;
  /** The challenge of the registrar asked, and how often it has been answered (nc). */
  readonly challenge: { readonly given: Challenge; readonly count: number } | undefined;
  /** Challenges answered in this attempt. */
  readonly answered: number;
  readonly grantedSeconds: number | undefined;
  readonly problem: RegistrationProblem | undefined;
  readonly leaving: boolean;
  /** Whether the timer "return" runs. */
  readonly returning: boolean;
};

/** What a final response to REGISTER says. */
export type RegisterAnswer = {
  readonly status: number;
  readonly challenge: Challenge | undefined;
  /** Of our binding, in a 2xx. */
  readonly grantedSeconds: number | undefined;
  readonly minExpiresSeconds: number | undefined;
  readonly retryAfterSeconds: number | undefined;
};

export type RegistrationInput =
  | { readonly kind: "start" }
  /** The way to the registrar is there, or not. */
  | { readonly kind: "opened"; readonly ok: boolean }
  /** Final; undefined: the transaction gave up. */
  | { readonly kind: "answer"; readonly answer: RegisterAnswer | undefined }
  /** The connection to the registrar broke. */
  | { readonly kind: "lost" }
  | { readonly kind: "timer"; readonly name: RegistrationTimer }
  | { readonly kind: "leave" };

export type RegistrationTimer = "attempt" | "refresh" | "retry" | "return";

export type RegistrationEffect =
  /** Opens the way to registrar `at`; whatever was open is given up first. */
  | { readonly kind: "open"; readonly at: number }
  | {
      readonly kind: "register";
      readonly expiresSeconds: number;
      readonly auth: { readonly challenge: Challenge; readonly count: number } | undefined;
    }
  | { readonly kind: "timer"; readonly name: RegistrationTimer; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: RegistrationTimer }
  | { readonly kind: "registered" }
  | { readonly kind: "failed"; readonly problem: RegistrationProblem; readonly status: number | undefined }
  /** Nothing more is to be done. */
  | { readonly kind: "left" };

export type RegistrationStep = { readonly state: RegistrationState; readonly effects: readonly RegistrationEffect[] };

export function openRegistration(settings: {
  registrars: number;
  expiresSeconds: number;
  realm: string;
}): RegistrationState {
  return {
    ...settings,
    phase: "waiting",
    at: 0,
    tried: 0,
    rounds: 0,
    challenge: undefined,
    answered: 0,
    grantedSeconds: undefined,
    problem: undefined,
    leaving: false,
    returning: false,
  };
}

/** @param random From 0 to 1: spreads the attempts of many after an outage. */
export function stepRegistration(
  state: RegistrationState,
  input: RegistrationInput,
  random: () => number,
): RegistrationStep {
  if (state.phase === "left") return { state, effects: [] };
  switch (input.kind) {
    case "start":
      return open(state, 0);
    case "opened":
      if (state.phase !== "opening") return { state, effects: [] };
      return input.ok ? ask({ ...state, phase: "asking", answered: 0 }) : failed(state, "unreachable", random);
    case "answer":
      if (state.phase === "leaving") return left(state, input.answer);
      if (state.phase !== "asking") return { state, effects: [] };
      return input.answer === undefined ? failed(state, "no-answer", random) : answered(state, input.answer, random);
    case "lost":
      if (state.phase === "leaving") return gone(state);
      // A connection that held a binding is a PBX that was restarted, most of the time: at once, not at the next refresh.
      if (state.phase === "registered") return open(state, state.at);
      return state.phase === "asking" ? failed(state, "unreachable", random) : { state, effects: [] };
    case "timer":
      return timedOut(state, input.name, random);
    case "leave":
      return leave(state);
  }
}

function timedOut(state: RegistrationState, name: RegistrationTimer, random: () => number): RegistrationStep {
  switch (name) {
    case "attempt":
      if (state.phase === "leaving") return gone(state);
      return state.phase === "asking" || state.phase === "opening"
        ? failed(state, "no-answer", random)
        : { state, effects: [] };
    case "refresh":
      return state.phase === "registered" ? ask({ ...state, phase: "asking", answered: 0 }) : { state, effects: [] };
    case "retry":
      return state.phase === "waiting" ? open(state, state.at) : { state, effects: [] };
    case "return":
      return state.phase === "registered" ? open({ ...state, tried: 0 }, 0) : { state, effects: [] };
  }
}

function open(state: RegistrationState, at: number): RegistrationStep {
  // A nonce is worth something to the registrar that gave it only.
  const challenge = at === state.at ? state.challenge : undefined;
  return {
    state: { ...state, phase: "opening", at, challenge, answered: 0, returning: false },
    effects: [
      { kind: "cancel-timer", name: "refresh" },
      { kind: "cancel-timer", name: "return" },
      { kind: "timer", name: "attempt", afterMs: attemptMs },
      { kind: "open", at },
    ],
  };
}

/** With the last challenge answered anew where there is one: that spares the round of 401 (RFC 3261 §22.2). */
function ask(state: RegistrationState): RegistrationStep {
  const { challenge } = state;
  const used = challenge && { ...challenge, count: challenge.count + 1 };
  const auth = used && { challenge: used.given, count: used.count };
  const expiresSeconds = state.phase === "leaving" ? 0 : state.expiresSeconds;
  return {
    state: { ...state, challenge: used },
    effects: [
      { kind: "timer", name: "attempt", afterMs: state.phase === "leaving" ? leaveMs : attemptMs },
      { kind: "register", expiresSeconds, auth },
    ],
  };
}

function answered(state: RegistrationState, answer: RegisterAnswer, random: () => number): RegistrationStep {
  const { status } = answer;
  if (status < 300) return registered(state, answer);
  if (status === 401 || status === 407) return challenged(state, answer, random);
  // RFC 3261 §10.2.8: the registrar wants it longer.
  const { minExpiresSeconds } = answer;
  if (status === 423 && minExpiresSeconds !== undefined && minExpiresSeconds > state.expiresSeconds) {
    return ask({ ...state, expiresSeconds: Math.min(minExpiresSeconds, longestExpiresSeconds) });
  }
  // 5xx and 408, 480, 486 pass; the other 4xx and 6xx say that it is not to be.
  const passes = status >= 500 ? status < 600 : [408, 429, 480, 486].includes(status);
  return failed(state, passes ? "busy" : "refused", random, answer);
}

/**
 * RFC 3261 §22.1: the same credentials are not sent again to who has just refused them, unless it was the nonce that
 * was too old. Credentials answer to the configured realm alone: whoever can challenge would otherwise collect them.
 */
function challenged(state: RegistrationState, answer: RegisterAnswer, random: () => number): RegistrationStep {
  const { challenge: given } = answer;
  if (given === undefined) return failed(state, "unsupported-challenge", random, answer);
  if (given.realm !== state.realm) return failed(state, "other-realm", random, answer);
  if (state.answered >= 1 && !(given.stale && state.answered < 3)) {
    return failed({ ...state, challenge: undefined }, "wrong-credentials", random, answer);
  }
  return ask({ ...state, challenge: { given, count: 0 }, answered: state.answered + 1 });
}

function registered(state: RegistrationState, { grantedSeconds }: RegisterAnswer): RegistrationStep {
  const granted = grantedSeconds ?? state.expiresSeconds;
  const effects: RegistrationEffect[] = [
    { kind: "cancel-timer", name: "attempt" },
    { kind: "timer", name: "refresh", afterMs: Math.max(1_000, Math.min(refreshMs, (granted * 1_000) / 2)) },
    { kind: "registered" },
  ];
  // A running one is left alone: each refresh would otherwise put the return off.
  const returning = state.at > 0;
  if (returning && !state.returning) effects.push({ kind: "timer", name: "return", afterMs: returnMs });
  return {
    state: {
      ...state,
      phase: "registered",
      tried: 0,
      rounds: 0,
      grantedSeconds: granted,
      problem: undefined,
      returning,
    },
    effects,
  };
}

/** On to the next registrar; after the last one a pause, longer each time. */
function failed(
  state: RegistrationState,
  problem: RegistrationProblem,
  random: () => number,
  answer?: RegisterAnswer,
): RegistrationStep {
  const news: RegistrationEffect[] = [
    { kind: "cancel-timer", name: "attempt" },
    { kind: "failed", problem, status: answer?.status },
  ];
  const next = { ...state, problem, grantedSeconds: undefined, tried: state.tried + 1 };
  if (next.tried < state.registrars) {
    const opened = open(next, (state.at + 1) % state.registrars);
    return { state: opened.state, effects: [...news, ...opened.effects] };
  }
  const pauseMs = Math.max(
    pauseAfter(problem, state.rounds) * (0.75 + random() / 4),
    Math.min((answer?.retryAfterSeconds ?? 0) * 1_000, longestRefusedPauseMs),
  );
  return {
    state: { ...next, phase: "waiting", at: 0, tried: 0, rounds: state.rounds + 1, answered: 0, returning: false },
    effects: [
      ...news,
      { kind: "cancel-timer", name: "return" },
      { kind: "timer", name: "retry", afterMs: Math.round(pauseMs) },
    ],
  };
}

function pauseAfter(problem: RegistrationProblem, rounds: number): number {
  const doubled = 2 ** Math.min(rounds, 10);
  switch (problem) {
    case "unreachable":
    case "no-answer":
    case "busy":
      return Math.min(longestPauseMs, shortestPauseMs * doubled);
    case "wrong-credentials":
      return Math.min(longestRefusedPauseMs, wrongPauseMs * doubled);
    case "other-realm":
    case "unsupported-challenge":
    case "refused":
      return Math.min(longestRefusedPauseMs, refusedPauseMs * doubled);
  }
}

/** RFC 3261 §10.2.2: withdrawn by Expires 0, where there is something to withdraw. */
function leave(state: RegistrationState): RegistrationStep {
  if (state.leaving) return { state, effects: [] };
  const stopping = { ...state, leaving: true };
  const stops = (["refresh", "retry", "return"] as const).map((name) => ({ kind: "cancel-timer", name }) as const);
  if (state.phase === "waiting" || state.phase === "opening") {
    const over = gone(stopping);
    return { state: over.state, effects: [...stops, ...over.effects] };
  }
  const asked = ask({ ...stopping, phase: "leaving", answered: 0 });
  return { state: asked.state, effects: [...stops, ...asked.effects] };
}

function left(state: RegistrationState, answer: RegisterAnswer | undefined): RegistrationStep {
  const { challenge: given } = answer ?? {};
  const asksAgain = answer?.status === 401 || answer?.status === 407;
  if (!asksAgain || given === undefined || given.realm !== state.realm || state.answered > 0) return gone(state);
  return ask({ ...state, challenge: { given, count: 0 }, answered: 1 });
}

function gone(state: RegistrationState): RegistrationStep {
  return {
    state: { ...state, phase: "left", grantedSeconds: undefined },
    effects: [{ kind: "cancel-timer", name: "attempt" }, { kind: "left" }],
  };
}
