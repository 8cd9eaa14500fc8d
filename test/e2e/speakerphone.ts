/**
 * `bun test/e2e/speakerphone.ts`: whole bookings on telephones that are on speaker, over the executable.
 *   --losses 6,10,15,20  --delays 20,120,300  --kinds clean,clipped,noisy  --seed N (1)  --json
 * Exit code 1 if we stopped for our own voice, took it for the caller's, or were not stopped by him within 400 ms.
 */
import { parseArgs } from "node:util";
import { openDays } from "../caller/demo-agency.ts";
import { createMouth } from "../caller/voice.ts";
import type { EchoPath, PathKind } from "../media/echo/echo-path.ts";
import { removeFolders, startAppliance } from "./appliance.ts";
import { bookOnSpeaker, judgeSpeaker, readyMouth, type SpeakerResult, type Verdict } from "./speaker-calls.ts";

const { values } = parseArgs({
  options: {
    losses: { type: "string", default: "6,10,15,20" },
    delays: { type: "string", default: "20,120,300" },
    kinds: { type: "string", default: "clean,clipped,noisy" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log("bun test/e2e/speakerphone.ts [--losses 6,…] [--delays 20,…] [--kinds clean,…] [--seed 1] [--json]");
  process.exit(0);
}
const numbers = (text: string) => text.split(",").map(Number);
const paths = (values.kinds.split(",") as PathKind[]).flatMap((kind) =>
  numbers(values.losses).flatMap((returnLossDb) =>
    numbers(values.delays).map((delayMs): EchoPath => ({ kind, returnLossDb, delayMs, seed: Number(values.seed) })),
  ),
);
const days = openDays().slice(0, 3);
const mouth = readyMouth(
  await createMouth("gmw/en"),
  days.map(({ name }) => name),
);

/** Each on a day of its own, as both want the same hour. */
async function bookings(speakers: readonly (EchoPath | undefined)[]): Promise<SpeakerResult[]> {
  const appliance = await startAppliance();
  try {
    return await Promise.all(
      speakers.map((speaker, i) => {
        const day = days[i] ?? { date: "", name: "" };
        return bookOnSpeaker(appliance, { from: `0770090000${i}`, day, speaker }, mouth);
      }),
    );
  } finally {
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}

const [handset] = await bookings([undefined]);
if (handset === undefined) throw new Error("no call without an echo");
const rows: (EchoPath & Verdict & { heard?: readonly string[] })[] = [];
for (let at = 0; at < paths.length; at += days.length) {
  const some = paths.slice(at, at + days.length);
  for (const [i, result] of (await bookings(some)).entries()) {
    const [path, day] = [some[i], days[i]];
    if (path === undefined || day === undefined) continue;
    const verdict = judgeSpeaker(result, handset, day);
    rows.push({ ...path, ...verdict, ...(verdict.mistaken && { heard: result.heard }) });
    process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
  }
}
const isGood = ({ halted, mistaken, stoppedMs = Number.POSITIVE_INFINITY }: Verdict) =>
  halted.length === 0 && !mistaken && stoppedMs <= 400;
const sorted = rows.map(({ stoppedMs = Number.POSITIVE_INFINITY }) => stoppedMs).sort((a, b) => a - b);
const figures = {
  calls: rows.length,
  answersCompared: rows.reduce((sum, { compared }) => sum + compared, 0),
  haltedByOurselves: rows.reduce((sum, { halted }) => sum + halted.length, 0),
  mistaken: rows.filter(({ mistaken }) => mistaken).length,
  stoppedP50Ms: Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN),
  stoppedMaxMs: Math.round(sorted.at(-1) ?? Number.NaN),
};
if (values.json) console.log(JSON.stringify({ ...figures, rows }));
else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(20), value);
process.exitCode = rows.every(isGood) ? 0 : 1;
process.exit();
