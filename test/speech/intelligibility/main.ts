/**
 * `bun test/speech/intelligibility/main.ts`: the share of key items that the demo model hears right when our normaliser
 * says them, beside its own score on words as it was trained to hear them.
 */
import { parseArgs } from "node:util";
import { type Kind, kinds } from "./items.ts";
import { measure, rowsOf } from "./measure.ts";

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    voice: { type: "string", default: "en-gb-x-rp" },
    kinds: { type: "string" },
    misses: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(
    "bun test/speech/intelligibility/main.ts [--items 400] [--seed 1] [--voice en-gb-x-rp] [--kinds phone,e-mail] [--misses] [--json]",
  );
  process.exit(0);
}
const only = values.kinds?.split(",").filter((kind): kind is Kind => kinds.some((known) => known === kind));
const heard = await measure(
  { items: Number(values.items), seed: Number(values.seed), voice: values.voice, ...(only && { only }) },
  (done) => done % 50 === 0 && process.stderr.write(`${done} of ${values.items}\n`),
);
const rows = rowsOf(heard);
if (values.json) console.log(JSON.stringify({ seed: Number(values.seed), voice: values.voice, rows }));
else {
  const percent = (share: number) => `${share.toFixed(1)} %`.padStart(9);
  console.log(`${"kind".padEnd(10)}${"items".padStart(6)}${"ours".padStart(9)}${"reference".padStart(11)}`);
  for (const { kind, items, ours, reference } of rows) {
    console.log(`${kind.padEnd(10)}${String(items).padStart(6)}${percent(ours)}  ${percent(reference)}`);
  }
}
if (values.misses) {
  for (const { item, ours, reference, oursRight, referenceRight } of heard) {
    if (!oursRight && referenceRight) console.log(`${item.written} | ours: ${ours} | reference: ${reference}`);
  }
}
