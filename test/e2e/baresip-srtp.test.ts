// needs: baresip, espeak-ng, sox
/** Encrypted calls from a telephone that others wrote, to an appliance that takes no others. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { expectGoodEcho, makeSpeech } from "./baresip-echo.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-baresip-srtp-"));
const seconds = 10;
const mostCalls = 3;

let appliance: Appliance;
let speech: string;

beforeAll(async () => {
  speech = await makeSpeech(folder);
  appliance = await startAppliance({ set: ['lines=[{number="echo",kind="echo"}]', "media.srtp=require"] });
}, 30_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
  rmSync(folder, { recursive: true, force: true });
});

test(
  "DTLS-SRTP over UDP",
  async () => {
    const target = `sip:echo@${appliance.sip.host}:${appliance.sip.port}`;
    const call = { folder, name: "dtls", target, speech, seconds, params: ";mediaenc=dtls_srtp" };
    await expectGoodEcho(call, mostCalls);
    expect(readFileSync(join(folder, "dtls-1.log"), "utf8")).toContain("DTLS-SRTP");
  },
  mostCalls * 20_000,
);
