/** INVITEs that begin a dialog: refused, taken as a call, or in the place of another (RFC 3261 §13.3, RFC 3891). */
import type { Calls } from "../dialog/calls.ts";
import { goingDown } from "../dialog/calls.ts";
import type { Dialogs } from "../dialog/dialogs.ts";
import { badReplaces, type Replaces, refusalToReplace, replacesOf } from "../dialog/replaces.ts";
import { tooShort } from "../dialog/session-timer.ts";
import { takeOver } from "../dialog/takeover.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Ladders } from "../ladder/ladders.ts";
import type { SipRequest } from "../message/message.ts";
import type { TrunkSettings } from "../ports.ts";
import type { SignallingPorts } from "../signalling-ports.ts";
import type { Timers } from "../timers.ts";
import type { ServerTransactions } from "../transaction/server-transactions.ts";
import type { Transfers } from "../transfers.ts";
import type { TurnedAway } from "../turned-away.ts";
import { calledOf, callerOf } from "./identity.ts";
import { checkContent } from "./requirements.ts";
import { noTransaction, type ResponseSpec } from "./responses.ts";

/** A request with its transaction's key, our tag for it, where it came from and as which trunk's. */
export type Arrived = { key: string; tag: string; source: Endpoint; trunk: TrunkSettings };

export type InvitationPorts = Pick<
  SignallingPorts,
  "trunkOf" | "localEndpoint" | "admit" | "limits" | "minSessionSeconds"
> & {
  servers: ServerTransactions;
  calls: Calls;
  dialogs: Dialogs;
  ladders: Ladders;
  timers: Timers;
  transfers: Transfers;
  turnedAway: TurnedAway;
  /** Whether no new call is taken any more. */
  isRefusing(): boolean;
};

const busy: ResponseSpec = { status: 486, reason: "Busy Here" };

export function createInvitations(ports: InvitationPorts): (invite: SipRequest, arrived: Arrived) => void {
  const { servers, calls, dialogs, ladders, transfers, turnedAway } = ports;

  return function receive(invite, { key, tag, source, trunk }) {
    const replaces = replacesOf(invite);
    if (replaces === "bad") return servers.respond(key, badReplaces);
    const unfit = checkContent(invite) ?? tooShort(invite, ports.minSessionSeconds);
    if (replaces !== undefined && unfit === undefined) return replace(invite, replaces, { key, tag, source, trunk });
    const refusal = ports.isRefusing() ? goingDown : unfit;
    if (refusal !== undefined) return servers.respond(key, refusal);
    if (calls.unacknowledged() >= ports.limits.earlyDialogs) {
      turnedAway.turnAway(source, "early-dialogs");
      return servers.respond(key, busy);
    }
    const called = calledOf(invite, trunk.called);
    const arrival = { caller: callerOf(invite), called, source: source.address, trunk: trunk.name };
    if (transfers.legs.hasReturned(invite, trunk.name)) {
      turnedAway.count("leg-returned");
      return servers.respond(key, busy);
    }
    const admitted = ports.admit(arrival);
    if (!admitted.ok) return servers.respond(key, { status: admitted.status, reason: admitted.reason });
    ladders.open(invite, source);
    servers.respond(key, { status: 100, reason: "Trying" });
    calls.open(invite, key, tag, source, arrival);
  };

  /** RFC 3891 §3: the dialog named goes on with whom the INVITE brings, if it is one of that trunk's. */
  function replace(invite: SipRequest, named: Replaces, { key, tag, source, trunk }: Arrived): void {
    const found = dialogs.find(named.callId, named.localTag, named.remoteTag);
    // RFC 3891 §8: by a way that is no less secure, or the keys of a call by TLS would be said in the clear.
    const isWeaker = found?.source.transport === "tls" && source.transport !== "tls";
    const isTheirs = found !== undefined && ports.trunkOf(found.source)?.name === trunk.name;
    const entry = isTheirs && !isWeaker ? found : undefined;
    const refusal = refusalToReplace(entry?.state, named.earlyOnly);
    if (entry === undefined || refusal !== undefined) return servers.respond(key, refusal ?? noTransaction);
    ladders.open(invite, source);
    servers.respond(key, { status: 100, reason: "Trying" });
    const taker = { invite, transaction: key, localTag: tag, source };
    takeOver(entry, taker, ports);
  }
}
