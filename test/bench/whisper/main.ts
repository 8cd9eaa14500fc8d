/**
 * `bun run bench:whisper [TABLE ...]`: figures of the recogniser, each table by itself.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { parityTable } from "./parity.ts";
import { printed, type Table } from "./tables.ts";

const help = `bun run bench:whisper [TABLE ...] [--json] [--clips N] [--seed N]
  parity     texts equal to sherpa-onnx's, of --clips clips (1,000)
All of them unless some are named.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    help: { type: "boolean" },
    clips: { type: "string", default: "1000" },
    seed: { type: "string", default: "20261121" },
  },
});
const seed = Number(values.seed);
const tables: Record<string, () => Promise<Table[]>> = {
  parity: async () => [await parityTable(Number(values.clips), seed)],
};
const wanted = positionals.length > 0 ? positionals : Object.keys(tables);
const unknown = wanted.find((name) => tables[name] === undefined);
if (values.help || unknown !== undefined) {
  console.log(unknown === undefined ? help : `There is no table "${unknown}".\n${help}`);
  process.exit(unknown === undefined ? 0 : 1);
}
const made: Table[] = [];
for (const name of wanted) {
  for (const table of (await tables[name]?.()) ?? []) {
    made.push(table);
    if (!values.json) console.log(`${printed(table)}\n`);
  }
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}`;
if (values.json) console.log(JSON.stringify({ machine, date: new Date().toISOString().slice(0, 10), tables: made }));
else console.log(`On ${machine}.`);
process.exit(0);
