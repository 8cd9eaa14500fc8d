/**
 * `bun run bench:conversation`: scripted callers talk to the executable over SIP and RTP, some at once, and everything is
 * measured from what each caller sent and received: how soon the agent answers, whom it cuts off, how soon it falls
 * silent and what makes it do so. One run, one setting, one table.
 */
import { mkdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDays } from "../../caller/demo-agency.ts";
import { createMouths } from "../../caller/voice.ts";
import { keepChannels } from "./channels.ts";
import { figuresOf, type LevelFigures } from "./figures.ts";
import { type Caller, type MeasuredCall, measureLevel, type Setting } from "./level.ts";
import { figuresPage } from "./plot.ts";
import { scriptsOf } from "./script.ts";
import { shapeSetting } from "./shape.ts";
import { rendered } from "./sounds.ts";
import { markdownOf, tableOf } from "./table.ts";

const usage = `bun run bench:conversation [--calls 1,2,5,10,20] [--seed N] [--out DIR] [--json] …
Scripted callers over SIP and RTP on loopback, measured from what they sent and received. Needs dist/gatehouse.

  --calls LIST     how many at once, one level after another (1,2,5,10,20)
  --least N        calls a level at least, in whole rounds (2)
  --seed N         of the scripts: the same calls in the same order (1)
  --model DIR      speech.whisper.model (the embedded one)
  --shape DIR      what whisper of this folder would take for the words of the model in use: its graphs run on the same
                   sound for as many steps beside it (filled by models/fill-shapes.ts; the words stay those of the model)
  --voice V        speech.voice.voice: an espeak voice, or the path of a Piper .onnx
  --set KEY=VALUE  any other setting, may be repeated
  --out DIR        events.jsonl (one line an event), figures.json, table.md, figures.svg (test-artefacts/conversation)
  --brief          calls of half a minute: to see that it runs
  --keep           the two channels of each call as well, as WAV: caller left, agent right
  --json           the figures as one object instead of the table`;

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "1,2,5,10,20" },
    least: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    model: { type: "string" },
    shape: { type: "string" },
    voice: { type: "string" },
    set: { type: "string", multiple: true, default: [] },
    out: { type: "string", default: "test-artefacts/conversation" },
    brief: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const levels = values.calls.split(",").map(Number);
const [seed, least] = [Number(values.seed), Number(values.least)];
const isSound = [...levels, least].every((n) => Number.isInteger(n) && n >= 1 && n <= 200) && Number.isInteger(seed);
if (!isSound) {
  console.error(usage);
  process.exit(2);
}
await run();
process.exit(0);

async function run(): Promise<void> {
  mkdirSync(values.out, { recursive: true });
  const setting = settingOf();
  const callers = await callersOf(Math.max(...levels.map(callsOf)));
  const measured: Level[] = [];
  for (const atOnce of levels) {
    progress(`${atOnce} at once: ${callsOf(atOnce)} calls`);
    const { calls, othersShare } = await measureLevel(atOnce, callers.slice(0, callsOf(atOnce)), setting, {
      progress,
      recorded: async (index, recording) => {
        if (values.keep) await keepChannels(join(values.out, `${atOnce}-at-once-${index}.wav`), recording);
      },
    });
    measured.push({ atOnce, calls, figures: figuresOf(atOnce, calls, othersShare) });
  }
  await write(measured, setting);
}

/** Whole rounds. */
function callsOf(atOnce: number): number {
  return atOnce * Math.ceil(least / atOnce);
}

function settingOf(): Setting {
  const { model, voice, set, shape } = values;
  const isPiper = voice?.endsWith(".onnx") === true;
  return {
    set: [
      ...(model === undefined ? [] : [`speech.whisper.model=${model}`]),
      ...(voice === undefined
        ? []
        : [`speech.voice.kind=${isPiper ? "piper" : "espeak"}`, `speech.voice.voice=${voice}`]),
      ...set,
    ],
    env: shape === undefined ? {} : shapeSetting(shape),
  };
}

async function callersOf(count: number): Promise<Caller[]> {
  const mouth = await createMouths();
  const days = openDays().map(({ name }) => name);
  return scriptsOf(seed, count, days, values.brief).map((script) => ({
    script,
    sounds: script.moves.map((move) => rendered(move, script, mouth)),
  }));
}

type Level = { atOnce: number; calls: MeasuredCall[]; figures: LevelFigures };

async function write(measured: readonly Level[], setting: Setting): Promise<void> {
  const figures = measured.map((level) => level.figures);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const about = { machine, date: new Date().toISOString().slice(0, 10), seed, set: setting.set, shape: values.shape };
  const summary = JSON.stringify({ ...about, levels: figures, rows: tableOf(figures) });
  const events = measured.flatMap(({ atOnce, calls }) =>
    calls.flatMap(({ events, ...call }) => [
      { atOnce, kind: "call", ...call },
      ...events.map((event) => ({ atOnce, call: call.index, ...event })),
    ]),
  );
  const latencies = measured.map(({ calls }) =>
    calls.flatMap((call) =>
      call.events.flatMap((event) =>
        event.kind === "turn" && event.label !== "incomplete" && event.latencyMs !== undefined ? [event.latencyMs] : [],
      ),
    ),
  );
  const table = `${machine}, seed ${seed}${values.shape ? `, as with ${values.shape}` : ""}\n\n${markdownOf(figures)}\n`;
  await Bun.write(join(values.out, "events.jsonl"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  await Bun.write(join(values.out, "figures.json"), `${summary}\n`);
  await Bun.write(join(values.out, "table.md"), table);
  await Bun.write(join(values.out, "figures.svg"), figuresPage(figures, latencies));
  console.log(values.json ? summary : table);
  progress(`raw data and pictures: ${values.out}`);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
