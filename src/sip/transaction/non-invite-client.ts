/**
 * Non-INVITE client transaction (RFC 3261 §17.1.2). `D`: the request as serialised, and where it goes. `reliable`: over
 * TCP or TLS, where timer E is never set and timer K is zero.
 */
import { giveUpMs, nextInterval, t1Ms, t2Ms, t4Ms } from "./timers.ts";

export type NonInviteClientState<D> =
  | { readonly name: "trying"; readonly reliable: boolean; readonly request: D; readonly intervalMs: number }
  | { readonly name: "proceeding"; readonly reliable: boolean; readonly request: D }
  | { readonly name: "completed" }
  | { readonly name: "terminated" };

export type NonInviteClientInput<D> =
  | { readonly kind: "response"; readonly status: number }
  /** The connection that it went by is gone: the same request, by another way. */
  | { readonly kind: "elsewhere"; readonly request: D }
  | { readonly kind: "timer"; readonly name: "E" | "F" | "K" };

export type NonInviteClientEffect<D> =
  | { readonly kind: "send"; readonly datagram: D }
  | { readonly kind: "timer"; readonly name: "E" | "F" | "K"; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: "E" | "F" }
  /** The owner is told once: the status of the final response, or that none came within 64*T1. */
  | { readonly kind: "finished"; readonly status: number | "timeout" }
  | { readonly kind: "terminated" };

type Step<D> = { state: NonInviteClientState<D>; effects: NonInviteClientEffect<D>[] };

export function openNonInviteClient<D>(request: D, reliable = false): Step<D> {
  const effects: NonInviteClientEffect<D>[] = [{ kind: "send", datagram: request }];
  if (!reliable) effects.push({ kind: "timer", name: "E", afterMs: t1Ms });
  return {
    state: { name: "trying", reliable, request, intervalMs: t1Ms },
    effects: [...effects, { kind: "timer", name: "F", afterMs: giveUpMs }],
  };
}

export function stepNonInviteClient<D>(state: NonInviteClientState<D>, input: NonInviteClientInput<D>): Step<D> {
  if (state.name === "terminated") return { state, effects: [] };
  if (state.name === "completed") {
    // Timer K soaks up responses sent again.
    const over = input.kind === "timer" && input.name === "K";
    return over ? { state: { name: "terminated" }, effects: [{ kind: "terminated" }] } : { state, effects: [] };
  }
  if (input.kind === "response") return responded(state, input.status);
  // RFC 3261 §8.1.3.1: a way that failed is no answer. Whether it had arrived is not known: with the same branch, who
  // has seen it already takes it for a repetition (§17.2.3).
  if (input.kind === "elsewhere") {
    const { request } = input;
    return { state: { ...state, request }, effects: [{ kind: "send", datagram: request }] };
  }
  switch (input.name) {
    case "E": {
      // In "proceeding" the peer is known to work on it: T2 from there on.
      const intervalMs = state.name === "trying" ? nextInterval(state.intervalMs) : t2Ms;
      return {
        state: state.name === "trying" ? { ...state, intervalMs } : state,
        effects: [
          { kind: "send", datagram: state.request },
          { kind: "timer", name: "E", afterMs: intervalMs },
        ],
      };
    }
    case "F":
      return {
        state: { name: "terminated" },
        effects: [{ kind: "cancel-timer", name: "E" }, { kind: "finished", status: "timeout" }, { kind: "terminated" }],
      };
    case "K":
      return { state, effects: [] };
  }
}

function responded<D>(state: NonInviteClientState<D> & { name: "trying" | "proceeding" }, status: number): Step<D> {
  const { reliable, request } = state;
  if (status < 200) return { state: { name: "proceeding", reliable, request }, effects: [] };
  const effects: NonInviteClientEffect<D>[] = [
    { kind: "cancel-timer", name: "E" },
    { kind: "cancel-timer", name: "F" },
    { kind: "finished", status },
  ];
  if (reliable) return { state: { name: "terminated" }, effects: [...effects, { kind: "terminated" }] };
  return { state: { name: "completed" }, effects: [...effects, { kind: "timer", name: "K", afterMs: t4Ms }] };
}
