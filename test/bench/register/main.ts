/**
 * `bun run bench:register`: how long a step of a conversation takes, and what callers' records cost, with a large
 * register in a real, encrypted database.
 */
import { parseArgs } from "node:util";
import { createImportListings } from "../../../src/agency/listings/import-listings.ts";
import { makeOffice, now } from "../../store/opened.ts";
import { percentile } from "../voice-to-voice.ts";
import { largeAgency } from "./large-agency.ts";
import { measureSteps } from "./measure.ts";

const { values } = parseArgs({
  options: {
    properties: { type: "string", default: "5000" },
    contacts: { type: "string", default: "50000" },
    calls: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log("bun run bench:register [--properties N] [--contacts N] [--calls N] [--seed N] [--json]");
  process.exit(0);
}
const size = { properties: Number(values.properties), contacts: Number(values.contacts), seed: Number(values.seed) };
const timed = <T>(work: () => T): { ms: number; result: T } => {
  const from = performance.now();
  const result = work();
  return { ms: performance.now() - from, result };
};

const { ms: fillMs, result: office } = timed(() => makeOffice(largeAgency(size)));
const { onceMs, stepsMs, understood, calls } = measureSteps(office.view, Number(values.calls), size.seed);

const actor = { kind: "system" } as const;
const finds = Array.from({ length: 200 }, (_, n) => {
  const phone = `+4477${String((n * 131) % Math.max(1, Math.floor(size.contacts / 1.3))).padStart(8, "0")}`;
  return timed(() => office.findAppointments({ name: "Jane Smith", phone }, actor, now)).ms;
});
const csv = [
  "Ref,Address,Postcode,Department,Price,Bedrooms",
  ...office.view
    .properties()
    .map(
      ({ id, address, postcode, kind, price, beds }) => `${id},"${address}",${postcode},${kind},${price + 1},${beds}`,
    ),
].join("\n");
const { store, listings, audit } = office.records;
const importListings = createImportListings({ work: store, listings, audit, imported: () => office.view.refresh() });
const request = { bytes: new TextEncoder().encode(csv), digest: "", mapping: undefined, list: "listings" };
const { ms: importMs, result: imported } = timed(() =>
  importListings({ ...request, dryRun: false, yes: true }, actor, now),
);
office.close();

const figures = {
  ...size,
  steps: stepsMs.length,
  p50Ms: percentile(stepsMs, 50),
  p95Ms: percentile(stepsMs, 95),
  p99Ms: percentile(stepsMs, 99),
  maxMs: Math.max(...stepsMs),
  onceP50Ms: percentile(onceMs, 50),
  onceP99Ms: percentile(onceMs, 99),
  understood,
  calls,
  findP99Ms: percentile(finds, 99),
  importMs,
  changed: imported.changed,
  rejected: imported.rejects.length,
  fillMs,
};
const ms = (value: number) => `${value.toFixed(2)} ms`;
if (values.json) console.log(JSON.stringify(figures));
else {
  console.log(`${size.properties} homes, ${size.contacts} contacts, ${calls} calls, seed ${size.seed}`);
  const { steps, p50Ms, p95Ms, p99Ms, maxMs } = figures;
  console.log(
    `a step upon words (${steps}): p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}, p99 ${ms(p99Ms)} (goal 5), longest ${ms(maxMs)}`,
  );
  console.log(`  with all that else ran on the machine: p50 ${ms(figures.onceP50Ms)}, p99 ${ms(figures.onceP99Ms)}`);
  console.log(`the home understood from its address or postcode: ${understood} of ${calls}`);
  console.log(`finding a caller's appointments: p99 ${ms(figures.findP99Ms)}`);
  console.log(
    `importing the whole list, ${figures.changed} homes changed, ${figures.rejected} rejected: ${importMs.toFixed(0)} ms`,
  );
}
