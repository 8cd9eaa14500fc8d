/**
 * All running client transactions. Nothing here could begin a call: the requests come made, an INVITE from within a
 * dialog, from our REGISTER, or, for a leg, from where the allow-list is asked (sip/leg/begin.ts).
 */
import { type Endpoint, isReliable } from "../endpoint.ts";
import type { SipResponse } from "../message/message.ts";
import type { TimerSet, Timers } from "../timers.ts";
import {
  type ClientInviteEffect,
  type ClientInviteState,
  openClientInvite,
  stepClientInvite,
} from "./client-invite.ts";
import { clientKey } from "./key.ts";
import {
  type NonInviteClientEffect,
  type NonInviteClientInput,
  type NonInviteClientState,
  openNonInviteClient,
  stepNonInviteClient,
} from "./non-invite-client.ts";

export type Datagram = { readonly bytes: Uint8Array; readonly to: Endpoint };

/** `undefined`: no final response came. */
type Finished = (response: SipResponse | undefined) => void;

type Entry = {
  readonly key: string;
  readonly timers: TimerSet;
  readonly finished: Finished;
  /** Whether it is sent again by another way where its connection breaks. */
  readonly moves: boolean;
  final: SipResponse | undefined;
  machine:
    | { readonly kind: "invite"; readonly state: ClientInviteState<Datagram>; readonly request: InviteRequest }
    | { readonly kind: "other"; readonly state: NonInviteClientState<Datagram> };
};

type Effect = NonInviteClientEffect<Datagram> | ClientInviteEffect<Datagram>;
type TimerName = (Effect & { kind: "timer" })["name"];

export type ClientMethod = "BYE" | "UPDATE" | "REGISTER" | "REFER" | "PRACK" | "CANCEL";

type Request = {
  readonly branch: string;
  readonly method: ClientMethod;
  readonly bytes: Uint8Array;
  readonly to: Endpoint;
};

export type ClientRequest = Request & {
  /** Called once: with the final response, or without where there will be none. */
  finished: Finished;
};

export type InviteRequest = Omit<ClientRequest, "method"> & {
  /**
   * Makes the ACK of a final response; asked once (RFC 3261 §13.2.2.4, §17.1.1.3). Undefined for a 2xx: each of them is
   * told by `heard`, which acknowledges it.
   */
  acknowledge(response: SipResponse): Datagram | undefined;
  /** Each provisional response, and each 2xx that `acknowledge` has left to it. */
  heard?(response: SipResponse): void;
  /** Nothing that belongs to it will be told any more. */
  over?(): void;
};

export interface ClientTransactions {
  begin(request: ClientRequest): void;
  beginInvite(request: InviteRequest): void;
  /** RFC 3261 §9.1: one that was cancelled and has no final response is not waited for without end. */
  abandonInvite(branch: string): void;
  /** False where no transaction waits for it. */
  receive(response: SipResponse): boolean;
  /** A connection broke: what was sent by it and has no answer goes by a new one, to where the peer listens. */
  lost(connection: number): void;
  running(): number;
  stopAll(): void;
}

export function createClientTransactions(ports: {
  send(bytes: Uint8Array, to: Endpoint): void;
  timers: Timers;
}): ClientTransactions {
  const entries = new Map<string, Entry>();

  function carryOut(entry: Entry, effects: readonly Effect[], response?: SipResponse): void {
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
        case "heard":
          if (response !== undefined && entry.machine.kind === "invite") entry.machine.request.heard?.(response);
          break;
        case "finished":
          entry.finished(entry.final);
          break;
        case "terminated":
          end(entry);
          break;
      }
    }
  }

  function end(entry: Entry): void {
    entry.timers.stopAll();
    if (entries.delete(entry.key) && entry.machine.kind === "invite") entry.machine.request.over?.();
  }

  function timedOut(entry: Entry, name: TimerName): void {
    const { machine } = entry;
    if (machine.kind === "invite") {
      if (name === "A" || name === "B" || name === "D" || name === "M") stepInvite(entry, { kind: "timer", name });
    } else if (name === "E" || name === "F" || name === "K") stepOther(entry, { kind: "timer", name });
  }

  function stepInvite(
    entry: Entry,
    input: Parameters<typeof stepClientInvite<Datagram>>[1],
    response?: SipResponse,
  ): void {
    if (entry.machine.kind !== "invite") return;
    const { state, effects } = stepClientInvite(entry.machine.state, input);
    entry.machine = { ...entry.machine, state };
    carryOut(entry, effects, response);
  }

  function stepOther(entry: Entry, input: NonInviteClientInput<Datagram>): void {
    if (entry.machine.kind !== "other") return;
    const { state, effects } = stepNonInviteClient(entry.machine.state, input);
    entry.machine = { kind: "other", state };
    carryOut(entry, effects);
  }

  function open(
    fixed: Pick<Entry, "key" | "finished" | "moves">,
    machine: Entry["machine"],
    effects: readonly Effect[],
  ): void {
    const entry: Entry = { ...fixed, timers: ports.timers.set(), final: undefined, machine };
    entries.set(entry.key, entry);
    carryOut(entry, effects);
  }

  return {
    begin({ finished, ...request }) {
      const { state, effects } = openNonInviteClient<Datagram>(
        { bytes: request.bytes, to: request.to },
        isReliable(request.to),
      );
      // A registration is of its connection, and begins anew by the next.
      const fixed = { key: `${request.branch} ${request.method}`, finished, moves: request.method !== "REGISTER" };
      open(fixed, { kind: "other", state }, effects);
    },
    beginInvite(request) {
      const { bytes, to, branch, finished } = request;
      const { state, effects } = openClientInvite<Datagram>({ bytes, to }, isReliable(to));
      open({ key: inviteKey(branch), finished, moves: false }, { kind: "invite", state, request }, effects);
    },
    abandonInvite(branch) {
      const entry = entries.get(inviteKey(branch));
      if (entry?.final === undefined && entry !== undefined) end(entry);
    },
    receive(response) {
      const entry = entries.get(clientKey(response));
      if (entry === undefined) return false;
      const { status } = response;
      const first = status >= 200 && entry.final === undefined;
      if (first) entry.final = response;
      const { machine } = entry;
      if (machine.kind === "other") stepOther(entry, { kind: "response", status });
      else {
        const ack = first ? machine.request.acknowledge(response) : undefined;
        stepInvite(entry, { kind: "response", status, ack }, response);
      }
      return true;
    },
    lost(connection) {
      for (const entry of [...entries.values()]) {
        const { machine, moves } = entry;
        if (!moves || machine.kind !== "other" || !("request" in machine.state)) continue;
        const { bytes, to } = machine.state.request;
        if (to.connection !== connection) continue;
        const { connection: _gone, ...listening } = to;
        stepOther(entry, { kind: "elsewhere", request: { bytes, to: listening } });
      }
    },
    running: () => entries.size,
    stopAll() {
      for (const entry of entries.values()) entry.timers.stopAll();
      entries.clear();
    },
  };
}

function inviteKey(branch: string): string {
  return `${branch} INVITE`;
}
