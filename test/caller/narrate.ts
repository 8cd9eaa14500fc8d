/** Prints a call as it is heard and answered: `bun narrate.ts DATA_DIR`. The caller is invented. */
import type { LiveEvent } from "../../src/calls/ports.ts";
import { askLines } from "../../src/control/client.ts";

for await (const line of askLines(process.argv[2] ?? "", "/follow")) {
  const event = JSON.parse(line) as LiveEvent;
  if (event.kind === "turn") {
    if (event.heard) console.log(`  Caller     ${event.heard}`);
    console.log(`  Gatehouse  ${event.said}`);
  }
}
