/** What a leg sends: its INVITE, what belongs to that one's transaction, and what belongs to the dialogs that it makes. */
import { type Dialog, dialogOfAnswer, requestWithin } from "../dialog/dialog.ts";
import { branchOf, type OwnRequests, type Path } from "../dialog/own-requests.ts";
import { type Endpoint, hostPort, viaTransport } from "../endpoint.ts";
import { header, type SipResponse } from "../message/message.ts";
import type { ClientTransactions, Datagram } from "../transaction/client-transactions.ts";
import type { AllowedTarget } from "./allow-list.ts";
import { beginLeg, identityOf, type LegIdentity } from "./begin.ts";
import type { LegEffect, LegInput } from "./leg-state.ts";
import type { WayOut } from "./way-out.ts";

export type LegRequestsPorts = {
  clients: ClientTransactions;
  own: OwnRequests;
  randomId(): string;
  userAgent: string | undefined;
};

export interface LegRequests {
  readonly contact: string;
  readonly flow: Endpoint;
  /** Whether a request is for what may become a dialog of this leg. */
  readonly callId: string;
  owns(callId: string, localTag: string | undefined): boolean;
  invite(offer: string, effect: LegEffect & { kind: "invite" }, tell: (input: LegInput) => void): void;
  cancel(): void;
  abandon(): void;
  acknowledge(response: SipResponse): void;
  bye(response: SipResponse): void;
  prack(response: SipResponse, rseq: number): void;
  dialogOf(response: SipResponse): Dialog;
  readonly path: Path;
}

/** @param local Our end of the way. */
export function createLegRequests(
  ports: LegRequestsPorts,
  { target, identity, way, local }: { target: AllowedTarget; identity: string; way: WayOut; local: Endpoint },
): LegRequests {
  const localTag = ports.randomId().replaceAll("-", "").slice(0, 16);
  const who: LegIdentity = identityOf(target, identity, way, { callId: ports.randomId(), localTag, local });
  const path: Path = { source: way.flow, local, bound: true };
  /** Last number used; forks share them, and gaps are allowed. */
  let cseq = 0;
  let current = { cseq: 0, branch: "" };

  /** What belongs to the transaction of the INVITE goes its way, with its branch (RFC 3261 §17.1.1.3, §9.1). */
  function beside(method: "ACK" | "CANCEL", of: typeof current, to: string): Datagram {
    const asked: Dialog = {
      ...who,
      remoteParty: to,
      remoteTag: undefined,
      routeSet: [],
      localCseq: of.cseq,
      remoteCseq: -1,
    };
    const transport = viaTransport(local);
    const by = { transport, sentBy: hostPort(local), branch: of.branch, userAgent: ports.userAgent };
    return { bytes: requestWithin(asked, method, by, { cseq: of.cseq }).bytes, to: way.flow };
  }

  const dialogOf = (response: SipResponse) => dialogOfAnswer({ ...who, localCseq: cseq }, response);

  return {
    contact: who.contact,
    flow: way.flow,
    path,
    dialogOf,
    callId: who.callId,
    owns: (callId, tag) => who.callId === callId && tag === localTag,
    invite(offer, { auth, session }, tell) {
      cseq += 1;
      const one = { cseq, branch: branchOf(ports.randomId()) };
      current = one;
      const cnonce = ports.randomId().replaceAll("-", "");
      const bytes = beginLeg(target, way, who, {
        local,
        ...one,
        offer,
        auth: auth && { ...auth, cnonce },
        session,
        userAgent: ports.userAgent,
      });
      // One that was challenged lingers for its ACK; what it says is no news.
      const tellOf = (input: LegInput) => {
        if (current === one) tell(input);
      };
      ports.clients.beginInvite({
        branch: one.branch,
        bytes,
        to: way.flow,
        acknowledge: (response) =>
          response.status < 300 ? undefined : beside("ACK", one, header(response, "to") ?? who.remoteParty),
        heard: (response) => tellOf({ kind: "heard", response }),
        finished(response) {
          if (response === undefined || response.status >= 300) tellOf({ kind: "refused", response });
        },
        over: () => tellOf({ kind: "spent" }),
      });
    },
    cancel() {
      const datagram = beside("CANCEL", current, who.remoteParty);
      ports.clients.begin({ branch: current.branch, method: "CANCEL", ...datagram, finished: () => undefined });
    },
    abandon: () => ports.clients.abandonInvite(current.branch),
    acknowledge: (response) => ports.own.acknowledge(dialogOf(response), path, current.cseq),
    bye(response) {
      cseq = ports.own.bye(dialogOf(response), path, () => undefined).localCseq;
    },
    prack(response, rseq) {
      const rack = { name: "rack", value: `${rseq} ${current.cseq} INVITE` };
      cseq = ports.own.ask("PRACK", dialogOf(response), path, [rack], () => undefined).localCseq;
    },
  };
}
