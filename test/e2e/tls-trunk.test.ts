// needs: kamailio, sipp, ps, openssl
/** Kamailio as a PBX that calls our TLS port, as an IP trunk. */
import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import type { Status } from "../../src/control/ports.ts";
import { makeCertificate } from "../certificates.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { freePort, prepareKamailioWithTls } from "./kamailio.ts";
import { callThrough } from "./pbx-call.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-tls-trunk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = { certFile: join(folder, "sip.pem"), keyFile: join(folder, "sip.key") };
async function writeCertificate() {
  const made = await makeCertificate("gatehouse.test", { kind: "rsa" });
  writeFileSync(files.keyFile, made.privateKey, { mode: 0o600 });
  chmodSync(files.keyFile, 0o600);
  writeFileSync(files.certFile, made.certificate);
  return made;
}

const listening = (port: number, trunk: string) => [
  'sip.transports=["udp","tls"]',
  `sip.tlsPort=${port}`,
  "sip.peers=[]",
  'lines=[{number="*",kind="echo"}]',
  "calls.drainSeconds=0",
  `trunks=[{name="office",peers=["127.0.0.1"],${trunk}}]`,
];

const statusOf = (appliance: Appliance) => appliance.cli<Status>("status");

/** SHA-256 of the certificate that is shown to who connects. */
async function shownBy(port: number): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  socket.on("error", () => undefined); // we show none
  const shown = await new Promise<string>((resolve) =>
    socket.once("secureConnect", () => resolve(socket.getPeerCertificate().fingerprint256)),
  );
  socket.destroy();
  return shown;
}

test("Both ends prove themselves: called over TLS, the echo comes back, hung up from both sides; a new certificate serves", async () => {
  const port = await freePort();
  const first = await writeCertificate();
  const pbx = await prepareKamailioWithTls({ trunk: { port, shows: true, believes: files.certFile } });
  const appliance = await startAppliance({
    set: [
      ...listening(port, `tls={caFile="${pbx.authority}",name="pbx.test"}`),
      `sip.tls={certFile="${files.certFile}",keyFile="${files.keyFile}"}`,
    ],
  });
  try {
    await pbx.start();
    expect((await statusOf(appliance)).sip.tls).toMatchObject({ port, fingerprint: first.fingerprint });
    const theirs = await callThrough(pbx, "through-pbx.xml", undefined, "2000");
    expect(theirs).toMatchObject({ code: 0 });
    expect(theirs.echoed).toBeGreaterThan(20);
    await until("the call gone", async () => (await statusOf(appliance)).sip.dialogs === 0);

    expect(await shownBy(port)).toBe(first.fingerprint);
    const second = await writeCertificate();
    expect(await shownBy(port)).toBe(second.fingerprint);
    expect((await statusOf(appliance)).sip.tls?.fingerprint).toBe(second.fingerprint);

    // By the connection that it has already: that goes on under the old certificate.
    let stopped: Promise<number> | undefined;
    const ours = await callThrough(
      pbx,
      "through-pbx-held.xml",
      () => {
        stopped ??= appliance.stop();
      },
      "2000",
    );
    expect(ours).toMatchObject({ code: 0 });
    expect(await stopped).toBe(0);
  } finally {
    await appliance.kill();
    await pbx.remove();
    removeFolders(appliance.folders);
  }
}, 60_000);

test("A PBX that shows no certificate reaches nothing, and IT sees why; our own certificate outlives a restart", async () => {
  const port = await freePort();
  const pbx = await prepareKamailioWithTls({ trunk: { port, shows: false } });
  const set = listening(port, `tls={sha256="${pbx.fingerprint}"}`);
  let appliance = await startAppliance({ set });
  try {
    await pbx.start();
    const refused = await callThrough(pbx, "through-pbx.xml", undefined, "2000");
    expect(refused.code).not.toBe(0);
    const { rejected, tls, dialogs } = (await statusOf(appliance)).sip;
    expect(rejected).toMatchObject([{ address: "127.0.0.1", reason: "tls-other-certificate" }]);
    expect(dialogs).toBe(0);

    await appliance.stop();
    appliance = await startAppliance({ set, folders: appliance.folders });
    expect((await statusOf(appliance)).sip.tls).toEqual(tls);
    expect(await shownBy(port)).toBe(tls?.fingerprint ?? "none");
  } finally {
    await appliance.kill();
    await pbx.remove();
    removeFolders(appliance.folders);
  }
}, 60_000);

test("An exception that has ended is an alarm in status and log, and takes calls all the same", async () => {
  const appliance = await startAppliance({
    set: [
      'sip.transports=["udp","tls"]',
      "sip.tlsPort=0",
      'sip.tlsException={name="Old PBX",until="2026-01-31",ciphers=["ECDHE-ECDSA-AES128-SHA"]}',
    ],
  });
  try {
    const { alarms, sip } = await statusOf(appliance);
    expect(alarms).toMatchObject([{ kind: "tls-exception", over: true, until: "2026-01-31" }]);
    expect(appliance.log.some((line) => line.includes("a date needs attention") && line.includes("2026-01-31"))).toBe(
      true,
    );
    const socket = connect({
      host: "127.0.0.1",
      port: sip.tls?.port ?? 0,
      rejectUnauthorized: false,
      maxVersion: "TLSv1.2",
      ciphers: "ECDHE-ECDSA-AES128-SHA",
    });
    await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    expect(socket.getCipher().name).toBe("ECDHE-ECDSA-AES128-SHA");
    socket.destroy();
  } finally {
    await appliance.kill();
    removeFolders(appliance.folders);
  }
}, 30_000);
