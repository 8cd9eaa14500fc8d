/**
 * How surely emergencies are heard: `bun test/receptionist/emergencies/table.ts [--json] [--seed S] [--misses N]`. Recall
 * by kind and source, and false alarms, at word errors of 0, 10 and 20 %; misses and false alarms with their texts (at
 * most N of each word error, default all of the clean ones and 10 of the others).
 */
import { parseArgs } from "node:util";
import { seeded } from "../../sip/random.ts";
import { kinds } from "./generate.ts";
import { allLines, labelOf, misheard, type Source } from "./lines.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    misses: { type: "string" },
  },
});

const seed = Number(values.seed);
const lines = allLines(seed);

type Row = { wordError: number; label: string; source: Source; n: number; caught: number; asItself: number };
type Wrong = { wordError: number; label: string; source: Source; heardAs: string; text: string };

const rows: Row[] = [];
const wrong: Wrong[] = [];
for (const wordError of [0, 0.1, 0.2]) {
  const random = seeded(seed + 1);
  const heard = lines.map((line) => ({ ...line, text: misheard(line.text, wordError, random) }));
  for (const label of [...kinds, "none" as const]) {
    for (const source of ["hand", "generated"] as const) {
      const row: Row = { wordError, label, source, n: 0, caught: 0, asItself: 0 };
      for (const line of heard) {
        if (line.label !== label || line.source !== source) continue;
        const heardAs = labelOf(line.text);
        row.n += 1;
        row.caught += heardAs === "none" ? 0 : 1;
        row.asItself += heardAs === label ? 1 : 0;
        if ((heardAs === "none") !== (label === "none"))
          wrong.push({ wordError, label, source, heardAs, text: line.text });
      }
      rows.push(row);
    }
  }
}

if (values.json) {
  console.info(JSON.stringify({ seed, rows, wrong }));
} else {
  console.info("word error  kind             source         n  caught  as itself");
  for (const { wordError, label, source, n, caught, asItself } of rows) {
    const [share, itself] = [caught, asItself].map((count) => ((100 * count) / Math.max(1, n)).toFixed(1));
    console.info(
      `${String(wordError * 100).padStart(8)} %  ${label.padEnd(16)} ${source.padEnd(10)} ${String(n).padStart(5)} ${String(share).padStart(7)} ${String(itself).padStart(10)}`,
    );
  }
  for (const wordError of [0, 0.1, 0.2]) {
    const of = rows.filter((row) => row.wordError === wordError);
    const sum = (pick: (row: Row) => boolean, field: "n" | "caught") =>
      of.filter(pick).reduce((total, row) => total + row[field], 0);
    const [n, caught] = [sum(isDanger, "n"), sum(isDanger, "caught")];
    const [negatives, alarms] = [sum(isNone, "n"), sum(isNone, "caught")];
    console.info(
      `word error ${wordError * 100} %: ${caught} of ${n} emergencies caught (${((100 * caught) / n).toFixed(1)} %), ${alarms} of ${negatives} others taken for one (${((100 * alarms) / negatives).toFixed(1)} %)`,
    );
    const shown = wrong.filter((one) => one.wordError === wordError);
    const most = values.misses === undefined ? (wordError === 0 ? shown.length : 10) : Number(values.misses);
    for (const { label, source, heardAs, text } of shown.slice(0, most)) {
      console.info(`  ${label} (${source}) heard as ${heardAs}: ${text}`);
    }
  }
}

function isNone({ label }: Row): boolean {
  return label === "none";
}
function isDanger(row: Row): boolean {
  return !isNone(row);
}
