/** `bun run fuzz`: hostile input for as long as wanted. Exit 1 with what brings it about, if anything gives way. */
import { parseArgs } from "node:util";
import { type Fault, isFlat, type Outcome, runCampaign, runSession } from "./campaign.ts";
import { targets } from "./targets.ts";

const usage = `usage: bun run fuzz [--minutes N] [--inputs N] [--seed S] [--target NAME …] [--session S] [--json]
Mutates messages and packets, in whole sessions, against ${targets.map(({ name }) => name).join(", ")}.
--minutes   for so long (default 1); --inputs: at most so many
--seed      the same inputs for the same seed (default: by the time)
--target    only these; --session: only the one session of that seed, as a fault names it
Checks: nothing throws, no input takes more than 50 ms, the heap does not grow by 5 % (and 3 MiB), and what each target says of itself.`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    inputs: { type: "string", default: "Infinity" },
    seed: { type: "string" },
    target: { type: "string", multiple: true },
    session: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isNaN(value) || value < 0) fail(`--${name} wants a number, not "${text}"\n${usage}`);
  return value;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function tell({ target, seed, message, steps }: Fault): void {
  console.error(`\n${target}: ${message}`);
  console.error(`again: bun run fuzz --target ${target} --session ${seed}`);
  for (const { hex, from, ms } of steps)
    console.error(hex === undefined ? `  ${ms} ms pass` : `  from ${from}: ${hex}`);
}

function summary({ inputs, perSecond, worstMs, heap, targets: figures }: Outcome): string {
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  const rows = Object.entries(figures).map(
    ([name, one]) =>
      `  ${name.padEnd(16)}${String(one.inputs).padStart(9)} inputs ${Math.round(one.inputs / one.seconds || 0)}/s, worst ${one.worstMs.toFixed(1)} ms`,
  );
  const change = `${heap.growth >= 0 ? "+" : ""}${(100 * heap.growth).toFixed(1)} %`;
  return [
    ...rows,
    `${inputs} inputs, ${perSecond}/s, worst input ${worstMs.toFixed(1)} ms, heap after collection ${mebibytes(heap.startBytes)} → ${mebibytes(heap.endBytes)} MiB (${change}), ${heap.startObjects} → ${heap.endObjects} objects`,
  ].join("\n");
}

if (values.help) {
  console.log(usage);
  process.exit(0);
}
const chosen = values.target === undefined ? targets : targets.filter(({ name }) => values.target?.includes(name));
if (chosen.length === 0) fail(`no such target\n${usage}`);

if (values.session !== undefined) {
  const seed = number("session", values.session);
  const faults = (await Promise.all(chosen.map((target) => runSession(target, seed)))).flatMap(
    ({ fault }) => fault ?? [],
  );
  for (const fault of faults) tell(fault);
  if (faults.length === 0) console.log("nothing gives way in that session");
  process.exit(faults.length === 0 ? 0 : 1);
}

const seed = values.seed === undefined ? Date.now() % 2 ** 32 : number("seed", values.seed);
let saidAt = 0;
const outcome = await runCampaign(chosen, {
  seed,
  inputs: number("inputs", values.inputs),
  seconds: 60 * number("minutes", values.minutes),
  progress(inputs, seconds) {
    if (values.json || seconds - saidAt < 30) return;
    saidAt = seconds;
    console.log(`${Math.round(seconds)} s: ${inputs} inputs`);
  },
});
console.log(values.json ? JSON.stringify(outcome) : `seed ${seed}\n${summary(outcome)}`);
for (const fault of outcome.faults) if (!values.json) tell(fault);
const flat = isFlat(outcome.heap);
if (!flat) console.error("the heap has grown");
process.exit(outcome.faults.length === 0 && flat ? 0 : 1);
