/**
 * All dialogs that have an INVITE behind them, those that peers began and, once answered, those of our legs: drives the
 * machine of each, and stands between it, the transactions and its owner.
 */
import type { Endpoint } from "../endpoint.ts";
import { sdpOf } from "../message/body.ts";
import type { SipRequest } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { EndReason, ServerCallHandlers } from "../ports.ts";
import type { TimerSet } from "../timers.ts";
import type { ServerTransactions } from "../transaction/server-transactions.ts";
import { stepCall } from "./call.ts";
import type { CallEffect, CallInput, CallNews, CallState, Modification } from "./call-state.ts";
import { type Dialog, dialogKey } from "./dialog.ts";
import type { OwnRequests } from "./own-requests.ts";

export type DialogsPorts = {
  servers: ServerTransactions;
  own: OwnRequests;
  randomId(): string;
  /** Of a clock that never goes back. */
  nowMs(): number;
  /** A bug in the owner, or here. */
  failed(callId: string, error: unknown): void;
  /** A NOTIFY within a dialog that is there (RFC 3515). */
  notified(request: SipRequest, transaction: string): void;
  /** The last dialog is gone. */
  emptied(): void;
};

export type DialogEntry = {
  /** Our own id of the call or leg. */
  readonly id: string;
  readonly key: string;
  readonly source: Endpoint;
  readonly local: Endpoint;
  /** Our requests go to the host of `source` only, whatever the peer names as its address. */
  readonly bound?: boolean;
  readonly timers: TimerSet;
  readonly inputs: CallInput[];
  /** True at first: what the owner asks for waits until `start`. */
  stepping: boolean;
  state: CallState;
  handlers: ServerCallHandlers | undefined;
  readonly openedAtMs: number;
  answeredAtMs: number | undefined;
  reason: EndReason | undefined;
  /** Another dialog has taken its place, with its owner. */
  readonly moved: (to: DialogEntry) => void;
  /** Nothing of it remains. */
  readonly gone: (entry: DialogEntry) => void;
};

export interface Dialogs {
  /** Carries the first effects out; inputs wait until `start`. */
  add(entry: DialogEntry, effects: readonly CallEffect[]): void;
  start(entry: DialogEntry): void;
  post(entry: DialogEntry, input: CallInput): void;
  find(callId: string, localTag: string | undefined, remoteTag: string | undefined): DialogEntry | undefined;
  /** False where the dialog is not there. */
  receive(request: SipRequest, transaction: string): boolean;
  acknowledge(ack: SipRequest): boolean;
  /** Whether it belongs to a dialog that is there. */
  knows(request: SipRequest): boolean;
  /** Where the dialog came from or went to that it belongs to. */
  homeOf(request: SipRequest): Endpoint | undefined;
  /** A request of ours within the dialog, which uses up a CSeq number. */
  request(entry: DialogEntry, send: (dialog: Dialog) => Dialog): void;
  all(): DialogEntry[];
  running(): number;
  /** Whether its owner's work throws is the owner's bug, and ends there. */
  guarded<T>(entry: DialogEntry, work: (handlers: ServerCallHandlers) => T): T | undefined;
  stopAll(): void;
}

export function createDialogs(ports: DialogsPorts): Dialogs {
  const entries = new Map<string, DialogEntry>();

  function post(entry: DialogEntry, input: CallInput): void {
    entry.inputs.push(input);
    if (!entry.stepping) start(entry);
  }

  /** Inputs are handled one after the other, also those that handling another brings about. */
  function start(entry: DialogEntry): void {
    entry.stepping = true;
    try {
      for (let next = entry.inputs.shift(); next !== undefined; next = entry.inputs.shift()) {
        const { state, effects } = stepCall(entry.state, next);
        if (entry.state.phase === "proceeding" && state.phase === "established") entry.answeredAtMs ??= ports.nowMs();
        entry.state = state;
        for (const effect of effects) carryOut(entry, effect);
      }
    } finally {
      entry.stepping = false;
    }
  }

  function carryOut(entry: DialogEntry, effect: CallEffect): void {
    switch (effect.kind) {
      case "respond":
        return ports.servers.respond(effect.transaction, effect.response);
      case "resend":
        return ports.servers.resend(effect.transaction);
      case "bye":
        return request(entry, (dialog) => ports.own.bye(dialog, entry, () => post(entry, { kind: "bye-finished" })));
      case "refresh":
        return request(entry, (dialog) =>
          ports.own.refresh(dialog, entry, effect, (response) =>
            post(entry, { kind: "refreshed", response, random: chance() }),
          ),
        );
      case "timer": {
        const { name } = effect;
        return entry.timers.start(name, effect.afterMs, () => post(entry, { kind: "timer", name }));
      }
      case "cancel-timer":
        return entry.timers.stop(effect.name);
      case "modify":
        return modify(entry, effect.modification);
      case "notified":
        return ports.notified(effect.request, effect.transaction);
      case "tell":
        return tell(entry, effect.news);
      case "gone":
        return forget(entry);
    }
  }

  function forget(entry: DialogEntry): void {
    entry.timers.stopAll();
    if (entries.get(entry.key) === entry) entries.delete(entry.key);
    entry.gone(entry);
    if (entries.size === 0) ports.emptied();
  }

  function request(entry: DialogEntry, send: (dialog: Dialog) => Dialog): void {
    const dialog = send(entry.state.dialog);
    entry.state = { ...entry.state, dialog };
  }

  /** 0 to 1. */
  function chance(): number {
    return Number.parseInt(ports.randomId().slice(0, 4), 16) / 0x1_0000 || 0;
  }

  function modify(entry: DialogEntry, modification: Modification): void {
    const { offer } = modification;
    const sdp = guarded(entry, (handlers) => (offer === undefined ? handlers.reoffer?.() : handlers.reoffered(offer)));
    post(entry, { kind: "modified", modification, sdp });
  }

  function tell(entry: DialogEntry, news: CallNews): void {
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

  function guarded<T>(entry: DialogEntry, work: (handlers: ServerCallHandlers) => T): T | undefined {
    if (entry.handlers === undefined) return undefined;
    try {
      return work(entry.handlers);
    } catch (error) {
      ports.failed(entry.id, error);
      return undefined;
    }
  }

  const find: Dialogs["find"] = (callId, localTag, remoteTag) =>
    localTag === undefined ? undefined : entries.get(dialogKey(callId, localTag, remoteTag));
  const findFor = ({ callId, from, to }: SipRequest) => find(callId, tagOf(to), tagOf(from));

  return {
    add(entry, effects) {
      entries.set(entry.key, entry);
      for (const effect of effects) carryOut(entry, effect);
    },
    start,
    post,
    find,
    receive(received, transaction) {
      const entry = findFor(received);
      if (entry === undefined) return false;
      post(entry, { kind: "request", transaction, request: received, random: chance() });
      return true;
    },
    acknowledge(ack) {
      const entry = findFor(ack);
      if (entry === undefined) return false;
      const body = sdpOf(ack);
      post(entry, { kind: "ack", cseq: ack.cseq.number, sdp: body.kind === "sdp" ? body.sdp : undefined });
      return true;
    },
    homeOf: (received) => findFor(received)?.source,
    knows: (received) => findFor(received) !== undefined,
    request,
    all: () => [...entries.values()],
    running: () => entries.size,
    guarded,
    stopAll() {
      for (const entry of [...entries.values()]) forget(entry);
    },
  };
}
