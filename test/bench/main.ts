/**
 * `bun run bench`: the figures of README's table, measured on the executable over real calls on loopback.
 *   --json   one object instead of the table   --calls N   calls for voice-to-voice (3: 21 turns)
 */
import { statSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import type { Status } from "../../src/control/ports.ts";
import { converse } from "../caller/conversation.ts";
import { demoWish } from "../caller/demo-agency.ts";
import { isLoud } from "../caller/loudness.ts";
import { createMouth, createUnderstanding } from "../caller/voice.ts";
import { type Appliance, executable, removeFolders, startAppliance } from "../e2e/appliance.ts";
import { startTimes } from "./start-times.ts";
import { type Packet, percentile, turnLatencies } from "./voice-to-voice.ts";
import { whisperSpeed } from "./whisper-speed.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean" }, calls: { type: "string", default: "3" }, help: { type: "boolean" } },
});
if (values.help) {
  console.log("bun run bench [--json] [--calls N]\nPrints the figures of README's table, measured on dist/gatehouse.");
  process.exit(0);
}

type Row = { what: string; figure: string; goal: string };
const ms = (value: number) => `${Math.round(value)} ms`;
const progress = (text: string) => process.stderr.write(`${text}\n`);

progress("start times");
const start = await startTimes(5);
progress("memory");
const appliance = await startAppliance();
await Bun.sleep(2_000); // idle: what start-up left behind has been collected
const idle = await idleMemory(appliance);

progress(`voice to voice: ${values.calls} calls`);
const turns: number[] = [];
const greetings: number[] = [];
let unanswered = 0;
const mouth = await createMouth("gmw/en");
const understand = await createUnderstanding();
for (let i = 0; i < Number(values.calls); i++) {
  const call = await measuredCall(appliance);
  turns.push(...call.latenciesMs);
  greetings.push(call.greetingMs);
  unanswered += call.unanswered;
  progress(`  call ${i + 1}: ${call.latenciesMs.map(Math.round).join(", ")} ms`);
}
await appliance.stop();
removeFolders(appliance.folders);

progress("whisper");
const whisper = await whisperSpeed();
progress("RTP lateness, 50 echo calls");
const lateness = await rtpLateness();

const rows: Row[] = [
  { what: `voice to voice, ${turns.length} turns: p50`, figure: ms(percentile(turns, 50)), goal: "≤ 400 ms" },
  { what: `voice to voice, ${turns.length} turns: p95`, figure: ms(percentile(turns, 95)), goal: "≤ 650 ms" },
  { what: "turns never answered", figure: String(unanswered), goal: "0" },
  { what: "answer → first greeting audio, worst", figure: ms(Math.max(...greetings)), goal: "≤ 200 ms (p95)" },
  {
    what: `Whisper (demo, int8) on ${whisper.audioSeconds.toFixed(1)} s of audio: real-time factor`,
    figure: whisper.realTimeFactor.toFixed(3),
    goal: "",
  },
  { what: "Whisper: final text, utterance ≤ 5 s, p95", figure: ms(whisper.p95Ms), goal: "≤ 250 ms" },
  { what: "start → web pages", figure: ms(start.webMs), goal: "≤ 100 ms" },
  { what: "start → first call answerable", figure: ms(start.firstCallMs), goal: "≤ 2,000 ms" },
  { what: "memory when idle, all processes", figure: `${Math.round(idle / 1e6)} MB`, goal: "≤ 250 MB" },
  { what: "executable", figure: `${Math.round(statSync(executable).size / 1e6)} MB`, goal: "≤ 220 MB" },
  {
    what: "RTP lateness p99, 50 echo calls, main thread blocked 100 of every 200 ms",
    figure: `${lateness.toFixed(2)} ms`,
    goal: "≤ 2 ms",
  },
];
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
if (values.json) console.log(JSON.stringify({ machine, date: new Date().toISOString().slice(0, 10), rows }));
else
  console.log(
    [
      `| measured on ${machine} | | goal |`,
      "|---|---|---|",
      ...rows.map(({ what, figure, goal }) => `| ${what} | ${figure} | ${goal} |`),
    ].join("\n"),
  );
process.exit(0);

/** Proportional share of the appliance and its children, so that shared pages count once. */
async function idleMemory(running: Appliance): Promise<number> {
  const { speech } = await running.cli<Status>("status");
  const pids = [running.child.pid, ...speech.map(({ pid }) => pid)];
  let sum = 0;
  for (const pid of pids) {
    const rollup = await Bun.file(`/proc/${pid}/smaps_rollup`).text();
    sum += Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return sum;
}

async function measuredCall(running: Appliance) {
  const sent: Packet[] = [];
  const received: Packet[] = [];
  const answered = Promise.withResolvers<number>();
  const wish = demoWish();
  await converse({ ...running.sip, number: "200", from: "07700900123" }, wish, {
    say: mouth,
    understand,
    narrate: (what) => {
      if (what === "answered") answered.resolve(performance.now());
    },
    sent: (frame, atMs) => sent.push({ atMs, loud: isLoud(frame) }),
    received: (frame, atMs) => received.push({ atMs, loud: isLoud(frame) }),
  });
  const firstAudio = received.find(({ loud }) => loud)?.atMs ?? Number.NaN;
  return { ...turnLatencies(sent, received, 800), greetingMs: firstAudio - (await answered.promise) };
}

/** Measured by a program of its own, from the packets' arrival times. */
async function rtpLateness(): Promise<number> {
  const child = Bun.spawn([process.execPath, new URL("./rtp-lateness.ts", import.meta.url).pathname, "--json"], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const { p99Ms } = JSON.parse(await child.stdout.text()) as { p99Ms: number };
  return p99Ms;
}
