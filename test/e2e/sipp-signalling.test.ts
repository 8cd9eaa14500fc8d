// needs: sipp
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EndReason, UserAgent } from "../../src/sip/ports.ts";
import { createUserAgent } from "../../src/sip/user-agent.ts";
import { ourSdp } from "../sip/bench.ts";

const scenario = join(import.meta.dir, "../fixtures/sip/uac.xml");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-sipp-"));
const ended: EndReason[] = [];
const failures: string[] = [];
let acknowledged = 0;
let agent: UserAgent;

beforeAll(async () => {
  agent = await createUserAgent({
    listen: { address: "127.0.0.1", port: 0, tcp: true },
    peers: ["127.0.0.1"],
    admit: () => ({ ok: true }),
    onInvite(call) {
      call.ring();
      call.answer(ourSdp);
      return {
        acknowledged: () => {
          acknowledged += 1;
        },
        reoffered: () => undefined,
        ended: (reason) => ended.push(reason),
      };
    },
    log: {
      info: () => undefined,
      warn: (message) => failures.push(message),
      error: (message) => failures.push(message),
    },
  });
});

afterAll(async () => {
  await agent.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Exit status: 0 if every call came to its end as written. Its log files fall into a folder of their own. */
async function sipp(...options: string[]): Promise<number> {
  const { address, port } = agent.address;
  const target = ["-sf", scenario, `${address}:${port}`, "-i", address, "-s", "02071234567", "-nostdin"];
  const child = Bun.spawn(["sipp", ...target, ...options], { cwd: folder, stdout: "ignore", stderr: "ignore" });
  return await child.exited;
}

test("300 calls at 100 calls/s all come to their end", async () => {
  const before = process.cpuUsage();
  expect(await sipp("-m", "300", "-r", "100", "-timeout", "60s")).toBe(0);
  const { user, system } = process.cpuUsage(before);
  console.log(`300 calls at 100 calls/s: ${((user + system) / 1e6).toFixed(2)} s of CPU`);
  expect(ended).toEqual(Array.from({ length: 300 }, () => "caller-hung-up"));
  expect(acknowledged).toBe(300);
  expect(failures).toEqual([]);
}, 90_000);

test("40 calls of which every fourth datagram is lost all come to their end", async () => {
  ended.length = 0;
  expect(await sipp("-m", "40", "-r", "10", "-lost", "25", "-timeout", "120s")).toBe(0);
  expect(ended).toEqual(Array.from({ length: 40 }, () => "caller-hung-up"));
  expect(failures).toEqual([]);
}, 150_000);

test.each([
  ["all by one connection", "t1"],
  ["each by its own", "tn"],
])(
  "100 calls over TCP, %s, come to their end",
  async (_name, mode) => {
    ended.length = 0;
    acknowledged = 0;
    // Ten calls run at a time: each lasts a second.
    expect(await sipp("-m", "100", "-r", "10", "-t", mode, "-max_socket", "200", "-timeout", "60s")).toBe(0);
    expect(ended).toEqual(Array.from({ length: 100 }, () => "caller-hung-up"));
    expect(acknowledged).toBe(100);
    expect(failures).toEqual([]);
  },
  90_000,
);

test("When the timers have run out, no timer, transaction or dialog is left", async () => {
  const left = () => {
    const { timers, transactions, dialogs } = agent.status();
    return timers + transactions + dialogs;
  };
  // Timers J and L run for 32 s (RFC 3261 §17, RFC 6026).
  for (let waitedMs = 0; left() > 0 && waitedMs < 40_000; waitedMs += 500) await Bun.sleep(500);
  expect(agent.status()).toEqual({
    sockets: 2,
    timers: 0,
    transactions: 0,
    dialogs: 0,
    legs: 0,
    dropped: expect.anything(),
    rejected: [],
  });
}, 60_000);
