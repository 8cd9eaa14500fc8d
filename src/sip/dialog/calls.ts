/** Calls that peers make to us: from an INVITE that has passed every check to the line that is logged at the end. */
import { contactAt, type Endpoint } from "../endpoint.ts";
import type { Ladders } from "../ladder/ladders.ts";
import { sdpOf } from "../message/body.ts";
import { parseDecimal } from "../message/grammar.ts";
import { header, type SipRequest } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { Arrival, CallEnd, Ladder, OnInvite, ServerCall } from "../ports.ts";
import type { Timers } from "../timers.ts";
import { type ResponseSpec, retryAfter } from "../uas/responses.ts";
import { openCall } from "./call.ts";
import { dialogKey } from "./dialog.ts";
import type { DialogEntry, Dialogs } from "./dialogs.ts";

export type CallsPorts = {
  dialogs: Dialogs;
  timers: Timers;
  randomId(): string;
  /** Where that peer reaches us. */
  localEndpoint(remote: Endpoint): Endpoint;
  /** The shortest session interval that we take part in (RFC 4028). */
  minSessionSeconds: number;
  onInvite: OnInvite;
  /** A bug in the call's owner, or here. */
  failed(callId: string, error: unknown): void;
  /** Of a clock that never goes back. */
  nowMs(): number;
  /** Nothing of a call remains. */
  finished(summary: CallEnd, ladder: Ladder | undefined): void;
  ladders: Pick<Ladders, "close">;
  /** Asked before our BYE: whether something must come first, which then calls `proceed`. */
  holdBack?(callId: string, proceed: () => void): boolean;
};

/** A call as it is known beside its dialog. */
export type LiveCall = { readonly entry: DialogEntry; readonly arrival: Arrival };

export interface Calls {
  /** A new INVITE that has passed every check. `localTag` is the one that its transaction's responses carry. */
  open(invite: SipRequest, transaction: string, localTag: string, source: Endpoint, arrival: Arrival): void;
  cancel(inviteTransaction: string): void;
  /** By our own id; undefined once its owner has been told of its end. */
  live(callId: string): LiveCall | undefined;
  hangUpAll(): void;
  /** Calls whose caller has not acknowledged our answer, or has none yet. */
  unacknowledged(): number;
}

/** RFC 3261 §21.5.4: about as long as a restart takes. */
const restartSeconds = 10;

const terminated: ResponseSpec = { status: 487, reason: "Request Terminated" };
export const goingDown: ResponseSpec = {
  status: 503,
  reason: "Service Unavailable",
  headers: [retryAfter(restartSeconds)],
};

export function createCalls(ports: CallsPorts): Calls {
  const { dialogs } = ports;
  const byId = new Map<string, LiveCall>();
  const byInvite = new Map<string, DialogEntry>();

  function gone(entry: DialogEntry): void {
    const { transaction } = entry.state.invite;
    if (byInvite.get(transaction) === entry) byInvite.delete(transaction);
    const last = byId.get(entry.id)?.entry === entry;
    if (last) byId.delete(entry.id);
    const summary = endOf(entry, last, ports.nowMs());
    const { callId } = entry.state.dialog;
    // One that was refused the place of another was never the call's.
    if (!last && !entry.state.confirmed) {
      ports.ladders.close(callId, entry.id, "rejected");
      return;
    }
    ports.finished(summary, ports.ladders.close(callId, entry.id, summary.reason));
  }

  function serverCall(entry: DialogEntry, offer: string | undefined, { caller, called, trunk }: Arrival): ServerCall {
    const current = () => byId.get(entry.id)?.entry ?? entry;
    const leave = () => dialogs.post(current(), { kind: "hang-up", reason: "we-hung-up", unanswered: terminated });
    return {
      id: entry.id,
      caller,
      called,
      offer,
      localAddress: entry.local.address,
      transport: entry.source.transport ?? "udp",
      trunk,
      ring: () => dialogs.post(entry, { kind: "ring" }),
      answer: (sdp) => dialogs.post(entry, { kind: "answer", sdp }),
      reject: (status, reason) => dialogs.post(entry, { kind: "reject", response: { status, reason } }),
      hangUp() {
        if (ports.holdBack?.(entry.id, leave) !== true) leave();
      },
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
    const entry: DialogEntry = {
      id: ports.randomId(),
      key: dialogKey(invite.callId, localTag, tagOf(invite.from)),
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
      moved: (to) => void byId.set(to.id, { entry: to, arrival }),
      gone,
    };
    byId.set(entry.id, { entry, arrival });
    byInvite.set(transaction, entry);
    dialogs.add(entry, opened.effects);
    try {
      entry.handlers = ports.onInvite(serverCall(entry, offer, arrival));
    } catch (error) {
      ports.failed(entry.id, error);
      entry.inputs.splice(0, Number.POSITIVE_INFINITY, {
        kind: "reject",
        response: { status: 500, reason: "Server Internal Error" },
      });
    }
    dialogs.start(entry);
  }

  return {
    open,
    cancel(inviteTransaction) {
      const entry = byInvite.get(inviteTransaction);
      if (entry !== undefined) dialogs.post(entry, { kind: "cancel" });
    },
    live(callId) {
      const call = byId.get(callId);
      return call === undefined || call.entry.state.phase === "over" ? undefined : call;
    },
    hangUpAll() {
      for (const { entry } of [...byId.values()]) {
        dialogs.post(entry, { kind: "hang-up", reason: "shutdown", unanswered: goingDown });
      }
    },
    unacknowledged() {
      let count = 0;
      for (const { entry } of byId.values()) if (!entry.state.confirmed) count += 1;
      return count;
    },
  };
}

function endOf(entry: DialogEntry, last: boolean, nowMs: number): CallEnd {
  const { id, source, reason, state, openedAtMs, answeredAtMs } = entry;
  return {
    callId: id,
    peer: source.address,
    reason: last ? (reason ?? "shutdown") : "replaced",
    acknowledged: state.confirmed,
    setupMs: Math.round((answeredAtMs ?? nowMs) - openedAtMs),
    talkMs: answeredAtMs === undefined ? 0 : Math.round(nowMs - answeredAtMs),
  };
}
