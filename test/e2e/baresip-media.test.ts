// needs: baresip, espeak-ng, sox
/** Calls from a telephone that others wrote, on the echo line: what it sent against what it got back, by its own ears. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Comparison, compareAudio } from "../peers/compare-audio.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";

const script = join(import.meta.dir, "../peers/baresip/call.sh");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-baresip-"));
/** The same words for every rate. */
const speech = (rateHz: number) => join(folder, `speech-${rateHz}.wav`);
const callSeconds = 10;
/** This machine has two processors and much to do: what a stall of it tears out of a call is no fault of the codec. */
const mostCalls = 3;

let appliance: Appliance;

beforeAll(async () => {
  const text = "Good morning. I would like to see the house in Station Road, on Tuesday, at three in the afternoon.";
  const spoken = join(folder, "spoken.wav");
  await Bun.spawn(["espeak-ng", "-v", "en-gb", "-s", "140", "-w", spoken, text]).exited;
  for (const rateHz of [8000, 16_000, 48_000]) {
    const made = ["-r", `${rateHz}`, "-b", "16", speech(rateHz), "gain", "-3", "pad", "0.5", "20"];
    await Bun.spawn(["sox", spoken, ...made]).exited;
  }
  appliance = await startAppliance({
    set: [
      'lines=[{number="echo",kind="echo"}]',
      'media.codecs=["PCMA","PCMU","G722","opus"]',
      "media.srtp=prefer",
      "media.srtpKeysInClear=true",
    ],
  });
}, 30_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
  rmSync(folder, { recursive: true, force: true });
});

/** @param params of baresip's account. */
async function echoCall(name: string, codecs: string, params: string, leastR: number): Promise<Comparison> {
  const out = join(folder, name);
  const target = `sip:echo@${appliance.sip.host}:${appliance.sip.port}`;
  const rateHz = Number(/\/(16000|48000)/.exec(params)?.[1] ?? 8000);
  const child = Bun.spawn(["bash", script, out, target, `${callSeconds}`, speech(rateHz), params], {
    env: { ...process.env, CODECS: codecs, RATE: `${rateHz}` },
    stdin: "ignore",
    stdout: Bun.file(join(folder, `${name}.log`)),
    stderr: "ignore",
  });
  await child.exited;
  const recordings = readdirSync(join(out, "rec"));
  const recording = (end: string) => join(out, "rec", recordings.find((file) => file.endsWith(end)) ?? "none");
  return compareAudio(recording("-enc.wav"), recording("-dec.wav"), leastR);
}

/** 98 % of the voiced windows at r ≥ 0.95, or what is said. */
async function expectGoodEcho(name: string, codecs: string, params: string, leastR = 0.95): Promise<void> {
  let heard = await echoCall(`${name}-1`, codecs, params, leastR);
  for (let call = 2; call <= mostCalls && heard.matched < 0.98 * heard.voiced; call++) {
    heard = await echoCall(`${name}-${call}`, codecs, params, leastR);
  }
  expect(heard.voiced).toBeGreaterThan(8);
  expect(heard.matched / heard.voiced).toBeGreaterThanOrEqual(0.98);
}

const patienceMs = mostCalls * 20_000;

test("PCMA", () => expectGoodEcho("pcma", "g711.so", ";audio_codecs=PCMA/8000/1"), patienceMs);

test("G.722", () => expectGoodEcho("g722", "g722.so", ";audio_codecs=G722/16000/1"), patienceMs);

test(
  "PCMA over SRTP, which baresip insists on",
  () => expectGoodEcho("srtp", "g711.so", ";audio_codecs=PCMA/8000/1;mediaenc=srtp-mand"),
  patienceMs,
);

test("Opus", () => expectGoodEcho("opus", "opus.so", ";audio_codecs=opus/48000/2", 0.85), patienceMs);
