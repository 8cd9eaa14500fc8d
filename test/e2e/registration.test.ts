// needs: kamailio, sipp, ps, openssl
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { prepareKamailio, prepareKamailioWithTls } from "./kamailio.ts";
import { callThrough } from "./pbx-call.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-registration-"));
const passwordFile = join(folder, "1000.password");
writeFileSync(passwordFile, "pw-1000\n", { mode: 0o600 });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const echo = 'lines=[{number="1000",kind="echo"}]';

/** No peer is configured: who calls comes by the registration or not at all. */
function trunk(registrars: readonly string[], more = ""): string[] {
  const list = registrars.map((one) => `"${one}"`).join(",");
  const register = `registrars=[${list}],extension="1000",domain="pbx.test",passwordFile="${passwordFile}"${more}`;
  return ["sip.peers=[]", echo, "calls.drainSeconds=0", `trunks=[{name="office",register={${register}}}]`];
}

const registrationOf = async (appliance: Appliance) => {
  const [first] = (await appliance.cli<Status>("status")).sip.registrations;
  if (first === undefined) throw new Error("the status names no registration");
  return first;
};

const registered = (appliance: Appliance, boundMs = 10_000) =>
  until("registered", async () => (await registrationOf(appliance)).state === "registered", boundMs);

const noCallIn = async (appliance: Appliance) => (await appliance.cli<Status>("status")).sip.dialogs === 0;

test.each([
  ["udp", "MD5"],
  ["udp", "SHA-256"],
  ["tcp", "MD5"],
  ["tcp", "SHA-256"],
] as const)(
  "Registered over %s with %s: called through the PBX, the echo comes back, hung up from both sides",
  async (transport, algorithm) => {
    const pbx = await prepareKamailio(algorithm);
    await pbx.start();
    const appliance = await startAppliance({ set: trunk([`${transport}:127.0.0.1:${pbx.port}`]) });
    try {
      await registered(appliance);
      expect(await registrationOf(appliance)).toMatchObject({
        trunk: "office",
        registrar: `${transport} 127.0.0.1:${pbx.port}`,
        expiresInSeconds: expect.any(Number),
      });

      const theirs = await callThrough(pbx, "through-pbx.xml");
      expect(theirs).toMatchObject({ code: 0 });
      expect(theirs.echoed).toBeGreaterThan(20);
      await until("the call gone", () => noCallIn(appliance));

      let stopped: Promise<number> | undefined;
      const ours = await callThrough(pbx, "through-pbx-held.xml", () => {
        stopped ??= appliance.stop();
      });
      expect(ours).toMatchObject({ code: 0 });
      expect(await stopped).toBe(0);
      expect(appliance.log.join("\n")).not.toContain("pw-1000");
    } finally {
      await appliance.kill();
      await pbx.remove();
      removeFolders(appliance.folders);
    }
  },
  60_000,
);

test("Stopped, it is no longer called: the PBX has no binding left", async () => {
  const pbx = await prepareKamailio("MD5");
  await pbx.start();
  const appliance = await startAppliance({ set: trunk([`udp:127.0.0.1:${pbx.port}`]) });
  try {
    await registered(appliance);
    expect(await appliance.stop()).toBe(0);
    expect((await callThrough(pbx, "through-pbx.xml")).errors).toContain("404"); // as the PBX answers where nobody is registered
  } finally {
    await appliance.kill();
    await pbx.remove();
    removeFolders(appliance.folders);
  }
}, 60_000);

test.each(["udp", "tcp"])(
  "A registrar that is killed, and back with no memory, over %s: callable again within 60 s",
  async (transport) => {
    const pbx = await prepareKamailio("MD5");
    await pbx.start();
    const appliance = await startAppliance({ set: trunk([`${transport}:127.0.0.1:${pbx.port}`]) });
    try {
      await registered(appliance);
      await pbx.kill();
      await pbx.start();
      const backAt = performance.now();
      await until("a call", async () => (await callThrough(pbx, "through-pbx.xml")).code === 0, 60_000);
      console.log(
        `${transport}: called again ${((performance.now() - backAt) / 1_000).toFixed(1)} s after the restart`,
      );
    } finally {
      await appliance.kill();
      await pbx.remove();
      removeFolders(appliance.folders);
    }
  },
  100_000,
);

test("Where the first registrar is down, the second has us; a wrong password is said, and not hammered", async () => {
  const [down, pbx] = [await prepareKamailio("MD5"), await prepareKamailio("MD5")];
  await pbx.start();
  const appliance = await startAppliance({
    set: trunk([`tcp:127.0.0.1:${down.port}`, `udp:127.0.0.1:${pbx.port}`]),
  });
  const wrong = join(folder, "wrong.password");
  writeFileSync(wrong, "pw-1001", { mode: 0o600 });
  const other = await startAppliance({
    set: trunk([`udp:127.0.0.1:${pbx.port}`]).map((one) => one.replace(passwordFile, wrong)),
  });
  try {
    await registered(appliance, 20_000);
    expect((await registrationOf(appliance)).registrar).toBe(`udp 127.0.0.1:${pbx.port}`);
    expect(await callThrough(pbx, "through-pbx.xml")).toMatchObject({ code: 0 });
    await until("refused", async () => (await registrationOf(other)).state === "waiting");
    expect((await registrationOf(other)).problem).toBe("it refuses the password or the authentication id");
    expect(other.log.join("\n")).not.toContain("pw-1001");
  } finally {
    await appliance.kill();
    await other.kill();
    await pbx.remove();
    await down.remove();
    removeFolders(appliance.folders);
    removeFolders(other.folders);
  }
}, 60_000);

test("Over TLS with SHA-256: by its authority or by its fingerprint, called and answered; another name or certificate is refused", async () => {
  const pbx = await prepareKamailioWithTls();
  await pbx.start();
  const way = [`tls:127.0.0.1:${pbx.tlsPort}`];
  const started: Appliance[] = [];
  const start = async (tls: string) => {
    const appliance = await startAppliance({ set: trunk(way, `,tls={${tls}}`) });
    started.push(appliance);
    return appliance;
  };
  const unreachable = (appliance: Appliance) =>
    until(
      "refused",
      async () => (await registrationOf(appliance)).problem?.startsWith("it cannot be reached") === true,
    );
  try {
    const byAuthority = await start(`caFile="${pbx.authority}"`);
    await registered(byAuthority);
    const called = await callThrough(pbx, "through-pbx.xml");
    expect(called).toMatchObject({ code: 0 });
    expect(called.echoed).toBeGreaterThan(20);
    await byAuthority.stop();

    const pinned = await start(`sha256="${pbx.fingerprint}"`);
    await registered(pinned);
    expect(await callThrough(pbx, "through-pbx.xml")).toMatchObject({ code: 0 });
    await pinned.stop();

    await unreachable(await start(`sha256="${"00:".repeat(31)}01"`));
    await unreachable(await start(`caFile="${pbx.authority}",name="other.test"`));
    await unreachable(await start("")); // the system's authorities do not know it
  } finally {
    for (const appliance of started) {
      await appliance.kill();
      removeFolders(appliance.folders);
    }
    await pbx.remove();
  }
}, 90_000);

test("Over TLS with MD5: registered, and called", async () => {
  const pbx = await prepareKamailioWithTls({ algorithm: "MD5" });
  await pbx.start();
  const appliance = await startAppliance({
    set: trunk([`tls:127.0.0.1:${pbx.tlsPort}`], `,tls={caFile="${pbx.authority}"}`),
  });
  try {
    await registered(appliance);
    expect(await callThrough(pbx, "through-pbx.xml")).toMatchObject({ code: 0 });
  } finally {
    await appliance.kill();
    await pbx.remove();
    removeFolders(appliance.folders);
  }
}, 60_000);
