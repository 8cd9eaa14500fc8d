/** What agency IT switches while the appliance runs. Each switch leaves a line in the log. */
import { AppError } from "../app-error.ts";
import type { Maintenance } from "../control/ports.ts";
import type { Log } from "../log.ts";
import type { UserAgent } from "../sip/ports.ts";

export type { Maintenance };

export function createMaintenance(ports: {
  log: Log;
  userAgent: UserAgent;
  /** Whether the appliance is going down: then nothing takes calls any more. */
  stopping(): boolean;
  running(): readonly unknown[];
}): Maintenance {
  const { log, userAgent } = ports;
  return {
    drain(on) {
      if (ports.stopping()) throw new AppError("conflict", "Gatehouse is going down: start it again to take calls.");
      const calls = ports.running().length;
      if (on !== userAgent.draining())
        log.info(on ? "drained: new calls go to people" : "takes calls again", { calls });
      if (on) userAgent.drain();
      else userAgent.resume();
      return { draining: on, calls };
    },
    trace(on) {
      log.info(on ? "SIP messages are kept, redacted, in memory" : "SIP messages are no longer kept");
      userAgent.trace.set(on);
    },
    traced: () => userAgent.trace.show(),
  };
}
