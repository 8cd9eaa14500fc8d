/**
 * `bun run bench:whisper [TABLE ...]`: figures of the recogniser, each table by itself.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { frontEndTable } from "./front-end.ts";
import { memoryTable } from "./memory.ts";
import { namesTable } from "./names.ts";
import { parityTable } from "./parity.ts";
import { arenaTable, bucketTable, cacheTable, tailTable, withShapes } from "./speed.ts";
import { printed, type Table } from "./tables.ts";

const help = `bun run bench:whisper [TABLE ...] [--json] [--clips N] [--rounds N] [--utterances N] [--lines N] [--models demo,tiny.en,base.en]
  [--seed N]
  front-end  the spectrogram of five seconds
  tail       final text of short lines: +50, +1,000 frames and 30 s; demo, tiny.en, base.en; int8, fp32
  cache      a decoding step with the decoder's cache short, long, and made anew
  arena      ONNX Runtime's arena on and off
  bucket     lengths rounded up to 2, 32, 50, 100 frames
  memory     a speech child over --utterances utterances (5,000)
  names      rare names with and without being told of them, --lines of each kind (60)
  parity     texts equal to sherpa-onnx's, of --clips clips (1,000)
All of them unless some are named.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    help: { type: "boolean" },
    clips: { type: "string", default: "1000" },
    utterances: { type: "string", default: "5000" },
    lines: { type: "string", default: "60" },
    models: { type: "string", default: "demo,tiny.en,base.en" },
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "20261121" },
  },
});
const seed = Number(values.seed);
const models = values.models.split(",");
const rounds = Number(values.rounds);
const tables: Record<string, () => Promise<Table[]>> = {
  "front-end": async () => [frontEndTable()],
  tail: async () => [await withShapes(models, (some) => tailTable(some, rounds))],
  cache: async () => [await withShapes(models, (some) => cacheTable(some, rounds))],
  arena: async () => [await withShapes(models, (some) => arenaTable(some, rounds))],
  bucket: async () => [await withShapes(models, (some) => bucketTable(some, rounds))],
  memory: async () => [await memoryTable(Number(values.utterances), seed)],
  names: async () => [await namesTable(Number(values.lines), seed)],
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
