/**
 * INVITE client transaction (RFC 3261 §17.1.1 as changed by RFC 6026 §8.4), for INVITEs
 * within a dialog that the peer began. `D`: a datagram as serialised, and where it goes.
 */
import { giveUpMs, t1Ms } from "./timers.ts";

export type ReinviteClientState<D> =
  | { readonly name: "calling"; readonly reliable: boolean; readonly request: D; readonly intervalMs: number }
  | { readonly name: "proceeding"; readonly reliable: boolean }
  /** A final response is acknowledged, and so is each repetition of it: 300 to 699 here, 2xx in "accepted". */
  | { readonly name: "completed" | "accepted"; readonly ack: D }
  | { readonly name: "terminated" };

export type ReinviteClientInput<D> =
  /** `ack`: what acknowledges it, for a final response. */
  | { readonly kind: "response"; readonly status: number; readonly ack: D | undefined }
  | { readonly kind: "timer"; readonly name: ReinviteClientTimer };

export type ReinviteClientTimer = "A" | "B" | "D" | "M";

export type ReinviteClientEffect<D> =
  | { readonly kind: "send"; readonly datagram: D }
  | { readonly kind: "timer"; readonly name: ReinviteClientTimer; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: "A" | "B" }
  /** The owner is told once: the status of the final response, or that none came. */
  | { readonly kind: "finished"; readonly status: number | "timeout" }
  | { readonly kind: "terminated" };

type Step<D> = { state: ReinviteClientState<D>; effects: ReinviteClientEffect<D>[] };

/** RFC 3261 §17.1.1.2: timer D, at least 32 s. */
const timerDMs = 32_000;
/** A peer that says that it works on it gets as long as a proxy would give it (timer C, §16.6): 3 minutes. */
const proceedingMs = 180_000;

/** @param reliable Over a stream nothing is sent again, and timer D is 0 (RFC 3261 §17.1.1.2). */
export function openReinviteClient<D>(request: D, reliable = false): Step<D> {
  const effects: ReinviteClientEffect<D>[] = [{ kind: "send", datagram: request }];
  if (!reliable) effects.push({ kind: "timer", name: "A", afterMs: t1Ms });
  return {
    state: { name: "calling", reliable, request, intervalMs: t1Ms },
    effects: [...effects, { kind: "timer", name: "B", afterMs: giveUpMs }],
  };
}

export function stepReinviteClient<D>(state: ReinviteClientState<D>, input: ReinviteClientInput<D>): Step<D> {
  switch (state.name) {
    case "calling":
    case "proceeding":
      return input.kind === "response" ? responded(state, input) : waited(state, input.name);
    case "completed":
    case "accepted": {
      const final = input.kind === "response" && input.status >= 200;
      if (final) return { state, effects: [{ kind: "send", datagram: state.ack }] };
      const over = input.kind === "timer" && (input.name === "D" || input.name === "M");
      return over ? ended() : { state, effects: [] };
    }
    case "terminated":
      return { state, effects: [] };
  }
}

function responded<D>(
  state: ReinviteClientState<D> & { name: "calling" | "proceeding" },
  { status, ack }: ReinviteClientInput<D> & { kind: "response" },
): Step<D> {
  if (status < 200) {
    const first = state.name === "calling";
    const waiting: ReinviteClientEffect<D>[] = [
      { kind: "cancel-timer", name: "A" },
      { kind: "timer", name: "B", afterMs: proceedingMs },
    ];
    return { state: { name: "proceeding", reliable: state.reliable }, effects: first ? waiting : [] };
  }
  if (ack === undefined) return { state, effects: [] };
  const taken = status < 300;
  return {
    state: { name: taken ? "accepted" : "completed", ack },
    effects: [
      { kind: "cancel-timer", name: "A" },
      { kind: "cancel-timer", name: "B" },
      { kind: "send", datagram: ack },
      { kind: "timer", name: taken ? "M" : "D", afterMs: taken ? giveUpMs : state.reliable ? 0 : timerDMs },
      { kind: "finished", status },
    ],
  };
}

function waited<D>(state: ReinviteClientState<D>, name: ReinviteClientTimer): Step<D> {
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
