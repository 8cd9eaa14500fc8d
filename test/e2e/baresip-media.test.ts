// needs: baresip, espeak-ng, sox
/** Calls from a telephone that others wrote, on the echo line: what it sent against what it got back, by its own ears. */
import { afterAll, beforeAll, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { type EchoCall, expectGoodEcho, makeSpeech, patienceMs } from "./baresip-echo.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-baresip-"));
/** This machine has two processors and much to do: what a stall of it tears out of a call is no fault of the codec. */
const mostCalls = 3;
const seconds = 10;
const patience = patienceMs(seconds, mostCalls);

let appliance: Appliance;

beforeAll(async () => {
  await makeSpeech(folder, [8000, 16_000, 48_000]);
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

function echo(name: string, more: Pick<EchoCall, "params" | "codec"> = {}): Promise<void> {
  const target = `sip:echo@${appliance.sip.host}:${appliance.sip.port}`;
  return expectGoodEcho({ folder, name, target, seconds, ...more }, mostCalls);
}

test("PCMA", () => echo("pcma"), patience);

test(
  "G.722",
  () => echo("g722", { codec: { module: "g722.so", name: "G722/16000/1", rateHz: 16_000, leastR: 0.95 } }),
  patience,
);

test("PCMA over SRTP, which baresip insists on", () => echo("srtp", { params: ";mediaenc=srtp-mand" }), patience);

test(
  "Opus",
  () => echo("opus", { codec: { module: "opus.so", name: "opus/48000/2", rateHz: 48_000, leastR: 0.85 } }),
  patience,
);
