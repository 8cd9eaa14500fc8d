/** Prints a call as it is heard and answered: `bun narrate.ts DATA_DIR`. The caller is invented. */
import type { LiveEvent } from "../../src/calls/ports.ts";
import { askLines } from "../../src/control/client.ts";

/** What of each turn has been printed: its answer comes in pieces as it is made. */
const printed = new Map<number, string>();

for await (const line of askLines(process.argv[2] ?? "", "/follow")) {
  const event = JSON.parse(line) as LiveEvent;
  if (event.kind !== "turn") continue;
  const before = printed.get(event.n);
  if (event.heard && before === undefined) console.log(`  Caller     ${event.heard}`);
  const said = event.said.slice(before?.length ?? 0).trim();
  if (said) console.log(`  Gatehouse  ${said}`);
  printed.set(event.n, event.said);
}
