/**
 * `bun test/media/echo/echo-cost.ts`: what the canceller costs the media Worker where many calls converse at once: frame by
 * frame in turn, as the Worker hears them. Of each call half is ours, a third the caller's, the rest silence.
 *   --calls N (50)  --seconds N (20)  --json
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { createEchoCanceller } from "../../../src/media/echo/canceller.ts";
import type { RateHz } from "../../../src/media/messages.ts";
import { createMouths } from "../../caller/voice.ts";
import { createSpeakerPhone } from "./echo-path.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "50" },
    seconds: { type: "string", default: "20" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log("bun test/media/echo/echo-cost.ts [--calls 50] [--seconds 20] [--json]");
  process.exit(0);
}
const [calls, seconds] = [Number(values.calls), Number(values.seconds)];
const frameMs = 20;
const framesPerSecond = 1000 / frameMs;

type Situation = { what: string; rateHz: RateHz; returnLossDb: number };

/** 200 dB: a handset, of which nothing comes back. */
const situations: Situation[] = [
  { what: "handsets, 8 kHz", rateHz: 8000, returnLossDb: 200 },
  { what: "all on speaker, 8 kHz", rateHz: 8000, returnLossDb: 12 },
  { what: "handsets, 16 kHz", rateHz: 16_000, returnLossDb: 200 },
  { what: "all on speaker, 16 kHz", rateHz: 16_000, returnLossDb: 12 },
];

const speak = await createMouths();
const ours = "We have three properties in Maple Road that you could see this week, one of them with a garden.";
const theirs = "I would like to book a viewing please, on Wednesday if that is possible.";

/** Both sides of a call of a minute, frame by frame. */
function soundsOf({ rateHz, returnLossDb }: Situation): { said: Int16Array[]; heard: Int16Array[] } {
  const wide = (samples: Int16Array) =>
    rateHz === 8000 ? samples : Int16Array.from({ length: 2 * samples.length }, (_, n) => samples[n >> 1] ?? 0);
  const [agent, caller] = [wide(speak(ours, "gmw/en-GB-x-rp")), wide(speak(theirs, "gmw/en"))];
  const phone = createSpeakerPhone({ returnLossDb, delayMs: 120, kind: "clean", seed: 1 }, rateHz);
  const cycle = 10 * rateHz;
  const count = (frameMs * rateHz) / 1000;
  const part = (samples: Int16Array, fromMs: number, toMs: number, at: number) =>
    Int16Array.from({ length: count }, (_, n) => {
      const ms = (1000 * ((at + n) % cycle)) / rateHz;
      const place = Math.floor(((ms - fromMs) * rateHz) / 1000);
      return ms < fromMs || ms >= toMs ? 0 : (samples[place % samples.length] ?? 0);
    });
  const said = Array.from({ length: 60 * framesPerSecond }, (_, i) => part(agent, 0, 5000, i * count));
  const heard = said.map((frame, i) => phone.hear(frame, part(caller, 5800, 9200, i * count)));
  return { said, heard };
}

function measure(situation: Situation) {
  const { said, heard } = soundsOf(situation);
  const cancellers = Array.from({ length: calls }, () => createEchoCanceller(situation.rateHz));
  const costsUs: number[] = [];
  const run = (fromFrame: number, frames: number, note: (us: number) => void) => {
    for (let f = fromFrame; f < fromFrame + frames; f++)
      for (const [i, canceller] of cancellers.entries()) {
        const at = (f + i * 37) % said.length; // each in its own place of the call
        const beganMs = performance.now();
        canceller.said(said[at] as Int16Array);
        canceller.heard(heard[at] as Int16Array);
        note(1000 * (performance.now() - beganMs));
      }
  };
  run(0, 5 * framesPerSecond, () => undefined); // compiled, and the echo found
  const before = process.cpuUsage();
  run(5 * framesPerSecond, seconds * framesPerSecond, (us) => costsUs.push(us));
  const { user, system } = process.cpuUsage(before);
  costsUs.sort((a, b) => a - b);
  const cpuMs = (user + system) / 1000;
  return {
    what: situation.what,
    cpuMsPerSecondOfCall: Number((cpuMs / seconds / calls).toFixed(2)),
    shareOfACore: Number((cpuMs / seconds / 1000).toFixed(3)),
    frameP50Us: Math.round(costsUs[Math.floor(0.5 * costsUs.length)] ?? 0),
    frameP99Us: Math.round(costsUs[Math.floor(0.99 * costsUs.length)] ?? 0),
    frameP999Us: Math.round(costsUs[Math.floor(0.999 * costsUs.length)] ?? 0),
  };
}

const loadBefore = Number((loadavg()[0] ?? 0).toFixed(2));
const rows = situations.map(measure);
if (values.json) console.log(JSON.stringify({ calls, seconds, loadBefore, rows }));
else {
  console.log(`${calls} calls, ${seconds} s, load before ${loadBefore}`);
  console.log("situation                 CPU ms/s of call  share of a core  frame p50 / p99 / p99.9 µs");
  for (const row of rows)
    console.log(
      [
        row.what.padEnd(25),
        row.cpuMsPerSecondOfCall.toFixed(2).padStart(16),
        row.shareOfACore.toFixed(3).padStart(16),
        `${row.frameP50Us} / ${row.frameP99Us} / ${row.frameP999Us}`.padStart(27),
      ].join(" "),
    );
}
process.exit();
