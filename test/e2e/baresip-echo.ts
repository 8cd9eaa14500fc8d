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
  /** What is spoken, at 8 kHz. */
  speech: string;
  seconds: number;
  /** Of baresip's account. */
  params: string;
  env?: Record<string, string>;
};

/** Spoken by espeak-ng, brought to 8 kHz, with silence behind: baresip hangs up when its file ends. */
export async function makeSpeech(folder: string): Promise<string> {
  const text = "Good morning. I would like to see the house in Station Road, on Tuesday, at three in the afternoon.";
  const [spoken, speech] = [join(folder, "spoken.wav"), join(folder, "speech.wav")];
  await Bun.spawn(["espeak-ng", "-v", "en-gb", "-s", "140", "-w", spoken, text]).exited;
  await Bun.spawn(["sox", spoken, "-r", "8000", "-b", "16", speech, "gain", "-3", "pad", "0.5", "20"]).exited;
  return speech;
}

/** @throws if nothing was recorded: the call was refused. */
export async function echoCall({ folder, name, target, speech, seconds, params, env }: EchoCall): Promise<Comparison> {
  const out = join(folder, name);
  const [, sipPort, rtpPort] = await freePorts();
  const child = Bun.spawn(["bash", script, out, target, `${seconds}`, speech, `;audio_codecs=PCMA/8000/1${params}`], {
    env: {
      ...process.env,
      LISTEN: `127.0.0.1:${sipPort}`,
      RTP_PORTS: `${rtpPort}-${rtpPort + 10}`,
      ...env,
    },
    stdin: "ignore",
    stdout: Bun.file(join(folder, `${name}.log`)),
    stderr: "ignore",
  });
  await child.exited;
  const recordings = readdirSync(join(out, "rec"));
  const recording = (end: string) => join(out, "rec", recordings.find((file) => file.endsWith(end)) ?? "none");
  return compareAudio(recording("-enc.wav"), recording("-dec.wav"));
}

/**
 * 98 % of the voiced windows at r ≥ 0.95; of a few calls, as a stall of a busy machine tears out of one what no codec
 * and no cipher would.
 */
export async function expectGoodEcho(call: EchoCall, mostCalls: number): Promise<void> {
  let heard = await echoCall({ ...call, name: `${call.name}-1` });
  for (let n = 2; n <= mostCalls && heard.matched < 0.98 * heard.voiced; n++) {
    heard = await echoCall({ ...call, name: `${call.name}-${n}` });
  }
  expect(heard.voiced).toBeGreaterThan(8);
  expect(heard.matched / heard.voiced).toBeGreaterThanOrEqual(0.98);
}
