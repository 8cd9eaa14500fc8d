/** The rules of the on-call ring: every event, in every phase. Pure; time comes as timers. */
import {
  againMs,
  answerMs,
  limitMs,
  type NotTaken,
  type OnCallEffect,
  type OnCallEvent,
  type OnCallPhone,
  type OnCallState,
  type OnCallStep,
  pauseMs,
  type Ringing,
  ringBackstopMs,
  takingKey,
} from "./machine.ts";

/** @param phones Who is on call by now, in order: rung when a round begins. */
export function stepOnCall(state: OnCallState, event: OnCallEvent, phones: readonly OnCallPhone[]): OnCallStep {
  if (state.isStopped) return nothing(state);
  switch (event.kind) {
    case "raised":
      return raised(state, event.alertId, phones);
    case "acknowledged":
      return acknowledged(state, event.alertId, phones);
    case "stop":
      return stopped(state);
    case "timer":
      if (event.name === "again") return next(marked(state, event.alertId, true), phones);
      return state.ringing?.alertId === event.alertId
        ? phoneTimer(state, state.ringing, event.name, phones)
        : nothing(state);
    default:
      return state.ringing === undefined ? nothing(state) : atPhone(state, state.ringing, event, phones);
  }
}

function raised(state: OnCallState, alertId: string, phones: readonly OnCallPhone[]): OnCallStep {
  if (state.alerts.some(({ id }) => id === alertId)) return nothing(state);
  return next({ ...state, alerts: [...state.alerts, { id: alertId, isDue: true }] }, phones);
}

function acknowledged(state: OnCallState, alertId: string, phones: readonly OnCallPhone[]): OnCallStep {
  if (!state.alerts.some(({ id }) => id === alertId)) return nothing(state);
  const alerts = state.alerts.filter(({ id }) => id !== alertId);
  const stopAgain: OnCallEffect = { kind: "stop-again", alertId };
  if (state.ringing?.alertId !== alertId) return { state: { ...state, alerts }, effects: [stopAgain] };
  const after = next({ ...state, alerts, ringing: undefined }, phones);
  return { state: after.state, effects: [stopAgain, ...quiet, ...after.effects] };
}

function stopped(state: OnCallState): OnCallStep {
  const effects: OnCallEffect[] = state.alerts.map(({ id }) => ({ kind: "stop-again", alertId: id }));
  return {
    state: { ...state, ringing: undefined, isStopped: true },
    effects: state.ringing === undefined ? effects : [...effects, ...quiet],
  };
}

function atPhone(
  state: OnCallState,
  ringing: Ringing,
  event: Exclude<OnCallEvent, { kind: "raised" | "acknowledged" | "stop" | "timer" }>,
  phones: readonly OnCallPhone[],
): OnCallStep {
  switch (event.kind) {
    case "answered":
      return ringing.phase === "calling" ? answered(state, ringing) : nothing(state);
    case "leg-ended":
      if (ringing.phase === "thanking") return finished(state, phones);
      return notTaken(state, ringing, ringing.phase === "calling" ? "unanswered" : "not-accepted", phones);
    case "no-media":
      return ringing.phase === "thanking" ? finished(state, phones) : notTaken(state, ringing, "failed", phones);
    case "machine":
      return ringing.phase === "asking" ? notTaken(state, ringing, "not-accepted", phones) : nothing(state);
    case "said":
      return said(state, ringing, event.spoken, phones);
    case "key":
      // Before the first word nobody knows what the key would be for.
      if (event.digit !== takingKey || ringing.phase !== "asking" || ringing.timesAsked === 0) return nothing(state);
      return taken(state, ringing);
  }
}

function answered(state: OnCallState, ringing: Ringing): OnCallStep {
  const { alertId } = ringing;
  return {
    state: { ...state, ringing: { ...ringing, phase: "asking" } },
    effects: [
      { kind: "stop-phone-timers" },
      { kind: "timer", name: "pause", alertId, afterMs: pauseMs },
      { kind: "timer", name: "limit", alertId, afterMs: limitMs },
    ],
  };
}

function said(state: OnCallState, ringing: Ringing, spoken: boolean, phones: readonly OnCallPhone[]): OnCallStep {
  if (ringing.phase === "thanking") return finished(state, phones);
  if (ringing.phase !== "asking" || !ringing.isSaying) return nothing(state);
  if (!spoken) return notTaken(state, ringing, "failed", phones);
  const afterMs = answerMs[Math.min(ringing.timesAsked, answerMs.length) - 1] ?? 0;
  return {
    state: { ...state, ringing: { ...ringing, isSaying: false } },
    effects: [{ kind: "timer", name: "answer", alertId: ringing.alertId, afterMs }],
  };
}

function phoneTimer(state: OnCallState, ringing: Ringing, name: string, phones: readonly OnCallPhone[]): OnCallStep {
  const { phase, alertId } = ringing;
  if (phase === "calling") return name === "ring" ? notTaken(state, ringing, "unanswered", phones) : nothing(state);
  // The last word may not end for a voice that died: the telephone is not held for it.
  if (phase === "thanking") return name === "limit" ? finished(state, phones) : nothing(state);
  if (name === "limit") return notTaken(state, ringing, "not-accepted", phones);
  if (ringing.isSaying || (name !== "pause" && name !== "answer")) return nothing(state);
  // Silence does not accept: a voicemail records in silence.
  if (ringing.timesAsked >= answerMs.length) return notTaken(state, ringing, "not-accepted", phones);
  return {
    state: { ...state, ringing: { ...ringing, timesAsked: ringing.timesAsked + 1, isSaying: true } },
    effects: [{ kind: "ask", alertId }],
  };
}

/** It is theirs from the key on, whatever becomes of our last word. */
function taken(state: OnCallState, ringing: Ringing): OnCallStep {
  const { alertId, phones } = ringing;
  const alerts = state.alerts.filter(({ id }) => id !== alertId);
  const by = phones[0];
  return {
    state: { ...state, alerts, ringing: { ...ringing, phase: "thanking", isSaying: true } },
    effects: [
      { kind: "stop-phone-timers" },
      ...(by === undefined ? [] : [{ kind: "taken", alertId, phone: by } as const]),
      { kind: "timer", name: "limit", alertId, afterMs: limitMs },
      { kind: "thank" },
    ],
  };
}

function finished(state: OnCallState, phones: readonly OnCallPhone[]): OnCallStep {
  const after = next({ ...state, ringing: undefined }, phones);
  return { state: after.state, effects: [...quiet, ...after.effects] };
}

/** On to the next telephone; after the last, to another emergency, and to this one again in five minutes. */
function notTaken(state: OnCallState, ringing: Ringing, result: NotTaken, phones: readonly OnCallPhone[]): OnCallStep {
  const { alertId } = ringing;
  const [phone, ...others] = ringing.phones;
  const over: OnCallEffect[] = [
    ...quiet,
    ...(phone === undefined ? [] : [{ kind: "tried", alertId, phone, result } as const]),
  ];
  const [following] = others;
  if (following !== undefined) {
    const rung = ring(state, alertId, others, following);
    return { state: rung.state, effects: [...over, ...rung.effects] };
  }
  const waiting = next({ ...marked(state, alertId, false), ringing: undefined }, phones);
  return { state: waiting.state, effects: [...over, again(alertId), ...waiting.effects] };
}

/** The first that is due, if no telephone rings. Without anybody on call it is looked again in five minutes. */
function next(state: OnCallState, phones: readonly OnCallPhone[]): OnCallStep {
  if (state.ringing !== undefined) return nothing(state);
  const [first] = phones;
  if (first === undefined) {
    const due = state.alerts.filter(({ isDue }) => isDue);
    return {
      state: { ...state, alerts: state.alerts.map(({ id }) => ({ id, isDue: false })) },
      effects: due.map(({ id }) => again(id)),
    };
  }
  const due = state.alerts.find(({ isDue }) => isDue);
  return due === undefined ? nothing(state) : ring(state, due.id, phones, first);
}

function ring(state: OnCallState, alertId: string, phones: readonly OnCallPhone[], phone: OnCallPhone): OnCallStep {
  return {
    state: { ...state, ringing: { alertId, phones, phase: "calling", timesAsked: 0, isSaying: false } },
    effects: [
      { kind: "timer", name: "ring", alertId, afterMs: ringBackstopMs },
      { kind: "call-phone", alertId, phone },
    ],
  };
}

const again = (alertId: string): OnCallEffect => ({ kind: "timer", name: "again", alertId, afterMs: againMs });

const quiet: readonly OnCallEffect[] = [{ kind: "stop-phone-timers" }, { kind: "hang-up" }];

const marked = (state: OnCallState, alertId: string, isDue: boolean): OnCallState => ({
  ...state,
  alerts: state.alerts.map((alert) => (alert.id === alertId ? { ...alert, isDue } : alert)),
});

const nothing = (state: OnCallState): OnCallStep => ({ state, effects: [] });
