/** All that the user agent begins of its own: legs and REFERs, behind the allow-list. Without settings it begins nothing. */
import type { Calls } from "./dialog/calls.ts";
import type { Dialogs } from "./dialog/dialogs.ts";
import type { OwnRequests } from "./dialog/own-requests.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Ladders } from "./ladder/ladders.ts";
import { createAllowList } from "./leg/allow-list.ts";
import { createLegs, type Legs } from "./leg/legs.ts";
import type { LegLimits } from "./leg/limits.ts";
import type { WaysOut } from "./leg/way-out.ts";
import type { ClientLeg, ClientLegHandlers, LegRequest, LegSummary, OutboundSettings } from "./leg-ports.ts";
import { createReferrals, type Referrals } from "./refer/referrals.ts";
import type { Timers } from "./timers.ts";
import type { ClientTransactions } from "./transaction/client-transactions.ts";

/** Where legs may go; without it no trunk has any. */
export type OutboundPorts = {
  readonly settings: readonly OutboundSettings[];
  readonly ways: WaysOut;
  readonly limits: LegLimits;
  finished(summary: LegSummary): void;
};

export type TransfersPorts = {
  outbound: OutboundPorts | undefined;
  calls: Calls;
  ladders: Pick<Ladders, "join">;
  dialogs: Dialogs;
  own: OwnRequests;
  clients: ClientTransactions;
  timers: Timers;
  randomId(): string;
  localEndpoint(remote: Endpoint): Endpoint;
  userAgent: string | undefined;
  minSessionSeconds: number;
  nowMs(): number;
  failed(callId: string, error: unknown): void;
  emptied(): void;
};

export type Transfers = { readonly legs: Legs; readonly referrals: Referrals };

const nothing: OutboundPorts = {
  settings: [],
  ways: { open: () => Promise.reject(new Error("no trunk has legs")) },
  limits: { maxLegs: 0, perMinute: 0 },
  finished: () => undefined,
};

export function createTransfers({ outbound = nothing, calls, ladders, ...ports }: TransfersPorts): Transfers {
  const allowList = createAllowList(outbound.settings);
  const { ways, limits, finished } = outbound;
  /** The trunk of the on-call alert whose leg is being placed: no call of ours lends it one. */
  const alerts = new Map<string, string>();
  const legs = createLegs({
    ...ports,
    allowList,
    ways,
    limits,
    finished,
    placed: (leg, forCall) => ladders.join(leg, calls.live(forCall)?.entry.state.dialog.callId),
    callOf(callId) {
      const call = calls.live(callId);
      const alertTrunk = alerts.get(callId);
      if (alertTrunk !== undefined) return { trunk: alertTrunk, callerNumber: undefined };
      if (call === undefined) return undefined;
      const { trunk, caller } = call.arrival;
      return { trunk, callerNumber: caller.withheld ? undefined : caller.number };
    },
  });
  const referrals = createReferrals({ ...ports, allowList, ways, legs, liveCall: calls.live });
  return { legs: { ...legs, place: placeVia(alerts, legs) }, referrals };
}

/** An alert goes by the trunk that it names, behind the allow-list of that trunk like every other leg. */
function placeVia(alerts: Map<string, string>, legs: Legs) {
  return (request: LegRequest, handlers: ClientLegHandlers): ClientLeg => {
    const { purpose, forCall, trunk } = request;
    if (purpose !== "on-call" || trunk === undefined) return legs.place(request, handlers);
    alerts.set(forCall, trunk);
    try {
      return legs.place(request, handlers);
    } finally {
      alerts.delete(forCall); // asked for once, when it is placed
    }
  };
}
