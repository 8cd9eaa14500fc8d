// needs: sipp
/** Many calls at once, by SIPp and by our own telephone: all answered, nothing left behind, the excess refused at once. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { dial } from "../caller/phone.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { startWitness } from "./witness.ts";

const sippFolder = join(import.meta.dir, "../peers/sipp");
const lines = 'lines=[{number="echo",kind="echo"},{number="*",kind="reception"}]';

async function withAppliance(set: readonly string[], run: (appliance: Appliance) => Promise<void>): Promise<void> {
  const appliance = await startAppliance({ set: [lines, ...set] });
  try {
    await run(appliance);
  } finally {
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}

/** @returns its exit code, and its last screen (no audio, no caller content). */
async function sipp({ sip: { host, port } }: Appliance, ...args: string[]): Promise<{ code: number; screen: string }> {
  const target = ["-sf", "echo-call.xml", `${host}:${port}`, "-s", "echo", "-i", host, "-mi", host, "-nostdin"];
  const child = Bun.spawn(["sipp", ...target, ...args], {
    cwd: sippFolder,
    stdout: "pipe",
    stderr: "ignore",
    env: { ...process.env, TERM: "dumb" },
  });
  const screen = (await child.stdout.text()).slice(-4_000);
  return { code: await child.exited, screen };
}

/** What runs out does so within 64·T1 = 32 s (timers J and L of RFC 3261). */
async function expectNothingLeft(appliance: Appliance): Promise<void> {
  await until(
    "all transactions, timers and sockets gone",
    async () => {
      const { sip, media } = await appliance.cli<Status>("status");
      return sip.transactions === 0 && sip.timers === 0 && media.sockets === 0 && media.timers === 0;
    },
    45_000,
  );
  const { sip, media, calls } = await appliance.cli<Status>("status");
  expect({ ...sip, address: "" }).toEqual({
    transports: ["udp"],
    registrations: [],
    address: "",
    sockets: 1, // the one that listens
    timers: 0,
    transactions: 0,
    dialogs: 0,
    legs: 0,
    dropped: {},
    rejected: [],
  });
  expect({ calls: media.calls, sockets: media.sockets, timers: media.timers }).toEqual({
    calls: 0,
    sockets: 0,
    timers: 0,
  });
  expect(calls).toEqual([]);
}

test("SIPp: 100 calls at 10 calls/s with audio are all answered and ended, and nothing is left", async () => {
  await withAppliance(["sip.maxCalls=101"], async (appliance) => {
    const witness = await startWitness(appliance, 30);
    const { code, screen } = await sipp(appliance, "-m", "100", "-r", "10", "-l", "100");
    expect(screen).toMatch(/Successful call +\| +\d+ +\| +100 /);
    expect(screen).toMatch(/Failed call +\| +\d+ +\| +0 /);
    expect(code).toBe(0);
    witness.expectUndisturbed();
    await witness.hangUp();
    await expectNothingLeft(appliance);
  });
}, 120_000);

test("at the default limit the excess is refused within 200 ms and live calls are not disturbed", async () => {
  await withAppliance([], async (appliance) => {
    const live = await Promise.all(Array.from({ length: 10 }, () => startWitness(appliance, 12)));
    const refusals: number[] = [];
    for (let burst = 0; burst < 10; burst++) {
      refusals.push(...(await Promise.all(Array.from({ length: 5 }, () => refusedAfterMs(appliance)))));
      await Bun.sleep(500);
    }
    console.log(`refused ${refusals.length}: slowest after ${Math.max(...refusals).toFixed(1)} ms`);
    expect(Math.max(...refusals)).toBeLessThanOrEqual(200);
    for (const witness of live) witness.expectUndisturbed();
    await Promise.all(live.map((witness) => witness.hangUp()));
    const { sip, media, calls } = await appliance.cli<Status>("status");
    expect([sip.dialogs, media.calls, media.sockets, calls.length]).toEqual([0, 0, 0, 0]);
  });
}, 120_000);

async function refusedAfterMs(target: Appliance): Promise<number> {
  const from = performance.now();
  const refused = Promise.withResolvers<number | undefined>();
  const phone = await dial(
    { ...target.sip, number: "echo", from: "test" },
    {
      answered: () => refused.reject(new Error("answered over the limit")),
      heard: () => undefined,
      ended: (_by, status) => refused.resolve(status),
    },
  );
  const status = await refused.promise;
  const tookMs = performance.now() - from;
  phone.close();
  expect(status).toBe(486);
  return tookMs;
}
