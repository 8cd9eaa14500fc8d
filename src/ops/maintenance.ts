/** What agency IT switches while the appliance runs. Each switch leaves a line in the log. */
import { AppError } from "../app-error.ts";
import type { Maintenance } from "../control/ports.ts";
import type { Log } from "../log.ts";
import type { Answering, Work } from "./work.ts";

export type { Maintenance };

export function createMaintenance({ log, work }: { log: Log; work(): Work }): Maintenance {
  /** @throws AppError("conflict") before calls are answered, and when the appliance is going down. */
  function running(): Answering {
    const { phase, answering } = work();
    if (phase === "stopping") throw new AppError("conflict", "Gatehouse is going down: start it again to take calls.");
    if (answering === undefined) throw new AppError("conflict", "Gatehouse is still starting: try again in a moment.");
    return answering;
  }

  return {
    drain(on) {
      const { userAgent, switchboard } = running();
      const calls = switchboard.calls().length;
      if (on !== userAgent.draining())
        log.info(on ? "drained: new calls go to people" : "takes calls again", { calls });
      if (on) userAgent.drain();
      else userAgent.resume();
      return { draining: on, calls };
    },
    trace(on) {
      const { userAgent } = running();
      log.info(on ? "SIP messages are kept, redacted, in memory" : "SIP messages are no longer kept");
      userAgent.trace.set(on);
    },
    traced: () => running().userAgent.trace.show(),
  };
}
