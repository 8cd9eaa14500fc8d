/**
 * `bun test/bench/conversation/why.ts DIR`: of a bench's events.jsonl, every turn that was cut off, every disturbance
 * that was taken for one and every slow answer, with what was made of the words and the silence that text asks for.
 */
import { join } from "node:path";
import type { Asks } from "../../../src/receptionist/contract.ts";
import { patience } from "../../../src/receptionist/patience.ts";
import type { Measured, Understood, Words } from "./measure.ts";

type Event = Measured & { atOnce: number; call: number };

const slowMs = 600;
const [dir] = process.argv.slice(2);
if (dir === undefined) {
  console.error("bun test/bench/conversation/why.ts DIR   (where bench:conversation has put its events.jsonl)");
  process.exit(2);
}
const lines = (await Bun.file(join(dir, "events.jsonl")).text()).split("\n").filter(Boolean);
for (const event of lines.map((line) => JSON.parse(line) as Event)) {
  const [what, words] = oddityOf(event);
  if (what === "" || words === undefined) continue;
  console.log(`${event.atOnce} at once, call ${event.call}, move ${event.move}: ${what}; asked ${words.asked}`);
  for (const one of words.understood)
    console.log(`  ${ms(one.atMs)}  ${one.taken ? "TAKEN " : waitOf(one, words)}  ${one.text}`);
}

function oddityOf(event: Event): [string, Words | undefined] {
  if (event.kind === "sound") {
    const isTaken = event.outcome === "answered" || event.outcome === "fell silent";
    return [isTaken ? `${event.sound} ${event.outcome}` : "", event];
  }
  if (event.kind !== "turn" || event.label === "incomplete") return ["", undefined];
  const cuts = event.pauses
    .filter(({ cutOff }) => cutOff)
    .map((pause) => `cut off in ${pause.ms} ms at${ms(pause.atMs)}`);
  const slow = event.latencyMs === undefined ? "never answered" : `answered after ${Math.round(event.latencyMs)} ms`;
  if (event.latencyMs === undefined || event.latencyMs > slowMs) cuts.push(slow);
  return [cuts.length > 0 ? `${event.label}: ${cuts.join(", ")}` : "", event];
}

/** Of the text alone: what else the call knew of it is not in the events. */
function waitOf({ text }: Understood, { asked }: Words): string {
  return `${patience({ asks: asked as Asks, slots: {}, disclosed: true, ended: false }, text)}`.padStart(6);
}

function ms(value: number): string {
  return `${Math.round(value)}`.padStart(7);
}
