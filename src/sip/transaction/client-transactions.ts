/**
 * All running client transactions. Nothing here could begin a call: what is sent is a request within a dialog that the
 * peer began, an INVITE among them only to change or refresh that session, or our own REGISTER.
 */
import { type Endpoint, isReliable } from "../endpoint.ts";
import type { SipResponse } from "../message/message.ts";
import type { TimerSet, Timers } from "../timers.ts";
import { clientKey } from "./key.ts";
import {
  type NonInviteClientEffect,
  type NonInviteClientState,
  openNonInviteClient,
  stepNonInviteClient,
} from "./non-invite-client.ts";
import {
  openReinviteClient,
  type ReinviteClientEffect,
  type ReinviteClientState,
  stepReinviteClient,
} from "./reinvite-client.ts";

export type Datagram = { readonly bytes: Uint8Array; readonly to: Endpoint };

/** `undefined`: no final response came. */
type Finished = (response: SipResponse | undefined) => void;
type Acknowledge = (response: SipResponse) => Datagram;

type Entry = {
  readonly key: string;
  readonly timers: TimerSet;
  readonly finished: Finished;
  final: SipResponse | undefined;
  machine:
    | { readonly kind: "reinvite"; readonly state: ReinviteClientState<Datagram>; readonly acknowledge: Acknowledge }
    | { readonly kind: "other"; readonly state: NonInviteClientState<Datagram> };
};

type Effect = NonInviteClientEffect<Datagram> | ReinviteClientEffect<Datagram>;
type TimerName = (Effect & { kind: "timer" })["name"];

type Request = {
  readonly branch: string;
  readonly method: "BYE" | "UPDATE" | "REGISTER";
  readonly bytes: Uint8Array;
  readonly to: Endpoint;
};

export type ClientRequest = Request & {
  /** Called once: with the final response, or without where there will be none. */
  finished: Finished;
};

export interface ClientTransactions {
  begin(request: ClientRequest): void;
  /**
   * An INVITE within a dialog.
   * @param acknowledge Makes the ACK of a final response; asked once (RFC 3261 §13.2.2.4, §17.1.1.3).
   */
  beginReinvite(request: Omit<Request, "method"> & { acknowledge: Acknowledge; finished: Finished }): void;
  /** False where no transaction waits for it. */
  receive(response: SipResponse): boolean;
  running(): number;
  stopAll(): void;
}

export function createClientTransactions(ports: {
  send(bytes: Uint8Array, to: Endpoint): void;
  timers: Timers;
}): ClientTransactions {
  const entries = new Map<string, Entry>();

  function carryOut(entry: Entry, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          ports.send(effect.datagram.bytes, effect.datagram.to);
          break;
        case "timer": {
          const { name } = effect;
          entry.timers.start(name, effect.afterMs, () => timedOut(entry, name));
          break;
        }
        case "cancel-timer":
          entry.timers.stop(effect.name);
          break;
        case "finished":
          entry.finished(entry.final);
          break;
        case "terminated":
          entry.timers.stopAll();
          entries.delete(entry.key);
          break;
      }
    }
  }

  function timedOut(entry: Entry, name: TimerName): void {
    const { machine } = entry;
    if (machine.kind === "reinvite") {
      if (name === "A" || name === "B" || name === "D" || name === "M") stepReinvite(entry, { kind: "timer", name });
    } else if (name === "E" || name === "F" || name === "K") stepOther(entry, { kind: "timer", name });
  }

  function stepReinvite(entry: Entry, input: Parameters<typeof stepReinviteClient<Datagram>>[1]): void {
    if (entry.machine.kind !== "reinvite") return;
    const { state, effects } = stepReinviteClient(entry.machine.state, input);
    entry.machine = { ...entry.machine, state };
    carryOut(entry, effects);
  }

  function stepOther(entry: Entry, input: Parameters<typeof stepNonInviteClient>[1]): void {
    if (entry.machine.kind !== "other") return;
    const { state, effects } = stepNonInviteClient(entry.machine.state, input);
    entry.machine = { kind: "other", state };
    carryOut(entry, effects);
  }

  function open(key: string, finished: Finished, machine: Entry["machine"], effects: readonly Effect[]): void {
    const entry: Entry = { key, timers: ports.timers.set(), finished, final: undefined, machine };
    entries.set(key, entry);
    carryOut(entry, effects);
  }

  return {
    begin({ finished, ...request }) {
      const { state, effects } = openNonInviteClient<Datagram>(
        { bytes: request.bytes, to: request.to },
        isReliable(request.to),
      );
      open(`${request.branch} ${request.method}`, finished, { kind: "other", state }, effects);
    },
    beginReinvite({ finished, acknowledge, ...request }) {
      const { state, effects } = openReinviteClient<Datagram>(
        { bytes: request.bytes, to: request.to },
        isReliable(request.to),
      );
      open(`${request.branch} INVITE`, finished, { kind: "reinvite", state, acknowledge }, effects);
    },
    receive(response) {
      const entry = entries.get(clientKey(response));
      if (entry === undefined) return false;
      const { status } = response;
      const first = status >= 200 && entry.final === undefined;
      if (first) entry.final = response;
      const { machine } = entry;
      if (machine.kind === "other") stepOther(entry, { kind: "response", status });
      else stepReinvite(entry, { kind: "response", status, ack: first ? machine.acknowledge(response) : undefined });
      return true;
    },
    running: () => entries.size,
    stopAll() {
      for (const entry of entries.values()) entry.timers.stopAll();
      entries.clear();
    },
  };
}
