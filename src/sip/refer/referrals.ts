/** REFERs of ours that are under way: drives the machine of each, and takes the NOTIFYs of their dialogs. */

import type { LiveCall } from "../dialog/calls.ts";
import type { Dialog } from "../dialog/dialog.ts";
import { nextTarget } from "../dialog/dialog.ts";
import type { DialogEntry, Dialogs } from "../dialog/dialogs.ts";
import type { OwnRequests } from "../dialog/own-requests.ts";
import type { AllowedTarget, AllowList } from "../leg/allow-list.ts";
import type { Legs } from "../leg/legs.ts";
import type { WayOut, WaysOut } from "../leg/way-out.ts";
import type { ReferHandlers, ReferTarget } from "../leg-ports.ts";
import { byteString } from "../message/grammar.ts";
import { type HeaderField, header, headerLines, type SipRequest, type SipResponse } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import { sameAddress } from "../peers.ts";
import { authorizationField, type Challenge, chooseChallenge } from "../registration/digest.ts";
import type { TimerSet, Timers } from "../timers.ts";
import type { ResponseSpec } from "../uas/responses.ts";
import { referHeaders } from "./refer-to.ts";
import { openReferral, type ReferralEffect, type ReferralInput, type ReferralState, stepReferral } from "./referral.ts";
import { parseReferNotify, type ReferNews } from "./sipfrag.ts";

export type ReferralsPorts = {
  allowList: AllowList;
  ways: WaysOut;
  legs: Legs;
  dialogs: Dialogs;
  own: OwnRequests;
  timers: Timers;
  randomId(): string;
  liveCall(callId: string): LiveCall | undefined;
  failed(callId: string, error: unknown): void;
};

export interface Referrals {
  refer(callId: string, target: ReferTarget, handlers: ReferHandlers): void;
  /** Whether the NOTIFY is one that `notified` takes. */
  expects(notify: SipRequest): boolean;
  /** The answer to a NOTIFY; undefined where it belongs to no REFER of ours (RFC 6665 §4.1.3: 481). */
  notified(notify: SipRequest): ResponseSpec | undefined;
  /** Whether a BYE of ours has to wait for the last NOTIFY, a moment; if so, `proceed` is called then. */
  holdBack(callId: string, proceed: () => void): boolean;
  callEnded(callId: string): void;
  running(): number;
  stopAll(): void;
}

type Referral = {
  readonly callId: string;
  readonly entry: DialogEntry;
  readonly handlers: ReferHandlers;
  readonly timers: TimerSet;
  readonly legId: string | undefined;
  readonly way: WayOut;
  readonly headers: readonly HeaderField[];
  /** Of the REFERs sent: what a NOTIFY may name. */
  readonly cseqs: number[];
  /** Hang-ups that wait for its end. */
  readonly waiting: (() => void)[];
  /** As the peer writes it in its NOTIFYs. */
  readonly names: { readonly callId: string; readonly localTag: string; readonly remoteTag: string | undefined };
  state: ReferralState;
};

const ok: ResponseSpec = { status: 200, reason: "OK" };

export function createReferrals(ports: ReferralsPorts): Referrals {
  const referrals = new Set<Referral>();
  const pending = (callId: string) => [...referrals].find((one) => one.callId === callId && one.state.phase !== "done");
  /** Calls for which the way is being opened. */
  const opening = new Set<string>();

  function refer(callId: string, to: ReferTarget, handlers: ReferHandlers): void {
    const chosen = targetOf(callId, to);
    if (chosen === undefined || pending(callId) !== undefined || opening.has(callId)) return refuse(callId, handlers);
    opening.add(callId);
    ports.ways.open(chosen.target.trunk).then(
      (way) => {
        if (opening.delete(callId)) begin(callId, to, way, handlers);
      },
      () => {
        if (opening.delete(callId)) tell(callId, () => handlers.done("refused"));
      },
    );
  }

  /** Nothing is sent; the owner is told once `refer` has returned. */
  function refuse(callId: string, handlers: ReferHandlers): void {
    ports.timers.set().start("refused", 0, () => tell(callId, () => handlers.done("refused")));
  }

  function targetOf(
    callId: string,
    to: ReferTarget,
  ): { target: AllowedTarget; replaces: Dialog | undefined } | undefined {
    const call = ports.liveCall(callId);
    if (call === undefined || call.entry.state.phase !== "established") return undefined;
    if (to.kind === "leg") {
      const leg = ports.legs.established(to.legId);
      // RFC 3891 names a dialog of one PBX; another trunk's would not know it.
      return leg?.target.trunk === call.arrival.trunk ? { target: leg.target, replaces: leg.dialog } : undefined;
    }
    const target = ports.allowList.find(call.arrival.trunk, to.extension);
    return target && { target, replaces: undefined };
  }

  function begin(callId: string, to: ReferTarget, way: WayOut, handlers: ReferHandlers): void {
    const call = ports.liveCall(callId);
    const chosen = targetOf(callId, to);
    const settings = chosen && ports.allowList.settingsOf(chosen.target.trunk);
    if (call === undefined || chosen === undefined || settings === undefined) {
      return tell(callId, () => handlers.done("refused"));
    }
    const { entry } = call;
    const { callId: wireId, localTag, remoteTag } = entry.state.dialog;
    const opened = openReferral();
    const referral: Referral = {
      callId,
      entry,
      handlers,
      timers: ports.timers.set(),
      legId: to.kind === "leg" ? to.legId : undefined,
      way,
      headers: [
        { name: "contact", value: entry.state.contact },
        ...referHeaders(chosen.target, way, settings.identity, chosen.replaces),
      ],
      cseqs: [],
      waiting: [],
      names: { callId: wireId, localTag, remoteTag },
      state: opened.state,
    };
    referrals.add(referral);
    if (referral.legId !== undefined) ports.legs.expectTakeover(referral.legId, true);
    for (const effect of opened.effects) carryOut(referral, effect);
  }

  function step(referral: Referral, input: ReferralInput): void {
    const { state, effects } = stepReferral(referral.state, input);
    referral.state = state;
    for (const effect of effects) carryOut(referral, effect);
  }

  function carryOut(referral: Referral, effect: ReferralEffect): void {
    const { handlers, callId, timers } = referral;
    switch (effect.kind) {
      case "refer":
        return send(referral, effect.challenge);
      case "accepted":
        return tell(callId, () => handlers.accepted());
      case "progress":
        return tell(callId, () => handlers.progress?.(effect.status));
      case "done":
        if (referral.legId !== undefined && (effect.outcome === "refused" || effect.outcome === "failed")) {
          ports.legs.expectTakeover(referral.legId, false);
        }
        tell(callId, () => handlers.done(effect.outcome, effect.status));
        for (const proceed of referral.waiting.splice(0)) proceed();
        return;
      case "timer": {
        const { name } = effect;
        return timers.start(name, effect.afterMs, () => step(referral, { kind: "timer", name }));
      }
      case "cancel-timer":
        return timers.stop(effect.name);
      case "gone":
        timers.stopAll();
        referrals.delete(referral);
        return;
    }
  }

  function send(referral: Referral, challenge: Challenge | undefined): void {
    const { entry, headers } = referral;
    const auth = challenge === undefined ? [] : [credentialsFor(referral, challenge)].flatMap((one) => one ?? []);
    const answered = (response: SipResponse | undefined) => step(referral, answerOf(referral, response));
    ports.dialogs.request(entry, (dialog) => {
      const path = { source: entry.source, local: entry.local, bound: true };
      const used = ports.own.ask("REFER", dialog, path, [...headers, ...auth], answered);
      referral.cseqs.push(used.localCseq);
      return used;
    });
  }

  function credentialsFor({ way, entry }: Referral, challenge: Challenge): HeaderField | undefined {
    if (way.credentials === undefined) return undefined;
    const uri = nextTarget(entry.state.dialog);
    const cnonce = ports.randomId().replaceAll("-", "");
    return authorizationField({ challenge, count: 1, cnonce }, way.credentials, uri, "REFER");
  }

  function answerOf({ way, entry }: Referral, response: SipResponse | undefined): ReferralInput {
    const status = response?.status;
    const silent = header(response ?? { headers: [] }, "refer-sub")?.toLowerCase() === "false";
    // The password is the registrar's: another peer of the trunk that names its realm would only collect an answer.
    const known = sameAddress(entry.source.address, way.flow.address);
    if (response === undefined || way.credentials === undefined || !known || (status !== 401 && status !== 407)) {
      return { kind: "answer", status, challenge: undefined, silent };
    }
    const values = headerLines(response, status === 407 ? "proxy-authenticate" : "www-authenticate");
    const challenge = chooseChallenge(values, status === 407, byteString(way.credentials.realm));
    return { kind: "answer", status, challenge, silent };
  }

  function tell(callId: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      ports.failed(callId, error);
    }
  }

  function owner(notify: SipRequest, news: ReferNews | undefined): Referral | undefined {
    if (news === undefined) return undefined;
    const { id } = news;
    return [...referrals].findLast(
      ({ names, cseqs }) =>
        names.callId === notify.callId &&
        names.localTag === tagOf(notify.to) &&
        names.remoteTag === tagOf(notify.from) &&
        // RFC 3515 §2.4.6: the first REFER of a dialog may go without its number.
        (id === undefined || cseqs.includes(Number(id))),
    );
  }

  return {
    refer,
    expects: (notify) => owner(notify, parseReferNotify(notify)) !== undefined,
    notified(notify) {
      const news = parseReferNotify(notify);
      const referral = owner(notify, news);
      if (news === undefined || referral === undefined) return undefined;
      step(referral, { kind: "notified", news });
      return ok;
    },
    holdBack(callId, proceed) {
      const referral = pending(callId);
      if (referral === undefined) return false;
      referral.waiting.push(proceed);
      step(referral, { kind: "leaving" });
      return true;
    },
    callEnded(callId) {
      for (const one of [...referrals]) if (one.callId === callId) step(one, { kind: "call-ended" });
    },
    running: () => referrals.size,
    stopAll() {
      opening.clear();
      for (const { timers } of referrals) timers.stopAll();
      referrals.clear();
    },
  };
}
