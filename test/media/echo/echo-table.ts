/** Prints what the canceller makes of synthetic echo paths: false starts, double talk, what is taken out, and its cost. */
import { parseArgs } from "node:util";
import { createEchoCanceller } from "../../../src/media/echo/canceller.ts";
import type { RateHz } from "../../../src/media/messages.ts";
import { createMouths } from "../../caller/voice.ts";
import { seeded } from "../network.ts";
import { overCodec, wideCodecs } from "./codec-line.ts";
import { createSpeakerPhone, type PathKind } from "./echo-path.ts";
import { keysHeard, pressed } from "./keys-over-echo.ts";
import { type Line, loadVad, onsetOf, runSpeakerCall } from "./speaker-call.ts";

const usage = `bun test/media/echo/echo-table.ts [--delays 20,60,…] [--losses 6,10,…] [--kinds clean,clipped,noisy] [--codec PCMA] [--seeds N] [--off] [--json]
Half a minute of our prompts for each path, alone, with a caller who speaks into each of them, and with one who presses keys.
  --losses  echo return loss, dB; 200 is a handset: no echo
  --codec   PCMA, G722 or opus: on the way there and back
  --off     without the canceller`;

const { values } = parseArgs({
  options: {
    delays: { type: "string", default: "20,60,120,200,300" },
    losses: { type: "string", default: "6,10,15,20" },
    kinds: { type: "string", default: "clean,clipped,noisy" },
    codec: { type: "string", default: "PCMA" },
    seeds: { type: "string", default: "1" },
    off: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const codec = wideCodecs.find((name) => name === values.codec);
const rateHz: RateHz = codec === undefined ? 8000 : 16_000;
const perMs = rateHz / 1000;
const pauseMs = 1500;
const prompts = [
  "Thank you for calling Harbour and Lane, this call is recorded. How can I help you today?",
  "We have three properties in Maple Road that you could see this week. The first one is a two bedroom flat on the second floor, with a balcony and a garage.",
  "Which day would suit you? We are open on weekdays from nine until half past five, and on Saturdays until one o'clock.",
  "That is Thursday the twenty sixth of November at half past two, for James Wilson. Shall I book it?",
];
const answers = [
  "I would like to book a viewing please.",
  "Hello, can you hear me?",
  "Sorry, could it be on Wednesday?",
  "No, that is not right.",
  "My name is James Wilson.",
];
const model = await loadVad();
const mouth = await createMouths(200, rateHz);
const said = prompts.map((line) => mouth(line, "gmw/en-GB-x-rp"));
const answered = answers.map((line) => mouth(line, "gmw/en"));

function lines(): { lines: Line[]; untilMs: number } {
  let fromMs = 400;
  const all = said.map((samples) => {
    const line = { fromMs, samples };
    fromMs += samples.length / perMs + pauseMs;
    return line;
  });
  return { lines: all, untilMs: 20 * Math.ceil(fromMs / 20) };
}

type Row = { kind: PathKind; lossDb: number; falseStarts: number; minutes: number; erleDb: number; costUs: number };
type Talk = { missed: number; falseStarts: number; p50Ms: number; p95Ms: number; spoken: number };
/** Of those pressed into our words; and such as nobody pressed, alone and then. */
type Keys = { pressed: number; keysHeard: number; keysMadeUp: number };

const list = (text: string) => text.split(",").map(Number);
const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

/** How many of `heard` are `wanted`, in its order. */
function inOrder(heard: string, wanted: string): number {
  let before = Array.from({ length: wanted.length + 1 }, () => 0);
  for (const digit of heard) {
    const row = [0];
    for (const [i, other] of [...wanted].entries())
      row.push(digit === other ? (before[i] ?? 0) + 1 : Math.max(row[i] ?? 0, before[i + 1] ?? 0));
    before = row;
  }
  return before.at(-1) ?? 0;
}

async function measure(kind: PathKind, lossDb: number): Promise<Row & Talk & Keys> {
  const counts = { falseStarts: 0, minutes: 0, missed: 0, spoken: 0, pressed: 0, keysHeard: 0, keysMadeUp: 0 };
  const row = { kind, lossDb, ...counts, erleDb: 0, costUs: 0 };
  const [detectedMs, erle, cost]: [number[], number[], number[]] = [[], [], []];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    for (const delayMs of list(values.delays)) {
      const random = seeded(1000 * seed + 10 * lossDb + delayMs);
      const { lines: ours, untilMs } = lines();
      const call = () => {
        const plain = createSpeakerPhone({ returnLossDb: lossDb, delayMs, kind, seed: seed + delayMs }, rateHz);
        const phone = codec === undefined ? plain : overCodec(codec, plain);
        return {
          phone,
          rateHz,
          agent: ours,
          canceller: values.off ? undefined : createEchoCanceller(rateHz),
          untilMs,
        } as const;
      };
      const alone = await runSpeakerCall(model, { ...call(), caller: [] });
      row.falseStarts += alone.startedMs.length;
      row.minutes += untilMs / 60_000;
      erle.push(10 * Math.log10(alone.echoPower / alone.leftPower));
      cost.push(alone.costUs);
      row.keysMadeUp += keysHeard(alone.cleaned, rateHz).length;
      const theirs = ours.map(({ fromMs, samples }) => ({
        fromMs: Math.round(fromMs + 200 + random() * (samples.length / perMs - 1200)),
        samples: answered[Math.floor(random() * answered.length)] as Int16Array,
      }));
      const both = await runSpeakerCall(model, { ...call(), caller: theirs });
      for (const line of theirs) {
        const onsetMs = onsetOf(line, rateHz);
        const started = both.startedMs.find((ms) => ms >= onsetMs && ms < line.fromMs + line.samples.length / perMs);
        row.spoken++;
        if (started === undefined) row.missed++;
        else detectedMs.push(started - onsetMs);
      }
      const keys = ours.map(({ fromMs, samples }) => pressed(random, fromMs, samples.length / perMs, rateHz));
      const keyed = await runSpeakerCall(model, { ...call(), caller: keys.map(({ line }) => line) });
      const heard = keysHeard(keyed.cleaned, rateHz);
      const wanted = keys.map(({ digits }) => digits).join("");
      const right = inOrder(heard, wanted);
      row.pressed += wanted.length;
      row.keysHeard += right;
      row.keysMadeUp += heard.length - right;
    }
    console.error(`${kind} ${lossDb} dB, seed ${seed}`);
  }
  detectedMs.sort((a, b) => a - b);
  const mean = (all: readonly number[]) => all.reduce((sum, x) => sum + x, 0) / all.length;
  return { ...row, erleDb: mean(erle), costUs: mean(cost), p50Ms: at(detectedMs, 0.5), p95Ms: at(detectedMs, 0.95) };
}

const rows: (Row & Talk & Keys)[] = [];
for (const kind of values.kinds.split(",") as PathKind[])
  for (const lossDb of list(values.losses)) rows.push(await measure(kind, lossDb));
if (values.json) console.log(JSON.stringify(rows));
else {
  console.log(
    "path     loss dB  false starts  in min  ERLE dB  spoken into  missed  onset→told p50  p95 ms  keys heard  made up  µs/frame",
  );
  for (const row of rows)
    console.log(
      [
        row.kind.padEnd(8),
        String(row.lossDb).padStart(7),
        String(row.falseStarts).padStart(13),
        row.minutes.toFixed(1).padStart(7),
        row.erleDb.toFixed(1).padStart(8),
        String(row.spoken).padStart(12),
        String(row.missed).padStart(7),
        row.p50Ms.toFixed(0).padStart(15),
        row.p95Ms.toFixed(0).padStart(7),
        `${row.keysHeard}/${row.pressed}`.padStart(11),
        String(row.keysMadeUp).padStart(8),
        row.costUs.toFixed(0).padStart(9),
      ].join(" "),
    );
}
