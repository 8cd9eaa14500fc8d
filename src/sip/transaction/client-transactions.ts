/**
 * All running client transactions. Non-INVITE only: nothing here could begin a call. What is sent is a request within a
 * dialog that the peer began, or our own REGISTER.
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

type Datagram = { readonly bytes: Uint8Array; readonly to: Endpoint };

type Entry = {
  readonly key: string;
  readonly timers: TimerSet;
  readonly finished: (response: SipResponse | undefined) => void;
  /** The latest one. */
  response: SipResponse | undefined;
  state: NonInviteClientState<Datagram>;
};

export type ClientRequest = {
  readonly branch: string;
  readonly method: "BYE" | "REGISTER";
  readonly bytes: Uint8Array;
  readonly to: Endpoint;
  /** Called once: with the final response, or without where there will be none. */
  finished(response: SipResponse | undefined): void;
};

export interface ClientTransactions {
  begin(request: ClientRequest): void;
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

  function carryOut(entry: Entry, effects: readonly NonInviteClientEffect<Datagram>[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          ports.send(effect.datagram.bytes, effect.datagram.to);
          break;
        case "timer": {
          const { name } = effect;
          entry.timers.start(name, effect.afterMs, () => step(entry, { kind: "timer", name }));
          break;
        }
        case "cancel-timer":
          entry.timers.stop(effect.name);
          break;
        case "finished":
          entry.finished(effect.status === "timeout" ? undefined : entry.response);
          break;
        case "terminated":
          entry.timers.stopAll();
          entries.delete(entry.key);
          break;
      }
    }
  }

  function step(entry: Entry, input: Parameters<typeof stepNonInviteClient>[1]): void {
    const { state, effects } = stepNonInviteClient(entry.state, input);
    entry.state = state;
    carryOut(entry, effects);
  }

  return {
    begin({ branch, method, bytes, to, finished }) {
      const { state, effects } = openNonInviteClient<Datagram>({ bytes, to }, isReliable(to));
      const key = `${branch} ${method}`;
      const entry: Entry = { key, timers: ports.timers.set(), finished, response: undefined, state };
      entries.set(entry.key, entry);
      carryOut(entry, effects);
    },
    receive(response) {
      const entry = entries.get(clientKey(response));
      if (entry === undefined) return false;
      entry.response = response;
      step(entry, { kind: "response", status: response.status });
      return true;
    },
    running: () => entries.size,
    stopAll() {
      for (const entry of entries.values()) entry.timers.stopAll();
      entries.clear();
    },
  };
}
