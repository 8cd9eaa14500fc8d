// needs: sipp
/** SIPp as the PBX within dialogs: reliable ringing, hold and resume, keys by INFO, session timers in both roles. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { createUserAgent } from "../../src/sip/user-agent.ts";
import { ourSdp } from "../sip/bench.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-sipp-"));
let appliance: Appliance;

beforeAll(async () => {
  // SIPp sends no sound here: silence must not be what ends a call.
  const set = ['lines=[{number="*",kind="echo"}]', "media.inactivitySeconds=600"];
  appliance = await startAppliance({ set });
}, 30_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
  rmSync(folder, { recursive: true, force: true });
});

/** Exit status: 0 if the call went as written. Each has ports of its own, as several run at once. */
async function sipp(scenario: string, at: { host: string; port: number }, timeoutSeconds: number): Promise<number> {
  const file = join(import.meta.dir, `../peers/sipp/${scenario}.xml`);
  const target = ["-sf", file, `${at.host}:${at.port}`, "-s", "100", "-i", at.host, "-mi", at.host];
  const options = ["-m", "1", "-nostdin", "-timeout", `${timeoutSeconds}s`, "-timeout_error"];
  const child = Bun.spawn(["sipp", ...target, ...options], { cwd: folder, stdout: "ignore", stderr: "ignore" });
  return await child.exited;
}

test("An INVITE that requires 100rel rings reliably", async () => {
  const agent = await createUserAgent({
    listen: { address: "127.0.0.1", port: 0 },
    peers: ["127.0.0.1"],
    admit: () => ({ ok: true }),
    onInvite(call) {
      call.ring();
      setTimeout(() => call.answer(ourSdp), 300);
      return { acknowledged: () => undefined, reoffered: () => undefined, ended: () => undefined };
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  try {
    expect(await sipp("prack", { host: agent.address.address, port: agent.address.port }, 10)).toBe(0);
    expect(agent.status().dropped).toEqual({});
  } finally {
    await agent.close();
  }
}, 20_000);

test("Too short a session is refused with the least that is taken", async () => {
  expect(await sipp("session-too-small", appliance.sip, 10)).toBe(0);
}, 20_000);

test("Hold and resume, with and without an offer, keys by INFO, hold by UPDATE", async () => {
  expect(await sipp("hold-info", appliance.sip, 15)).toBe(0);
}, 20_000);

test("A session timer of 90 s in both roles: refreshed at 45 s by us, kept alive by them, ended where forgotten", async () => {
  const scenarios = [
    "session-refreshed-by-us",
    "session-refreshed-by-invite",
    "session-refreshed-by-them",
    "session-forgotten",
  ];
  const codes = await Promise.all(scenarios.map((scenario) => sipp(scenario, appliance.sip, 100)));
  expect(Object.fromEntries(scenarios.map((scenario, i) => [scenario, codes[i]]))).toEqual(
    Object.fromEntries(scenarios.map((scenario) => [scenario, 0])),
  );
  await until("no call left", async () => (await appliance.cli<Status>("status")).sip.dialogs === 0);
  const { sip, media } = await appliance.cli<Status>("status");
  expect([sip.dropped, media.calls, media.sockets]).toEqual([{}, 0, 0]);
}, 120_000);
