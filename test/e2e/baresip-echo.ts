/** Calls of baresip's to the echo line: what it sent against what it got back, by its own ears. */
import { expect } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Comparison, compareAudio } from "../peers/compare-audio.ts";
import { freePorts } from "./baresip.ts";

const script = join(import.meta.dir, "../peers/baresip/call.sh");

export type EchoCall = {
  /** Where recordings and logs of all calls go, each in a folder of its own. */
  folder: string;
  name: string;
  target: string;
  seconds: number;
  /** Of baresip's account. */
  params?: string;
  /** Left out: PCMA. */
  codec?: Codec;
};

export type Codec = { module: string; name: string; rateHz: 8000 | 16_000 | 48_000; leastR: number };
const pcma: Codec = { module: "g711.so", name: "PCMA/8000/1", rateHz: 8000, leastR: 0.95 };

const speech = (folder: string, rateHz: number) => join(folder, `speech-${rateHz}.wav`);

/** The same words for every rate, spoken by espeak-ng, with silence behind: baresip hangs up when its file ends. */
export async function makeSpeech(folder: string, rates: readonly Codec["rateHz"][] = [8000]): Promise<void> {
  const text = "Good morning. I would like to see the house in Station Road, on Tuesday, at three in the afternoon.";
  const spoken = join(folder, "spoken.wav");
  await Bun.spawn(["espeak-ng", "-v", "en-gb", "-s", "140", "-w", spoken, text]).exited;
  for (const rateHz of rates) {
    const made = ["-r", `${rateHz}`, "-b", "16", speech(folder, rateHz), "gain", "-3", "pad", "0.5", "20"];
    await Bun.spawn(["sox", spoken, ...made]).exited;
  }
}

/** Of what `makeSpeech` made in the same folder. @throws if nothing was recorded: the call was refused. */
export async function echoCall(call: EchoCall): Promise<Comparison> {
  const { folder, name, target, seconds, params = "", codec = pcma } = call;
  const out = join(folder, name);
  const [, sipPort, rtpPort] = await freePorts();
  const account = `;audio_codecs=${codec.name}${params}`;
  const child = Bun.spawn(["bash", script, out, target, `${seconds}`, speech(folder, codec.rateHz), account], {
    env: {
      ...process.env,
      GRACE: "3",
      CODECS: codec.module,
      RATE: `${codec.rateHz}`,
      LISTEN: `127.0.0.1:${sipPort}`,
      RTP_PORTS: `${rtpPort}-${rtpPort + 10}`,
    },
    stdin: "ignore",
    stdout: Bun.file(join(folder, `${name}.log`)),
    stderr: "ignore",
  });
  await child.exited;
  const recordings = readdirSync(join(out, "rec"));
  const recording = (end: string) => join(out, "rec", recordings.find((file) => file.endsWith(end)) ?? "none");
  return compareAudio(recording("-enc.wav"), recording("-dec.wav"), codec.leastR);
}

/** One call and all that may be tried again, with time to spare: bun ends what a test that is late has started. */
export const patienceMs = (seconds: number, mostCalls: number) => mostCalls * (seconds + 15) * 1000;

/**
 * 98 % of the voiced windows at the codec's least correlation; of a few calls, as a stall of a busy machine tears out of
 * one what no codec and no cipher would.
 */
export async function expectGoodEcho(call: EchoCall, mostCalls: number): Promise<void> {
  let heard = await echoCall({ ...call, name: `${call.name}-1` });
  for (let n = 2; n <= mostCalls && heard.matched < 0.98 * heard.voiced; n++) {
    heard = await echoCall({ ...call, name: `${call.name}-${n}` });
  }
  expect(heard.voiced).toBeGreaterThan(8);
  expect(heard.matched / heard.voiced).toBeGreaterThanOrEqual(0.98);
}
