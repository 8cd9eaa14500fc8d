/** `bun run bench:hearing`: what our hearing makes of sounds that are no words, and of people who speak. */

import { parseArgs } from "node:util";
import { percentile } from "../bench/voice-to-voice.ts";
import { openDemoWhisper } from "../caller/demo-whisper.ts";
import { type Hit, measureEndpoints } from "./endpoints.ts";
import { openEars } from "./line.ts";
import { type Count, huntPhantoms, type VoiceActivity, voiceActivities } from "./phantoms.ts";
import { humanClips, recordedNoises, recordings } from "./recorded.ts";
import { sounds } from "./sounds.ts";

const usage = `usage: bun run bench:hearing [--minutes N] [--seed S] [--only phantoms|people] [--json]
Plays sounds that are no words (made ones, and recordings beside the repository if there are any) to our voice activity,
endpointing and recogniser, over A-law: once as in a call, once with voice activity forced open (its thresholds at zero), and
once without it, as if a clear voice were there all the time: there the recogniser's own gates stand alone. Every turn is a phantom. Words that are more likely wrong than right are asked for again, and counted as that.
Then people's recordings, alone and in noise: how many are missed, and how late their beginning and end are seen.
--minutes   of sound for each of the three (default 120)   --seed   the same sounds for the same seed (default 1)`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "120" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed) || !["phantoms", "people", undefined].includes(values.only)) {
  console.error(usage);
  process.exit(2);
}

const names: Record<VoiceActivity, string> = {
  real: "as in a call",
  open: "voice activity forced open",
  sure: "without voice activity",
};
const ears = await openEars();
const recogniser = await openDemoWhisper();
const noises = recordings === undefined ? {} : await recordedNoises(recordings);
const out: Record<string, unknown> = { minutes, seed };
let phantoms = 0;
if (values.only !== "people") {
  for (const voiceActivity of voiceActivities) {
    const name = names[voiceActivity];
    const counts = await huntPhantoms(ears, recogniser, {
      sounds: { ...sounds, ...noises },
      minutes,
      seed,
      voiceActivity,
      progress: progressOf(name),
    });
    if (voiceActivity !== "sure") phantoms += counts.reduce((sum, { turns }) => sum + turns, 0);
    out[name] = counts;
    if (!values.json) printCounts(name, counts);
  }
}
if (values.only !== "phantoms") {
  if (recordings === undefined) console.error("people: no recordings beside the repository (../shared/data/audio)");
  else {
    const conditions = [{ name: "clean" }, { name: "15 dB noise", snrDb: 15 }];
    const clips = await humanClips(recordings);
    const hits = await measureEndpoints(
      ears,
      clips,
      conditions,
      { ...noises, ...steady() },
      seed,
      progressOf("people"),
    );
    out.people = hits;
    if (!values.json) printPeople(hits);
  }
}
if (values.json) console.log(JSON.stringify(out));
await recogniser.close();
process.exit(phantoms === 0 ? 0 : 1);

function steady() {
  const { "line noise": hiss, traffic, rumble } = sounds;
  return Object.fromEntries(
    Object.entries({ hiss, traffic, rumble }).filter((entry) => entry[1] !== undefined),
  ) as typeof sounds;
}

function progressOf(what: string): (share: number) => void {
  let told = 0;
  return (share) => {
    if (share < told + 0.1 && share < 1) return;
    told = share;
    process.stderr.write(`${what}: ${Math.round(100 * share)} %\n`);
  };
}

function printCounts(name: string, counts: readonly Count[]): void {
  console.log(`\nsounds that are no words, ${name}`);
  console.log("sound                         minutes  onsets  utterances  asked again  phantom turns");
  const total: Count = { kind: "all", minutes: 0, onsets: 0, utterances: 0, turns: 0, asked: 0, texts: [] };
  for (const count of counts) {
    for (const key of ["minutes", "onsets", "utterances", "turns", "asked"] as const) total[key] += count[key];
    printCount(count);
  }
  printCount(total);
}

function printCount({ kind, minutes: length, onsets, utterances, asked, turns, texts }: Count): void {
  const cells = [length.toFixed(1).padStart(8), onsets, utterances, asked, turns];
  const [first, ...rest] = cells.map((cell, i) => String(cell).padStart([8, 8, 12, 13, 15][i] ?? 8));
  console.log(`${kind.padEnd(29)}${first}${rest.join("")}${texts.length > 0 ? `  ${JSON.stringify(texts)}` : ""}`);
}

function printPeople(hits: readonly Hit[]): void {
  console.log("\npeople who speak (recorded), over A-law");
  console.log(
    "group         condition     clips  missed  onset p50/p95 ms  start lost > 50 ms  cut wrongly  end p5/p50/p95 ms  false onsets",
  );
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    for (const key of [`${hit.group}|${hit.condition}`, `all|${hit.condition}`])
      groups.set(key, [...(groups.get(key) ?? []), hit]);
  }
  for (const [key, of] of groups) {
    const [group = "", condition = ""] = key.split("|");
    const onsets = of.flatMap(({ onsetLateMs }) => onsetLateMs ?? []);
    const ends = of.flatMap(({ endLateMs }) => endLateMs ?? []);
    const count = (test: (hit: Hit) => boolean) => of.filter(test).length;
    const at = (values: number[], p: number) => Math.round(percentile(values, p));
    console.log(
      [
        group.padEnd(13),
        condition.padEnd(13),
        String(of.length).padStart(6),
        String(count(({ missed }) => missed)).padStart(8),
        `${at(onsets, 50)}/${at(onsets, 95)}`.padStart(18),
        String(count(({ lostMs, missed }) => !missed && lostMs > 50)).padStart(20),
        String(count(({ wrongCuts }) => wrongCuts > 0)).padStart(13),
        `${at(ends, 5)}/${at(ends, 50)}/${at(ends, 95)}`.padStart(19),
        String(of.reduce((sum, { falseOnsets }) => sum + falseOnsets, 0)).padStart(14),
      ].join(""),
    );
  }
}
