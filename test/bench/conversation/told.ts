/** What the executable tells of its calls on its control socket (`gatehouse calls follow`), with the time it came. */
import type { LiveEvent } from "../../../src/calls/ports.ts";
import { askLines } from "../../../src/control/client.ts";

export type Told = { atMs: number; event: LiveEvent };

/** Told until the appliance ends. `of`: what was told of the call of that number, its end included. */
export function followCalls(dataDir: string) {
  const all: Told[] = [];
  const callOf = new Map<string, string>();
  const follow = async () => {
    for await (const line of askLines(dataDir, "/follow")) {
      const event = JSON.parse(line) as LiveEvent;
      all.push({ atMs: performance.now(), event });
      if (event.kind === "identified" && event.caller !== null) callOf.set(event.caller, event.callId);
    }
  };
  follow().catch(() => undefined); // it ends with the appliance
  return {
    of(number: string): Told[] {
      const callId = callOf.get(`+44${number.slice(1)}`);
      return all.filter(({ event }) => event.callId === callId);
    },
  };
}
