/**
 * INVITE server transaction (RFC 3261 §17.2.1 as changed by RFC 6026 §8.7).
 * `D` is whatever the driver sends: a response already serialised, and where it goes.
 * `reliable`: over TCP or TLS, where timer G is never set and timer I is zero.
 */
import { giveUpMs, nextInterval, t1Ms, t4Ms } from "./timers.ts";

export type InviteServerState<D> =
  | { readonly name: "proceeding"; readonly reliable: boolean; readonly last: { readonly datagram: D } | undefined }
  /** 300 to 699 sent, no ACK yet. `intervalMs`: what timer G waited last. */
  | { readonly name: "completed"; readonly reliable: boolean; readonly last: D; readonly intervalMs: number }
  | { readonly name: "confirmed" }
  /** 2xx sent: the transaction only soaks up INVITEs; the call's owner sends the 2xx again. */
  | { readonly name: "accepted"; readonly last: D }
  | { readonly name: "terminated" };

export type InviteServerInput<D> =
  | { readonly kind: "invite" }
  | { readonly kind: "ack" }
  | { readonly kind: "respond"; readonly status: number; readonly datagram: D }
  /** The owner sends its 2xx again (§13.3.1.4). */
  | { readonly kind: "resend" }
  | { readonly kind: "timer"; readonly name: "G" | "H" | "I" | "L" };

export type InviteServerEffect<D> =
  | { readonly kind: "send"; readonly datagram: D }
  | { readonly kind: "timer"; readonly name: "G" | "H" | "I" | "L"; readonly afterMs: number }
  | { readonly kind: "cancel-timer"; readonly name: "G" | "H" }
  /** An ACK of our 2xx: the dialog's, not ours. */
  | { readonly kind: "deliver-ack" }
  | { readonly kind: "terminated" };

type Step<D> = { state: InviteServerState<D>; effects: InviteServerEffect<D>[] };

export function openInviteServer<D>(reliable = false): InviteServerState<D> {
  return { name: "proceeding", reliable, last: undefined };
}

export function stepInviteServer<D>(state: InviteServerState<D>, input: InviteServerInput<D>): Step<D> {
  switch (state.name) {
    case "proceeding":
      return inProceeding<D>(state, input);
    case "completed":
      return inCompleted(state, input);
    case "confirmed":
      // Timer I soaks up further ACKs, then nothing is left.
      return input.kind === "timer" && input.name === "I" ? ended() : stay(state);
    case "accepted":
      return inAccepted(state, input);
    case "terminated":
      return stay(state);
  }
}

function inProceeding<D>(state: InviteServerState<D> & { name: "proceeding" }, input: InviteServerInput<D>): Step<D> {
  // A retransmitted INVITE gets the latest provisional response again.
  if (input.kind === "invite") return state.last === undefined ? stay<D>(state) : send<D>(state, state.last.datagram);
  if (input.kind !== "respond") return stay<D>(state);
  const { status, datagram } = input;
  if (status < 200) return send<D>({ ...state, last: { datagram } }, datagram);
  // RFC 6026 §8.7: after a 2xx the transaction stays for 64*T1, so that INVITEs on their way do not look new.
  if (status < 300) {
    const { state: accepted, effects } = send<D>({ name: "accepted", last: datagram }, datagram);
    return { state: accepted, effects: [...effects, { kind: "timer", name: "L", afterMs: giveUpMs }] };
  }
  // Timer G sends the refusal again until the ACK comes, timer H gives up.
  const { reliable } = state;
  const { state: completed, effects } = send<D>(
    { name: "completed", reliable, last: datagram, intervalMs: t1Ms },
    datagram,
  );
  if (!reliable) effects.push({ kind: "timer", name: "G", afterMs: t1Ms });
  return { state: completed, effects: [...effects, { kind: "timer", name: "H", afterMs: giveUpMs }] };
}

function inCompleted<D>(state: InviteServerState<D> & { name: "completed" }, input: InviteServerInput<D>): Step<D> {
  switch (input.kind) {
    case "invite":
      return send(state, state.last);
    case "ack":
      if (state.reliable) {
        return {
          state: { name: "terminated" },
          effects: [{ kind: "cancel-timer", name: "H" }, { kind: "terminated" }],
        };
      }
      return {
        state: { name: "confirmed" },
        effects: [
          { kind: "cancel-timer", name: "G" },
          { kind: "cancel-timer", name: "H" },
          { kind: "timer", name: "I", afterMs: t4Ms },
        ],
      };
    case "timer": {
      if (input.name === "H") return { state: { name: "terminated" }, effects: [cancelG(), { kind: "terminated" }] };
      if (input.name !== "G") return stay(state);
      const intervalMs = nextInterval(state.intervalMs);
      const { state: again, effects } = send<D>({ ...state, intervalMs }, state.last);
      return { state: again, effects: [...effects, { kind: "timer", name: "G", afterMs: intervalMs }] };
    }
    case "respond": // One final response per transaction: any further one is discarded.
    case "resend":
      return stay(state);
  }
}

function inAccepted<D>(state: InviteServerState<D> & { name: "accepted" }, input: InviteServerInput<D>): Step<D> {
  switch (input.kind) {
    case "ack":
      return { state, effects: [{ kind: "deliver-ack" }] };
    case "resend":
      return send(state, state.last);
    case "timer":
      return input.name === "L" ? ended() : stay(state);
    case "invite": // RFC 6026 §8.7: neither passed up nor answered; the owner's own clock sends the 2xx again.
    case "respond":
      return stay(state);
  }
}

function cancelG(): { kind: "cancel-timer"; name: "G" } {
  return { kind: "cancel-timer", name: "G" };
}

function stay<D>(state: InviteServerState<D>): Step<D> {
  return { state, effects: [] };
}

function send<D>(state: InviteServerState<D>, datagram: D): Step<D> {
  return { state, effects: [{ kind: "send", datagram }] };
}

function ended<D>(): Step<D> {
  return { state: { name: "terminated" }, effects: [{ kind: "terminated" }] };
}
