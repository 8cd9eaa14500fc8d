/**
 * All legs: drives the machine of each until it is answered, then hands its dialog to the others. Long because a leg's
 * requests, its dialog and its owner meet here; what is decided, is decided in leg.ts and allow-list.ts.
 */
import { establishedLeg } from "../dialog/call.ts";
import { type Dialog, dialogKey } from "../dialog/dialog.ts";
import type { DialogEntry, Dialogs } from "../dialog/dialogs.ts";
import type { OwnRequests } from "../dialog/own-requests.ts";
import type { Endpoint } from "../endpoint.ts";
import type { ClientLeg, ClientLegHandlers, LegEnd, LegRequest, LegSummary } from "../leg-ports.ts";
import { byteString } from "../message/grammar.ts";
import type { SipRequest } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { EndReason } from "../ports.ts";
import type { TimerSet, Timers } from "../timers.ts";
import type { ClientTransactions } from "../transaction/client-transactions.ts";
import type { ResponseSpec } from "../uas/responses.ts";
import type { AllowedTarget, AllowList } from "./allow-list.ts";
import { answerEarly } from "./early.ts";
import { openLeg, stepLeg } from "./leg.ts";
import { createLegRequests, type LegRequests } from "./leg-requests.ts";
import type { LegEffect, LegInput, LegState } from "./leg-state.ts";
import { createLegGate, type LegLimits } from "./limits.ts";
import { returnedLegs } from "./returned.ts";
import type { WayOut, WaysOut } from "./way-out.ts";

export type LegsPorts = {
  allowList: AllowList;
  ways: WaysOut;
  limits: LegLimits;
  clients: ClientTransactions;
  dialogs: Dialogs;
  own: OwnRequests;
  timers: Timers;
  randomId(): string;
  /** Where the PBX reaches us. */
  localEndpoint(remote: Endpoint): Endpoint;
  userAgent: string | undefined;
  minSessionSeconds: number;
  nowMs(): number;
  /** A call of ours that has not ended: its trunk, and its caller's number where that is known. */
  callOf(callId: string): { trunk: string; callerNumber: string | undefined } | undefined;
  failed(callId: string, error: unknown): void;
  /** A leg is about to be called, by its Call-ID, for that call of ours. */
  placed(wireCallId: string, forCall: string): void;
  finished(summary: LegSummary): void;
  /** The last leg is gone. */
  emptied(): void;
};

export interface Legs {
  place(request: LegRequest, handlers: ClientLegHandlers): ClientLeg;
  /** The dialog of one that is answered and goes on, and who was called. */
  established(legId: string): { dialog: Dialog; target: AllowedTarget } | undefined;
  /** A REFER has told the PBX to take that leg over, or that came to nothing. */
  expectTakeover(legId: string, expected: boolean): void;
  /** Whether the INVITE is a leg of ours that comes back; that leg has then ended. */
  hasReturned(invite: SipRequest, trunk: string): boolean;
  /** Requests that reach a leg before its 2xx; undefined where there is none. */
  early(request: SipRequest): ResponseSpec | undefined;
  /** That call is over: nobody waits for the answer of its transfer any more. */
  callEnded(callId: string): void;
  /** The connection broke. */
  lost(connection: number): void;
  hangUpAll(): void;
  /** Legs whose INVITE waits for its end, also where it was cancelled; answered ones are dialogs. */
  running(): number;
  /** Those of which anything remains. */
  kept(): number;
  stopAll(): void;
}

type Leg = {
  readonly id: string;
  readonly request: LegRequest;
  readonly target: AllowedTarget;
  readonly identity: string;
  readonly callerNumber: string | undefined;
  readonly handlers: ClientLegHandlers;
  readonly timers: TimerSet;
  readonly inputs: LegInput[];
  readonly beganAtMs: number;
  stepping: boolean;
  state: LegState;
  /** Once the way is there. */
  requests: LegRequests | undefined;
  dialog: DialogEntry | undefined;
  /** Nothing late can come; the dialog has ended. Both: nothing remains. */
  spent: boolean;
  over: boolean;
  takeover: boolean;
  answeredAtMs: number | undefined;
  ended: boolean;
};

/** The transaction of an INVITE that rings is kept for three minutes (timer C): a leg rings for less. */
const longestRingMs = 170_000;

export function createLegs(ports: LegsPorts): Legs {
  const legs = new Map<string, Leg>();
  const gate = createLegGate(ports.limits, ports.nowMs);

  const running = () =>
    [...legs.values()].filter(({ dialog, ended, state }) => dialog === undefined && (!ended || state.cancel !== "none"))
      .length;
  const wanted = () => [...legs.values()].filter(({ ended }) => !ended);

  function place(request: LegRequest, handlers: ClientLegHandlers): ClientLeg {
    const call = ports.callOf(request.forCall);
    const target = call && ports.allowList.find(call.trunk, request.extension);
    const settings = target && ports.allowList.settingsOf(target.trunk);
    if (target === undefined || settings === undefined) return refuse(request, handlers);
    const running = wanted().map(({ request: { forCall } }) => forCall);
    if (!gate.take(request.forCall, running)) return refuse(request, handlers);
    const leg: Leg = {
      id: ports.randomId(),
      request,
      target,
      identity: settings.identity,
      callerNumber: call?.callerNumber,
      handlers,
      timers: ports.timers.set(),
      inputs: [],
      beganAtMs: ports.nowMs(),
      stepping: false,
      state: openLeg({ ringMs: Math.min(Math.max(request.ringMs, 0), longestRingMs), realm: undefined }),
      requests: undefined,
      dialog: undefined,
      spent: false,
      over: false,
      takeover: false,
      answeredAtMs: undefined,
      ended: false,
    };
    legs.set(leg.id, leg);
    ports.ways.open(target.trunk).then(
      (out) => opened(leg, out),
      () => post(leg, { kind: "opened", ok: false }),
    );
    return { id: leg.id, hangUp: () => hangUp(leg, "we-hung-up") };
  }

  /** Nothing is sent, and the owner is told once `place` has returned. */
  function refuse(request: LegRequest, handlers: ClientLegHandlers): ClientLeg {
    const id = ports.randomId();
    ports.timers.set().start("refused", 0, () => {
      try {
        handlers.ended("not-allowed");
      } catch (error) {
        ports.failed(id, error);
      }
    });
    const { forCall, purpose } = request;
    ports.finished({ legId: id, callId: forCall, purpose, end: "not-allowed", setupMs: 0, talkMs: 0 });
    return { id, hangUp: () => undefined };
  }

  function opened(leg: Leg, out: WayOut): void {
    if (!legs.has(leg.id)) return;
    const { target, identity } = leg;
    const local = ports.localEndpoint(out.flow);
    leg.requests = createLegRequests(ports, { target, identity, way: out, local });
    ports.placed(leg.requests.callId, leg.request.forCall);
    const realm = out.credentials === undefined ? undefined : byteString(out.credentials.realm);
    leg.state = { ...leg.state, realm };
    post(leg, { kind: "opened", ok: true });
  }

  function post(leg: Leg, input: LegInput): void {
    leg.inputs.push(input);
    if (leg.stepping) return;
    leg.stepping = true;
    try {
      for (let next = leg.inputs.shift(); next !== undefined; next = leg.inputs.shift()) {
        const { state, effects } = stepLeg(leg.state, next);
        leg.state = state;
        for (const effect of effects) carryOut(leg, effect);
      }
    } finally {
      leg.stepping = false;
    }
    if (running() === 0) ports.emptied();
  }

  function carryOut(leg: Leg, effect: LegEffect): void {
    const { requests } = leg;
    switch (effect.kind) {
      case "invite":
        return requests?.invite(leg.request.offer, effect, (input) => post(leg, input));
      case "cancel":
        return requests?.cancel();
      case "abandon":
        return requests?.abandon();
      case "acknowledge":
        return requests?.acknowledge(effect.response);
      case "bye":
        return requests?.bye(effect.response);
      case "prack":
        return requests?.prack(effect.response, effect.rseq);
      case "established":
        return establish(leg, effect);
      case "timer": {
        const { name } = effect;
        return leg.timers.start(name, effect.afterMs, () => post(leg, { kind: "timer", name }));
      }
      case "cancel-timer":
        return leg.timers.stop(effect.name);
      case "ringing":
        return guarded(leg, () => leg.handlers.ringing(effect.sdp));
      case "ended":
        return tellEnd(leg, effect.end, effect.status);
      case "gone":
        leg.spent = true;
        return forget(leg);
    }
  }

  function establish(leg: Leg, { response, sdp }: LegEffect & { kind: "established" }): void {
    if (leg.requests === undefined) return;
    const { contact, path } = leg.requests;
    const dialog = leg.requests.dialogOf(response);
    const { minSessionSeconds } = ports;
    const settings = { contact, localSdp: leg.request.offer, minSessionSeconds };
    const { state, effects } = establishedLeg(dialog, response, settings);
    leg.answeredAtMs = ports.nowMs();
    const entry: DialogEntry = {
      id: leg.id,
      key: dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag),
      ...path,
      timers: ports.timers.set(),
      inputs: [],
      stepping: true,
      state,
      handlers: {
        acknowledged: () => undefined,
        reoffered: (offer) => leg.handlers.reoffered(offer),
        reoffer: () => leg.handlers.reoffer?.(),
        reanswered: (answer) => leg.handlers.reanswered?.(answer),
        digit: (digit, durationMs) => leg.handlers.digit?.(digit, durationMs),
        ended: (reason) => tellEnd(leg, endOfDialog(leg, reason), undefined),
      },
      openedAtMs: leg.beganAtMs,
      answeredAtMs: leg.answeredAtMs,
      reason: undefined,
      moved: (to) => {
        leg.dialog = to;
      },
      gone(gone) {
        if (leg.dialog !== gone) return; // another has taken its place
        leg.over = true;
        forget(leg);
      },
    };
    leg.dialog = entry;
    ports.dialogs.add(entry, effects);
    guarded(leg, () => leg.handlers.answered(sdp));
    ports.dialogs.start(entry);
  }

  function hangUp(leg: Leg, end: LegEnd): void {
    if (leg.dialog === undefined) return post(leg, { kind: "hang-up", end });
    const reason = end === "shutdown" ? "shutdown" : "we-hung-up";
    ports.dialogs.post(leg.dialog, { kind: "hang-up", reason, unanswered: { status: 487, reason: "" } });
  }

  function tellEnd(leg: Leg, end: LegEnd, status: number | undefined): void {
    if (leg.ended) return;
    leg.ended = true;
    if (end === "unreachable" && status === undefined && leg.requests !== undefined) {
      ports.ways.avoid?.(leg.requests.flow);
    }
    const { id: legId, request, answeredAtMs, beganAtMs, requests, target } = leg;
    const now = ports.nowMs();
    ports.finished({
      legId,
      callId: request.forCall,
      purpose: request.purpose,
      extension: target.extension,
      peer: requests?.flow.address,
      end,
      status,
      setupMs: Math.round((answeredAtMs ?? now) - beganAtMs),
      talkMs: answeredAtMs === undefined ? 0 : Math.round(now - answeredAtMs),
    });
    guarded(leg, () => leg.handlers.ended(end, status));
  }

  function guarded(leg: Leg, work: () => void): void {
    try {
      work();
    } catch (error) {
      ports.failed(leg.id, error);
    }
  }

  function forget(leg: Leg): void {
    if (!leg.spent || (leg.dialog !== undefined && !leg.over)) return;
    leg.timers.stopAll();
    legs.delete(leg.id);
  }

  return {
    place,
    established(legId) {
      const leg = legs.get(legId);
      if (leg?.dialog === undefined || leg.dialog.state.phase !== "established") return undefined;
      return { dialog: leg.dialog.state.dialog, target: leg.target };
    },
    expectTakeover(legId, expected) {
      const leg = legs.get(legId);
      if (leg !== undefined) leg.takeover = expected;
    },
    hasReturned(invite, trunk) {
      const ringing = wanted().filter(({ dialog, state }) => dialog === undefined && state.phase !== "opening");
      const returned = returnedLegs(
        invite,
        trunk,
        ringing.map((leg) => ({
          leg,
          trunk: leg.target.trunk,
          identity: leg.identity,
          extension: leg.target.extension,
          callerNumber: leg.callerNumber,
        })),
      );
      // Where it may be one of several, the answer tells the PBX, and the PBX tells the right one.
      const [only, another] = returned;
      if (only !== undefined && another === undefined) hangUp(only.leg, "looped");
      return returned.length > 0;
    },
    early(request) {
      const leg = [...legs.values()].find(
        ({ requests, dialog, ended }) =>
          !ended && dialog === undefined && requests?.owns(request.callId, tagOf(request.to)) === true,
      );
      return leg?.requests && answerEarly(request, leg.requests.contact);
    },
    callEnded(callId) {
      for (const leg of wanted()) {
        const { forCall, purpose } = leg.request;
        if (forCall === callId && purpose === "transfer" && leg.dialog === undefined) hangUp(leg, "we-hung-up");
      }
    },
    lost(connection) {
      for (const leg of wanted()) {
        if (leg.dialog === undefined && leg.requests?.flow.connection === connection) hangUp(leg, "unreachable");
      }
    },
    hangUpAll() {
      for (const leg of wanted()) hangUp(leg, "shutdown");
    },
    running,
    kept: () => legs.size,
    stopAll() {
      for (const { timers } of legs.values()) timers.stopAll();
      legs.clear();
    },
  };
}

function endOfDialog({ takeover }: Leg, reason: EndReason): LegEnd {
  switch (reason) {
    case "caller-hung-up":
    case "cancelled":
      return takeover ? "replaced" : "they-hung-up";
    case "we-hung-up":
    case "shutdown":
      return reason;
    case "no-ack":
    case "session-expired":
    case "rejected":
    case "transport-failed":
      return "transport-failed";
  }
}
