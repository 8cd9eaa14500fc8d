/** All running calls: drives the machine of each, and stands between it, the transactions and the call's owner. */
import { contactAt, type Endpoint } from "../endpoint.ts";
import { sdpOf } from "../message/body.ts";
import { parseDecimal } from "../message/grammar.ts";
import { header, type SipRequest } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { Arrival, CallEnd, EndReason, OnInvite, ServerCall, ServerCallHandlers } from "../ports.ts";
import type { TimerSet, Timers } from "../timers.ts";
import type { ClientTransactions } from "../transaction/client-transactions.ts";
import type { ServerTransactions } from "../transaction/server-transactions.ts";
import { type ResponseSpec, retryAfter } from "../uas/responses.ts";
import { openCall, stepCall } from "./call.ts";
import type { CallEffect, CallInput, CallNews, CallState, Modification } from "./call-state.ts";
import { dialogKey } from "./dialog.ts";
import { createOwnRequests } from "./own-requests.ts";

export type CallsPorts = {
  servers: ServerTransactions;
  clients: ClientTransactions;
  timers: Timers;
  randomId(): string;
  /** Where that peer reaches us. */
  localEndpoint(remote: Endpoint): Endpoint;
  isPeer(remote: Endpoint): boolean;
  userAgent: string | undefined;
  /** The shortest session interval that we take part in (RFC 4028). */
  minSessionSeconds: number;
  onInvite: OnInvite;
  /** A bug in the call's owner, or here. */
  failed(callId: string, error: unknown): void;
  /** Of a clock that never goes back. */
  nowMs(): number;
  /** Nothing of a call remains. */
  finished(summary: CallEnd): void;
  /** The last call is gone. */
  emptied(): void;
};

type Entry = {
  readonly id: string;
  readonly key: string;
  readonly source: Endpoint;
  readonly local: Endpoint;
  readonly timers: TimerSet;
  readonly inputs: CallInput[];
  stepping: boolean;
  state: CallState;
  handlers: ServerCallHandlers | undefined;
  readonly openedAtMs: number;
  answeredAtMs: number | undefined;
  reason: EndReason | undefined;
};

export interface Calls {
  /** A new INVITE that has passed every check. `localTag` is the one that its transaction's responses carry. */
  open(invite: SipRequest, transaction: string, localTag: string, source: Endpoint, arrival: Arrival): void;
  /** False where the dialog is not there. */
  receive(request: SipRequest, transaction: string): boolean;
  acknowledge(ack: SipRequest): boolean;
  /** Whether it belongs to a dialog that is there. */
  knows(request: SipRequest): boolean;
  cancel(inviteTransaction: string): void;
  hangUpAll(): void;
  running(): number;
  /** Calls whose caller has not acknowledged our answer, or has none yet. */
  unacknowledged(): number;
  stopAll(): void;
}

/** RFC 3261 §21.5.4: about as long as a restart takes. */
export const restartSeconds = 10;

const terminated: ResponseSpec = { status: 487, reason: "Request Terminated" };
const goingDown: ResponseSpec = {
  status: 503,
  reason: "Service Unavailable",
  headers: [retryAfter(restartSeconds)],
};

export function createCalls(ports: CallsPorts): Calls {
  const byDialog = new Map<string, Entry>();
  const byInvite = new Map<string, Entry>();
  const own = createOwnRequests(ports);

  function post(entry: Entry, input: CallInput): void {
    entry.inputs.push(input);
    if (!entry.stepping) drain(entry);
  }

  /** Inputs are handled one after the other, also those that handling another brings about. */
  function drain(entry: Entry): void {
    entry.stepping = true;
    try {
      for (let next = entry.inputs.shift(); next !== undefined; next = entry.inputs.shift()) {
        const { state, effects } = stepCall(entry.state, next);
        if (entry.state.phase === "proceeding" && state.phase === "established") entry.answeredAtMs = ports.nowMs();
        entry.state = state;
        for (const effect of effects) carryOut(entry, effect);
      }
    } finally {
      entry.stepping = false;
    }
  }

  function carryOut(entry: Entry, effect: CallEffect): void {
    switch (effect.kind) {
      case "respond":
        return ports.servers.respond(effect.transaction, effect.response);
      case "resend":
        return ports.servers.resend(effect.transaction);
      case "bye":
        return sendBye(entry);
      case "refresh":
        return sendRefresh(entry, effect);
      case "timer": {
        const { name } = effect;
        return entry.timers.start(name, effect.afterMs, () => post(entry, { kind: "timer", name }));
      }
      case "cancel-timer":
        return entry.timers.stop(effect.name);
      case "modify":
        return modify(entry, effect.modification);
      case "tell":
        return tell(entry, effect.news);
      case "gone":
        return forget(entry);
    }
  }

  function forget(entry: Entry): void {
    entry.timers.stopAll();
    if (byDialog.delete(entry.key)) ports.finished(endOf(entry));
    if (byInvite.get(entry.state.invite.transaction) === entry) byInvite.delete(entry.state.invite.transaction);
    if (byDialog.size === 0) ports.emptied();
  }

  function endOf({ id, source, reason, state, openedAtMs, answeredAtMs }: Entry): CallEnd {
    const now = ports.nowMs();
    return {
      callId: id,
      peer: source.address,
      reason: reason ?? "shutdown",
      acknowledged: state.confirmed,
      setupMs: Math.round((answeredAtMs ?? now) - openedAtMs),
      talkMs: answeredAtMs === undefined ? 0 : Math.round(now - answeredAtMs),
    };
  }

  function sendBye(entry: Entry): void {
    const dialog = own.bye(entry.state.dialog, entry, () => post(entry, { kind: "bye-finished" }));
    entry.state = { ...entry.state, dialog };
  }

  function sendRefresh(entry: Entry, refresh: CallEffect & { kind: "refresh" }): void {
    const dialog = own.refresh(entry.state.dialog, entry, refresh, (response) =>
      post(entry, { kind: "refreshed", response, random: chance() }),
    );
    entry.state = { ...entry.state, dialog };
  }

  /** 0 to 1. */
  function chance(): number {
    return Number.parseInt(ports.randomId().slice(0, 4), 16) / 0x1_0000 || 0;
  }

  function modify(entry: Entry, modification: Modification): void {
    const { offer } = modification;
    const sdp = guarded(entry, (handlers) => (offer === undefined ? handlers.reoffer?.() : handlers.reoffered(offer)));
    post(entry, { kind: "modified", modification, sdp });
  }

  function tell(entry: Entry, news: CallNews): void {
    if (news.kind === "ended") entry.reason = news.reason;
    guarded(entry, (handlers) => {
      switch (news.kind) {
        case "acknowledged":
          return handlers.acknowledged(news.sdp);
        case "reanswered":
          return handlers.reanswered?.(news.sdp);
        case "digit":
          return handlers.digit?.(news.digit, news.durationMs);
        case "ended":
          return handlers.ended(news.reason);
      }
    });
  }

  /** A bug of the call's owner ends with that call's handler, not with the datagram. */
  function guarded<T>(entry: Entry, work: (handlers: ServerCallHandlers) => T): T | undefined {
    if (entry.handlers === undefined) return undefined;
    try {
      return work(entry.handlers);
    } catch (error) {
      ports.failed(entry.id, error);
      return undefined;
    }
  }

  function serverCall(entry: Entry, offer: string | undefined, { caller, called, trunk }: Arrival): ServerCall {
    return {
      id: entry.id,
      caller,
      called,
      offer,
      localAddress: entry.local.address,
      transport: entry.source.transport ?? "udp",
      trunk,
      ring: () => post(entry, { kind: "ring" }),
      answer: (sdp) => post(entry, { kind: "answer", sdp }),
      reject: (status, reason) => post(entry, { kind: "reject", response: { status, reason } }),
      hangUp: () => post(entry, { kind: "hang-up", reason: "we-hung-up", unanswered: terminated }),
    };
  }

  function open(invite: SipRequest, transaction: string, localTag: string, source: Endpoint, arrival: Arrival): void {
    const local = ports.localEndpoint(source);
    const body = sdpOf(invite);
    const offer = body.kind === "sdp" ? body.sdp : undefined;
    const expires = parseDecimal(header(invite, "expires") ?? "", 2 ** 32 - 1);
    const opened = openCall(invite, transaction, {
      localTag,
      contact: contactAt(local),
      offered: offer !== undefined,
      expiresMs: expires === undefined ? undefined : expires * 1_000,
      minSessionSeconds: ports.minSessionSeconds,
    });
    const key = dialogKey(invite.callId, localTag, tagOf(invite.from));
    const entry: Entry = {
      id: ports.randomId(),
      key,
      source,
      local,
      timers: ports.timers.set(),
      inputs: [],
      stepping: true, // until the owner has said who listens: what it asks for meanwhile waits
      state: opened.state,
      handlers: undefined,
      openedAtMs: ports.nowMs(),
      answeredAtMs: undefined,
      reason: undefined,
    };
    byDialog.set(key, entry);
    byInvite.set(transaction, entry);
    for (const effect of opened.effects) carryOut(entry, effect);
    try {
      entry.handlers = ports.onInvite(serverCall(entry, offer, arrival));
    } catch (error) {
      ports.failed(entry.id, error);
      entry.inputs.splice(0, Number.POSITIVE_INFINITY, {
        kind: "reject",
        response: { status: 500, reason: "Server Internal Error" },
      });
    }
    drain(entry);
  }

  function find(request: SipRequest): Entry | undefined {
    const localTag = tagOf(request.to);
    return localTag === undefined ? undefined : byDialog.get(dialogKey(request.callId, localTag, tagOf(request.from)));
  }

  return {
    open,
    receive(request, transaction) {
      const entry = find(request);
      if (entry === undefined) return false;
      post(entry, { kind: "request", transaction, request, random: chance() });
      return true;
    },
    acknowledge(ack) {
      const entry = find(ack);
      if (entry === undefined) return false;
      const body = sdpOf(ack);
      post(entry, { kind: "ack", cseq: ack.cseq.number, sdp: body.kind === "sdp" ? body.sdp : undefined });
      return true;
    },
    knows: (request) => find(request) !== undefined,
    cancel(inviteTransaction) {
      const entry = byInvite.get(inviteTransaction);
      if (entry !== undefined) post(entry, { kind: "cancel" });
    },
    hangUpAll() {
      for (const entry of [...byDialog.values()]) {
        post(entry, { kind: "hang-up", reason: "shutdown", unanswered: goingDown });
      }
    },
    running: () => byDialog.size,
    unacknowledged() {
      let count = 0;
      for (const { state } of byDialog.values()) if (!state.confirmed) count += 1;
      return count;
    },
    stopAll() {
      for (const entry of [...byDialog.values()]) forget(entry);
    },
  };
}
