/** Many calls at once, by SIPp and by our own telephone: all answered, nothing left behind, the excess refused at once. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { dial, type Phone } from "../caller/phone.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";

const sippFolder = join(import.meta.dir, "../peers/sipp");
const lines = 'lines=[{number="echo",kind="echo"},{number="*",kind="reception"}]';

async function sipp(appliance: Appliance, ...args: string[]) {
  const { host, port } = appliance.sip;
  const child = Bun.spawn(
    [
      "sipp",
      "-sf",
      "echo-call.xml",
      `${host}:${port}`,
      "-s",
      "echo",
      "-i",
      "127.0.0.1",
      "-mi",
      "127.0.0.1",
      "-nostdin",
      ...args,
    ],
    { cwd: sippFolder, stdout: "ignore", stderr: "ignore", env: { ...process.env, TERM: "dumb" } },
  );
  return await child.exited;
}

/** All timers of RFC 3261 have run out after 64·T1 = 32 s (timers J and L). */
async function expectNothingLeft(appliance: Appliance): Promise<void> {
  const status = await appliance.cli<Status>("status");
  expect({ ...status.sip, dropped: {}, address: "", sockets: 1 }).toEqual({
    address: "",
    sockets: 1,
    timers: 0,
    transactions: 0,
    dialogs: 0,
    dropped: {},
  });
  expect(status.media.calls).toBe(0);
  expect(status.media.sockets).toBe(0);
  expect(status.calls).toEqual([]);
}

let appliance: Appliance;
beforeAll(async () => {
  appliance = await startAppliance({ set: [lines, "sip.maxCalls=100"] });
}, 30_000);
afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
});

test("SIPp: 100 calls at 10 calls/s with audio are all answered and ended, and nothing is left", async () => {
  expect(
    await sipp(appliance, "-m", "100", "-r", "10", "-l", "100", "-min_rtp_port", "30000", "-max_rtp_port", "31000"),
  ).toBe(0);
  await until(
    "all dialogs and timers gone",
    async () => {
      const { sip, media } = await appliance.cli<Status>("status");
      return sip.transactions === 0 && sip.timers === 0 && media.sockets === 0;
    },
    45_000,
  );
  await expectNothingLeft(appliance);
}, 120_000);

test("at the default limit the excess is refused within 200 ms and live calls are not disturbed", async () => {
  const full = await startAppliance({ set: [lines] });
  try {
    const live = await Promise.all(Array.from({ length: 10 }, () => echoCall(full)));
    const refusals = [];
    for (let i = 0; i < 20; i++) refusals.push(await refusedAfterMs(full));
    for (const call of live) call.phone.hangUp();
    expect(Math.max(...refusals)).toBeLessThanOrEqual(200);
    for (const { frames, phone } of live) {
      phone.close();
      expect(frames.heard / frames.total).toBeGreaterThan(0.99);
    }
  } finally {
    await full.stop();
    removeFolders(full.folders);
  }
}, 60_000);

/** A call to the echo line that hums; counts the 20 ms frames that came back once the first did. */
async function echoCall(target: Appliance): Promise<{ phone: Phone; frames: { total: number; heard: number } }> {
  const frames = { total: 0, heard: 0 };
  const answered = Promise.withResolvers<void>();
  const phone = await dial(
    { ...target.sip, number: "echo", from: "test" },
    {
      answered: () => answered.resolve(),
      heard(frame) {
        const loud = frame.some((sample) => Math.abs(sample) > 500);
        if (frames.total === 0 && !loud) return;
        frames.total++;
        if (loud) frames.heard++;
      },
      ended: (_by, status) => answered.reject(new Error(`ended ${status ?? ""}`)),
    },
  );
  await answered.promise;
  phone.say(Int16Array.from({ length: 8_000 * 20 }, (_, i) => 8_000 * Math.sin((2 * Math.PI * 440 * i) / 8_000)));
  return { phone, frames };
}

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
  phone.close();
  expect(status).toBe(486);
  return performance.now() - from;
}
