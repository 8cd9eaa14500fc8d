/** All running server transactions: drives the machines, keeps what each needs to answer, forgets what has ended. */
import { type Endpoint, isReliable } from "../endpoint.ts";
import type { SipRequest } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { TimerSet, Timers } from "../timers.ts";
import { buildResponse, type ResponseSpec, responseTarget } from "../uas/responses.ts";
import { type InviteServerInput, type InviteServerState, openInviteServer, stepInviteServer } from "./invite-server.ts";
import { mergeKey, serverKey } from "./key.ts";
import {
  type NonInviteServerInput,
  type NonInviteServerState,
  openNonInviteServer,
  stepNonInviteServer,
} from "./non-invite-server.ts";

type Datagram = { readonly bytes: Uint8Array; readonly to: Endpoint };

type Entry = {
  readonly key: string;
  readonly request: SipRequest;
  readonly source: Endpoint;
  /** Our tag for the To header of its responses. */
  readonly toTag: string;
  readonly timers: TimerSet;
  machine:
    | { readonly kind: "invite"; readonly state: InviteServerState<Datagram> }
    | { readonly kind: "other"; readonly state: NonInviteServerState<Datagram> };
};

export interface ServerTransactions {
  /** The transaction's key, or undefined where there is one already: then this was a retransmission, and is seen to. */
  begin(request: SipRequest, source: Endpoint, toTag: string): string | undefined;
  /** Whether it is a retransmission. */
  knows(request: SipRequest): boolean;
  /** RFC 3261 §8.2.2.2: whether the same request came before over another way and is still being worked on. */
  isMerged(request: SipRequest, key: string): boolean;
  respond(key: string, response: ResponseSpec): void;
  /** The last 2xx again. */
  resend(key: string): void;
  /** "dialog": it acknowledges a 2xx, or an INVITE that nobody knows any more. */
  acknowledge(ack: SipRequest): "transaction" | "dialog";
  /** Tag that the responses of this INVITE carry; undefined where there is none (RFC 3261 §9.2). */
  tagOfInvite(key: string): string | undefined;
  running(): number;
  stopAll(): void;
}

export function createServerTransactions(ports: {
  send(bytes: Uint8Array, to: Endpoint): void;
  timers: Timers;
  server: string | undefined;
}): ServerTransactions {
  const entries = new Map<string, Entry>();
  /** Merge key of each request without To tag → its transaction. */
  const firstArrivals = new Map<string, string>();

  function end(entry: Entry): void {
    entry.timers.stopAll();
    entries.delete(entry.key);
    const merge = mergeKey(entry.request);
    if (firstArrivals.get(merge) === entry.key) firstArrivals.delete(merge);
  }

  function stepInvite(entry: Entry, input: InviteServerInput<Datagram>): boolean {
    if (entry.machine.kind !== "invite") return false;
    const { state, effects } = stepInviteServer(entry.machine.state, input);
    entry.machine = { kind: "invite", state };
    let forDialog = false;
    for (const effect of effects) {
      if (effect.kind === "send") ports.send(effect.datagram.bytes, effect.datagram.to);
      else if (effect.kind === "timer") {
        const { name } = effect;
        entry.timers.start(name, effect.afterMs, () => stepInvite(entry, { kind: "timer", name }));
      } else if (effect.kind === "cancel-timer") entry.timers.stop(effect.name);
      else if (effect.kind === "deliver-ack") forDialog = true;
      else end(entry);
    }
    return forDialog;
  }

  function stepOther(entry: Entry, input: NonInviteServerInput<Datagram>): void {
    if (entry.machine.kind !== "other") return;
    const { state, effects } = stepNonInviteServer(entry.machine.state, input);
    entry.machine = { kind: "other", state };
    for (const effect of effects) {
      if (effect.kind === "send") ports.send(effect.datagram.bytes, effect.datagram.to);
      else if (effect.kind === "timer") {
        const { name } = effect;
        entry.timers.start(name, effect.afterMs, () => stepOther(entry, { kind: "timer", name }));
      } else end(entry);
    }
  }

  return {
    begin(request, source, toTag) {
      const key = serverKey(request);
      const known = entries.get(key);
      if (known !== undefined) {
        if (known.machine.kind === "invite") stepInvite(known, { kind: "invite" });
        else stepOther(known, { kind: "request" });
        return undefined;
      }
      const machine: Entry["machine"] =
        request.method === "INVITE"
          ? { kind: "invite", state: openInviteServer(isReliable(source)) }
          : { kind: "other", state: openNonInviteServer(isReliable(source)) };
      entries.set(key, { key, request, source, toTag, timers: ports.timers.set(), machine });
      if (tagOf(request.to) === undefined) {
        const merge = mergeKey(request);
        if (!firstArrivals.has(merge)) firstArrivals.set(merge, key);
      }
      return key;
    },
    knows: (request) => entries.has(serverKey(request)),
    isMerged: (request, key) => tagOf(request.to) === undefined && firstArrivals.get(mergeKey(request)) !== key,
    respond(key, response) {
      const entry = entries.get(key);
      if (entry === undefined) return;
      const { request, source } = entry;
      const tag = response.status === 100 ? undefined : entry.toTag;
      const bytes = buildResponse(request, source, response, tag, ports.server);
      const datagram = { bytes, to: responseTarget(request, source) };
      if (entry.machine.kind === "invite") stepInvite(entry, { kind: "respond", status: response.status, datagram });
      else stepOther(entry, { kind: "respond", status: response.status, datagram });
    },
    resend(key) {
      const entry = entries.get(key);
      if (entry !== undefined) stepInvite(entry, { kind: "resend" });
    },
    acknowledge(ack) {
      const entry = entries.get(serverKey(ack, "INVITE"));
      return entry === undefined || stepInvite(entry, { kind: "ack" }) ? "dialog" : "transaction";
    },
    tagOfInvite(key) {
      const entry = entries.get(key);
      return entry?.machine.kind === "invite" ? entry.toTag : undefined;
    },
    running: () => entries.size,
    stopAll() {
      for (const entry of [...entries.values()]) end(entry);
    },
  };
}
