/**
 * `bun run fuzz:diary`: random bookings, moves and cancellations on two connections, with clock changes and a disk that
 * fails; doubles and phantoms are counted.
 */
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log("bun run fuzz:diary [--operations N] [--seed N] [--json]\nExits with 1 if a fault was found.");
  process.exit(0);
}
const started = performance.now();
const report = await runCampaign({ operations: Number(values.operations), seed: Number(values.seed) });
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const told = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, n]) => `${name} ${n}`)
    .join(", ");

if (values.json) console.log(JSON.stringify(report));
else {
  console.log(`${values.operations} operations, seed ${values.seed}, ${seconds} s`);
  console.log(`done:    ${told(report.done)}`);
  console.log(`refused: ${told(report.refused)}`);
  console.log(
    `${report.interleaved} met another transaction, ${report.failedWrites} writes failed, ${report.blindReads} read an old diary`,
  );
  console.log(`doubles, phantoms and other faults: ${report.faults.length}`);
  for (const fault of report.faults) console.log(`  ${fault}`);
}
process.exit(report.faults.length === 0 ? 0 : 1);
