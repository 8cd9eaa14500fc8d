/**
 * `bun test/load/overload.ts`: more callers than the machine carries. "Never silence": nobody who was taken on waits for
 * 4 s without hearing something; who is not is refused at once, so that the PBX passes him to people.
 *   --calls N (20)  --seconds N (90)  --shape DIR (whisper of that size, models/fill-shapes.ts)  --json
 *   --limit measured|configured  --at-most N (sip.maxCalls; as many as call)
 * Exit code 1 if somebody heard nothing for longer.
 */
import { parseArgs } from "node:util";
import { shapeSetting } from "../bench/conversation/shape.ts";
import { createMouth } from "../caller/voice.ts";
import { overload } from "./overloaded.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "20" },
    seconds: { type: "string", default: "90" },
    shape: { type: "string" },
    "at-most": { type: "string" },
    limit: { type: "string", default: "measured" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help || (values.limit !== "measured" && values.limit !== "configured")) {
  console.log(
    "bun test/load/overload.ts [--calls 20] [--seconds 90] [--shape DIR] [--limit measured|configured] [--at-most N] [--json]",
  );
  process.exit(values.help ? 0 : 2);
}
const mouth = await createMouth("gmw/en");
const figures = await overload({
  callers: Number(values.calls),
  seconds: Number(values.seconds),
  limit: values.limit,
  atMost: Number(values["at-most"] ?? values.calls),
  env: values.shape === undefined ? {} : shapeSetting(values.shape),
  lines: [
    "I'd like to book a viewing for fourteen Maple Road please",
    "Thursday please",
    "half past two please",
    "My name is James Wilson",
    "No, half past three please",
    "Could you say that again please",
  ].map(mouth),
});
if (values.json) console.log(JSON.stringify(figures));
else
  for (const [name, value] of Object.entries(figures))
    console.log(name.padEnd(16), typeof value === "object" ? JSON.stringify(value) : value);
process.exit(figures.silentForLong === 0 ? 0 : 1);
