/** The executable as a load measures it: with inside.ts in it, and what it holds at a moment. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import type { Appliance } from "../e2e/appliance.ts";

/** Environment that loads inside.ts. */
export const inside = (blockMs = 0): Record<string, string> => ({
  BUN_OPTIONS: `--preload=${join(import.meta.dir, "inside.ts")}`,
  BLOCK_MS: String(blockMs),
});

/** What must be back where it was once no call is left. */
export type Held = {
  sipSockets: number;
  dialogs: number;
  transactions: number;
  sipTimers: number;
  calls: number;
  mediaCalls: number;
  mediaSockets: number;
  mediaTimers: number;
  descriptors: number;
  heapMb: number;
  residentMb: number;
};

const collectionMs = 500;

/** After a collection of garbage. */
export async function heldBy(appliance: Appliance): Promise<Held> {
  const { pid } = appliance.child;
  process.kill(pid, "SIGUSR2");
  await Bun.sleep(collectionMs);
  const { sip, media, calls, memory } = await appliance.cli<Status>("status");
  return {
    sipSockets: sip.sockets,
    dialogs: sip.dialogs,
    transactions: sip.transactions,
    sipTimers: sip.timers,
    calls: calls.length,
    mediaCalls: media.calls,
    mediaSockets: media.sockets,
    mediaTimers: media.timers,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    heapMb: megabytes(memory.heapBytes),
    residentMb: megabytes(memory.rssBytes),
  };
}

const megabytes = (bytes: number) => Number((bytes / 1e6).toFixed(1));
