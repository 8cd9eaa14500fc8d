/**
 * INVITE client transaction (RFC 3261 §17.1.1 as changed by RFC 6026 §8.4), for INVITEs within a dialog and for those
 * that begin a leg. `D`: a datagram as serialised, and where it goes.
 */
import { giveUpMs, t1Ms } from "./timers.ts";

export type ClientInviteState<D> =
  | { readonly name: "calling"; readonly reliable: boolean; readonly request: D; readonly intervalMs: number }
  | { readonly name: "proceeding"; readonly reliable: boolean }
  /** A refusal is acknowledged, and so is each repetition of it. */
  | { readonly name: "completed"; readonly ack: D }
  /** 2xx; without `ack` each is the owner's to acknowledge: a fork's has another target (RFC 3261 §13.2.2.4). */
  | { readonly name: "accepted"; readonly ack: D | undefined }
  | { readonly name: "terminated" };

export type ClientInviteInput<D> =
  /** `ack`: what acknowledges it; a 2xx may leave that to the owner. */
  | { readonly kind: "response"; readonly status: number; readonly ack: D | undefined }
  | { readonly kind: "timer"; readonly name: ClientInviteTimer };

export type ClientInviteTimer = "A" | "B" | "D" | "M";

export type ClientInviteEffect<D> =
  | { readonly kind: "send"; readonly datagram: D }
  | { readonly kind: "timer"; readonly name: ClientInviteTimer; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: "A" | "B" }
  /** A provisional response, or a 2xx that is the owner's to acknowledge. */
  | { readonly kind: "heard" }
  /** The owner is told once: the status of the final response, or that none came. */
  | { readonly kind: "finished"; readonly status: number | "timeout" }
  | { readonly kind: "terminated" };

type Step<D> = { state: ClientInviteState<D>; effects: ClientInviteEffect<D>[] };

/** RFC 3261 §17.1.1.2: timer D, at least 32 s. */
const timerDMs = 32_000;
/** A peer that says that it works on it gets as long as a proxy would give it (timer C, §16.6): 3 minutes. */
const proceedingMs = 180_000;

/** @param reliable Over a stream nothing is sent again, and timer D is 0 (RFC 3261 §17.1.1.2). */
export function openClientInvite<D>(request: D, reliable = false): Step<D> {
  const effects: ClientInviteEffect<D>[] = [{ kind: "send", datagram: request }];
  if (!reliable) effects.push({ kind: "timer", name: "A", afterMs: t1Ms });
  return {
    state: { name: "calling", reliable, request, intervalMs: t1Ms },
    effects: [...effects, { kind: "timer", name: "B", afterMs: giveUpMs }],
  };
}

export function stepClientInvite<D>(state: ClientInviteState<D>, input: ClientInviteInput<D>): Step<D> {
  switch (state.name) {
    case "calling":
    case "proceeding":
      return input.kind === "response" ? responded(state, input) : waited(state, input.name);
    case "completed":
    case "accepted": {
      if (input.kind === "response") return repeated<D>(state, input.status);
      const over = input.name === "D" || input.name === "M";
      return over ? ended() : { state, effects: [] };
    }
    case "terminated":
      return { state, effects: [] };
  }
}

/** RFC 6026 §7.2: every 2xx reaches whoever acknowledges it, for as long as one may come. */
function repeated<D>(state: ClientInviteState<D> & { name: "completed" | "accepted" }, status: number): Step<D> {
  if (status < 200) return { state, effects: [] };
  const { ack } = state;
  if (ack !== undefined) return { state, effects: [{ kind: "send", datagram: ack }] };
  return { state, effects: status < 300 ? [{ kind: "heard" }] : [] };
}

function responded<D>(
  state: ClientInviteState<D> & { name: "calling" | "proceeding" },
  { status, ack }: ClientInviteInput<D> & { kind: "response" },
): Step<D> {
  if (status < 200) {
    const first = state.name === "calling";
    const waiting: ClientInviteEffect<D>[] = [
      { kind: "cancel-timer", name: "A" },
      { kind: "timer", name: "B", afterMs: proceedingMs },
    ];
    return {
      state: { name: "proceeding", reliable: state.reliable },
      effects: [...(first ? waiting : []), { kind: "heard" }],
    };
  }
  const over: ClientInviteEffect<D>[] = [
    { kind: "cancel-timer", name: "A" },
    { kind: "cancel-timer", name: "B" },
  ];
  const acknowledged: ClientInviteEffect<D>[] =
    ack === undefined ? [{ kind: "heard" }] : [{ kind: "send", datagram: ack }];
  const finished: ClientInviteEffect<D> = { kind: "finished", status };
  if (status < 300) {
    const soak: ClientInviteEffect<D> = { kind: "timer", name: "M", afterMs: giveUpMs };
    return { state: { name: "accepted", ack }, effects: [...over, ...acknowledged, soak, finished] };
  }
  if (ack === undefined) return { state, effects: [] };
  const soak: ClientInviteEffect<D> = { kind: "timer", name: "D", afterMs: state.reliable ? 0 : timerDMs };
  return { state: { name: "completed", ack }, effects: [...over, ...acknowledged, soak, finished] };
}

function waited<D>(state: ClientInviteState<D>, name: ClientInviteTimer): Step<D> {
  if (name === "B") {
    const over = ended<D>();
    return {
      ...over,
      effects: [{ kind: "cancel-timer", name: "A" }, { kind: "finished", status: "timeout" }, ...over.effects],
    };
  }
  if (name !== "A" || state.name !== "calling") return { state, effects: [] };
  // RFC 3261 §17.1.1.2: timer A doubles each time; unlike timer E it has no upper bound.
  const intervalMs = 2 * state.intervalMs;
  return {
    state: { ...state, intervalMs },
    effects: [
      { kind: "send", datagram: state.request },
      { kind: "timer", name: "A", afterMs: intervalMs },
    ],
  };
}

function ended<D>(): Step<D> {
  return { state: { name: "terminated" }, effects: [{ kind: "terminated" }] };
}
