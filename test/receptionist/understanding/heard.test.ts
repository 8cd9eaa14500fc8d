/** What the demo model writes of typical lines: the values in it, against those in what was said. Prints the rates. */
import { expect, test } from "bun:test";
import { listing } from "../memory-view.ts";
import { ASKED, hear, readAs } from "./reading.ts";

const addresses = [
  "14 Maple Road",
  "7 Castle Street",
  "22 Victoria Road",
  "35 Church Lane",
  "9 Station Road",
  "3 Park Avenue",
  "18 High Street",
  "41 Mill Lane",
  "6 Albert Road",
  "12 Queen Street",
];
const properties = addresses.map((address, index) => listing(`h${index}`, address, { postcode: `M21 ${index}AB` }));

type Line = { kind: string; written: string; heard: string };
const file = Bun.file(`${import.meta.dir}/../../../models/demo-whisper/heard.jsonl`);
const lines = (await file.text())
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);

/** Of a hundred lines heard, that many give the value that was said. The model's own errors are in it. */
const FLOORS: Readonly<Record<string, number>> = {
  property: 95,
  "day-time": 88,
  day: 100,
  time: 100,
  name: 65,
  phone: 85,
  short: 99,
};

const value = (kind: string, text: string): string => {
  const heard = hear(text, ASKED[kind] ?? null, properties);
  if (kind !== "short") return readAs(kind, heard);
  return `${heard.answer ?? "-"} ${[...heard.intents].sort().join(" ")}`.replace(/^(?:no|closing)\b/, "no");
};

for (const [kind, floor] of Object.entries(FLOORS)) {
  test(`values out of what the model heard, ${kind}: at least ${floor} %`, () => {
    const of = lines.filter((line) => line.kind === kind);
    const right = of.filter((line) => value(kind, line.heard) === value(kind, line.written)).length;
    console.info(`heard.jsonl ${kind}: ${right} of ${of.length} (${((100 * right) / of.length).toFixed(1)} %)`);
    expect((100 * right) / of.length).toBeGreaterThanOrEqual(floor);
  });
}
