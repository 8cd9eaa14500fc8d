// needs: baresip, espeak-ng, sox
/** Encrypted calls from a telephone that others wrote, to an appliance that takes no others. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { echoCall, expectGoodEcho, makeSpeech, patienceMs } from "./baresip-echo.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-baresip-srtp-"));
const seconds = 10;
const mostCalls = 3;

let appliance: Appliance;

beforeAll(async () => {
  await makeSpeech(folder);
  const transports = ['sip.transports=["udp","tls"]', "sip.tlsPort=0"];
  appliance = await startAppliance({
    set: ['lines=[{number="echo",kind="echo"}]', "media.srtp=require", ...transports],
  });
}, 30_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
  rmSync(folder, { recursive: true, force: true });
});

/** One call at a time: each must show in what baresip says that it was encrypted as it should be. */
async function expectEncryptedEcho(name: string, target: string, params: string, says: RegExp): Promise<void> {
  await expectGoodEcho({ folder, name, target, seconds, params }, mostCalls);
  expect(readFileSync(join(folder, `${name}-1.log`), "utf8")).toMatch(says);
}

const patience = patienceMs(seconds, mostCalls);

test(
  "DTLS-SRTP over UDP: handshakes for RTP and for RTCP, which baresip keeps on a port of its own",
  async () => {
    const { host, port } = appliance.sip;
    const says = /DTLS-SRTP complete \(audio\/RTP\)[\s\S]*DTLS-SRTP complete \(audio\/RTCP\)/;
    await expectEncryptedEcho("dtls", `sip:echo@${host}:${port}`, ";mediaenc=dtls_srtp", says);
  },
  patience,
);

test(
  "SDES, which baresip insists on, over TLS",
  async () => {
    const { sip } = await appliance.cli<{ sip: { tls: { port: number } } }>("status");
    const target = `sip:echo@${appliance.sip.host}:${sip.tls.port};transport=tls`;
    await expectEncryptedEcho("sdes", target, ";mediaenc=srtp-mand", /SRTP is Enabled/);
  },
  patience,
);

test("SDES over UDP is refused, for its keys would be read on the way", async () => {
  const { host, port } = appliance.sip;
  const target = `sip:echo@${host}:${port}`;
  await echoCall({ folder, name: "clear", target, seconds: 2, params: ";mediaenc=srtp-mand" }).catch(() => undefined);
  expect(readFileSync(join(folder, "clear.log"), "utf8")).toMatch(/488/);
}, 20_000);
