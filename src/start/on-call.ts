/** Emergencies for the people on call: raised by calls, rung until somebody takes them, kept over restarts. */
import type { CachedAgencyView } from "../agency/agency-view.ts";
import type { Actor } from "../agency/types.ts";
import { AppError } from "../app-error.ts";
import type { OnCallPhone } from "../calls/on-call/machine.ts";
import type { OnCallAlert } from "../calls/on-call/ports.ts";
import { type OnCall, type OnCallPorts, runOnCall } from "../calls/on-call/run-on-call.ts";
import { onCallQuestion, onCallThanks } from "../calls/on-call/words.ts";
import { trunkTo } from "../config/transfers.ts";
import type { OnCallControl, OnCallRow } from "../control/ports.ts";
import type { Records } from "../store/open-store.ts";
import type { Base } from "./base.ts";

/** What it takes to ring: there once calls can come. */
export type RingPorts = Omit<OnCallPorts, "books" | "phones" | "question" | "thanks">;

export type OnCallDesk = OnCallControl & {
  /** Within the caller's transaction. */
  raise(alert: Pick<OnCallAlert, "callId" | "emergency" | "propertyId">, actor: Actor): void;
  open(): OnCallAlert[];
  ringBy(ports: RingPorts): void;
  /** The telephone is there: what was open when the appliance last stopped rings now. */
  begin(): void;
};

/** What it is where no telephone can be rung: emergencies are kept, and ring nobody. */
export const noRing = ({ onCall }: Pick<Records, "onCall">, clock: () => Date): Pick<OnCallDesk, "raise"> => ({
  raise: (alert, actor) => void onCall.raise(alert, actor, clock()),
});

export function openOnCall(
  { config, clock, closing, log }: Base,
  { records, view }: { records: Pick<Records, "onCall" | "audit">; view: CachedAgencyView },
): OnCallDesk {
  const { onCall: alerts, audit } = records;
  let ring: OnCall | undefined;

  /** In the order of the staff, each extension once. */
  function phones(): OnCallPhone[] {
    const extensions = new Set(view.staff().flatMap(({ onCall, extension }) => (onCall ? [extension] : [])));
    return [...extensions].flatMap((extension) => {
      const trunk = trunkTo(config, extension);
      return trunk === undefined ? [] : [{ trunk, extension }];
    });
  }

  const addressOf = ({ propertyId }: OnCallAlert) => view.properties().find(({ id }) => id === propertyId)?.address;
  const rowOf = (alert: OnCallAlert): OnCallRow => ({ ...alert, property: addressOf(alert) });

  return {
    raise(alert, actor) {
      const raised = alerts.raise(alert, actor, clock());
      // The ring is told when the transaction has ended; what was undone by then is not there and rings nobody.
      if (raised !== undefined) queueMicrotask(() => alerts.byId(raised.id) && ring?.raised(raised.id));
    },
    open: () => alerts.open(),
    list(actor, limit) {
      audit.record({ at: clock(), actor, action: "on-call.list", subjects: {} });
      return alerts.list(limit).map(rowOf);
    },
    acknowledge(actor, alertId) {
      if (!alerts.acknowledge(alertId, actor.kind === "cli" ? "command line" : actor.kind, actor, clock())) {
        if (alerts.byId(alertId) === undefined) throw new AppError("not_found", "There is no emergency with this id.");
        throw new AppError("conflict", "Somebody has taken it already: gatehouse on-call list says who.");
      }
      ring?.acknowledged(alertId);
      const alert = alerts.byId(alertId);
      if (alert === undefined) throw new AppError("not_found", "There is no emergency with this id.");
      return rowOf(alert);
    },
    ringBy(ports) {
      ring = runOnCall({
        ...ports,
        phones,
        question(alertId) {
          const alert = alerts.byId(alertId);
          return onCallQuestion(view.agency().name, alert?.emergency, alert && addressOf(alert));
        },
        thanks: onCallThanks,
        books: {
          tried: (id, extension, result) => alerts.tried(id, extension, result, clock()),
          taken: (id, extension) => void alerts.acknowledge(id, `extension ${extension}`, { kind: "system" }, clock()),
        },
      });
    },
    begin() {
      closing.add("on-call", () => ring?.stop()); // before the telephone: its end is nobody's refusal
      const open = alerts.open();
      if (open.length > 0) log.warn("emergencies are open that nobody on call has taken", { emergencies: open.length });
      const nobody = "nobody on call can be rung: an emergency shows in gatehouse status only";
      if (phones().length === 0) log.warn(nobody);
      for (const { id } of open) ring?.raised(id);
    },
  };
}
