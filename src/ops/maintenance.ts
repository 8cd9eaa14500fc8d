/** What agency IT switches while the appliance runs. Each switch leaves an audit entry before it happens, and a line in the log. */
import type { Actor } from "../agency/types.ts";
import { AppError } from "../app-error.ts";
import type { Maintenance } from "../control/ports.ts";
import type { Log } from "../log.ts";
import type { Audit, AuditSubjects } from "../security/audit.ts";
import type { Answering, Work } from "./work.ts";

export type { Maintenance };

type Ports = { log: Log; audit: Pick<Audit, "record">; clock(): Date; work(): Work };

export function createMaintenance({ log, audit, clock, work }: Ports): Maintenance {
  const note = (actor: Actor, action: string, subjects: AuditSubjects = {}) =>
    audit.record({ at: clock(), actor, action, subjects });

  /** @throws AppError("conflict") before calls are answered, and when the appliance is going down. */
  function running(): Answering {
    const { phase, answering } = work();
    if (phase === "stopping") throw new AppError("conflict", "Gatehouse is going down: start it again to take calls.");
    if (answering === undefined) throw new AppError("conflict", "Gatehouse is still starting: try again in a moment.");
    return answering;
  }

  return {
    drain(actor, on) {
      const { userAgent, switchboard } = running();
      note(actor, "system.drain", { on });
      const calls = switchboard.calls().length;
      if (on !== userAgent.draining())
        log.info(on ? "drained: new calls go to people" : "takes calls again", { calls });
      if (on) userAgent.drain();
      else userAgent.resume();
      return { draining: on, calls };
    },
    trace(actor, on) {
      const { userAgent } = running();
      note(actor, "system.trace", { on });
      log.info(on ? "SIP messages are kept, redacted, in memory" : "SIP messages are no longer kept");
      userAgent.trace.set(on);
    },
    traced(actor) {
      const { userAgent } = running();
      note(actor, "system.trace-read");
      return userAgent.trace.show();
    },
  };
}
