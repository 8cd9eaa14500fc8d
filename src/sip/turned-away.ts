/** What is dropped, counted by reason, and who sent it; and how much new work a source may bring. */
import { createAdmission, type WorkKind } from "./admission.ts";
import type { Endpoint } from "./endpoint.ts";
import type { SipStatus } from "./ports.ts";
import { createRejectedSources } from "./rejected-sources.ts";
import type { SignallingPorts } from "./signalling-ports.ts";

/** How many of the sources that were turned away are shown. */
const rejectedShown = 10;

export type TurnedAway = {
  count(reason: string): void;
  /** Counts what is dropped unanswered, and remembers who sent it. */
  turnAway(source: Pick<Endpoint, "address">, reason: string): void;
  /** Whether the source may bring one more piece of new work; if not, it is dropped: a real PBX sends again. */
  hasRoom(source: Endpoint, kind: WorkKind): boolean;
  status(): Pick<SipStatus, "dropped" | "rejected">;
};

export function createTurnedAway({ limits, nowMs }: Pick<SignallingPorts, "limits" | "nowMs">): TurnedAway {
  const dropped = new Map<string, number>();
  const admission = createAdmission(limits, nowMs);
  const rejected = createRejectedSources();

  function count(reason: string): void {
    dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  }

  function turnAway({ address }: Pick<Endpoint, "address">, reason: string): void {
    count(reason);
    rejected.note(address, reason);
  }

  return {
    count,
    turnAway,
    hasRoom(source, kind) {
      if (admission.take(source.address, kind)) return true;
      turnAway(source, `limited-${kind}`);
      return false;
    },
    status: () => ({ dropped: Object.fromEntries(dropped), rejected: rejected.top(rejectedShown) }),
  };
}
