/** Non-INVITE server transaction (RFC 3261 §17.2.2). `D`, `reliable`: see invite-server.ts; over streams J is zero. */
import { giveUpMs } from "./timers.ts";

export type NonInviteServerState<D> =
  | { readonly name: "trying"; readonly reliable: boolean }
  | { readonly name: "proceeding"; readonly reliable: boolean; readonly last: D }
  | { readonly name: "completed"; readonly last: D }
  | { readonly name: "terminated" };

export type NonInviteServerInput<D> =
  | { readonly kind: "request" }
  | { readonly kind: "respond"; readonly status: number; readonly datagram: D }
  | { readonly kind: "timer"; readonly name: "J" };

export type NonInviteServerEffect<D> =
  | { readonly kind: "send"; readonly datagram: D }
  | { readonly kind: "timer"; readonly name: "J"; readonly afterMs: number }
  | { readonly kind: "terminated" };

type Step<D> = { state: NonInviteServerState<D>; effects: NonInviteServerEffect<D>[] };

export function openNonInviteServer<D>(reliable = false): NonInviteServerState<D> {
  return { name: "trying", reliable };
}

export function stepNonInviteServer<D>(state: NonInviteServerState<D>, input: NonInviteServerInput<D>): Step<D> {
  switch (state.name) {
    case "trying": // A retransmission before the first response is discarded.
    case "proceeding":
      if (input.kind === "respond") return respond(state.reliable, input.status, input.datagram);
      if (input.kind === "request" && state.name === "proceeding") return send(state, state.last);
      return { state, effects: [] };
    case "completed":
      if (input.kind === "request") return send(state, state.last);
      // Timer J: for 64*T1 a retransmitted request gets the same answer, then nothing is left.
      if (input.kind === "timer") return { state: { name: "terminated" }, effects: [{ kind: "terminated" }] };
      return { state, effects: [] };
    case "terminated":
      return { state, effects: [] };
  }
}

function respond<D>(reliable: boolean, status: number, datagram: D): Step<D> {
  if (status < 200) return send({ name: "proceeding", reliable, last: datagram }, datagram);
  if (reliable) {
    return { state: { name: "terminated" }, effects: [{ kind: "send", datagram }, { kind: "terminated" }] };
  }
  const { state, effects } = send<D>({ name: "completed", last: datagram }, datagram);
  return { state, effects: [...effects, { kind: "timer", name: "J", afterMs: giveUpMs }] };
}

function send<D>(state: NonInviteServerState<D>, datagram: D): Step<D> {
  return { state, effects: [{ kind: "send", datagram }] };
}
