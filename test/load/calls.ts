/**
 * `bun test/load/calls.ts`: many calls of the echo line by SIPp, what they cost, and what is left of them.
 *   --calls N (3000)  --rate CALLS_PER_SECOND (100)  --at-once N (200)  --pause MS (500)  --json
 * 10,000 in a row as fast as they go: --calls 10000 --rate 10000 --at-once 10 --pause 0
 */
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Status } from "../../src/control/ports.ts";
import { type Appliance, removeFolders, startAppliance } from "../e2e/appliance.ts";
import { heldBy, inside } from "./appliance.ts";
import { cpuSeconds } from "./cpu.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "3000" },
    rate: { type: "string", default: "100" },
    "at-once": { type: "string", default: "200" },
    pause: { type: "string", default: "500" },
    json: { type: "boolean" },
  },
});
/** Timers J and L of RFC 3261 keep a transaction for 64·T1 = 32 s. */
const transactionsEndMs = 40_000;

const appliance = await startAppliance({
  set: [
    'lines=[{number="echo",kind="echo"}]',
    // A line is free again once the sound of the call before has been closed, some ms after its BYE was answered.
    `sip.maxCalls=${Math.min(500, 4 * Number(values["at-once"]))}`,
    "sip.invitesPerSecond=100000", // one PBX brings them all
  ],
  env: inside(),
});
try {
  await report(appliance);
} finally {
  await appliance.stop();
  removeFolders(appliance.folders);
}

async function report(measured: Appliance): Promise<void> {
  await sipp(measured, 50, 50, 0); // what is compiled and allocated once is not a leak
  await allEnded(measured);
  const before = await heldBy(measured);
  const loadBefore = loadavg()[0] ?? 0;
  const [cpu, beganMs] = [cpuSeconds(measured.child.pid).all, performance.now()];
  const made = await sipp(measured, Number(values.calls), Number(values.rate), Number(values.pause));
  const tookSeconds = (performance.now() - beganMs) / 1000;
  const spent = cpuSeconds(measured.child.pid).all - cpu;
  await allEnded(measured);
  const after = await heldBy(measured);
  const { sip, media } = await measured.cli<Status>("status");
  const figures = {
    ...made,
    tookSeconds: round(tookSeconds),
    callsPerSecond: round(Number(values.calls) / tookSeconds),
    applianceCpuSeconds: round(spent),
    cpuMsPerCall: round((1000 * spent) / Number(values.calls)),
    loadBefore: round(loadBefore),
    dropped: { ...sip.dropped, ...media.dropped },
    before,
    after,
  };
  if (values.json) console.log(JSON.stringify(figures));
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(22), value);
}

/** @returns what SIPp counted. */
async function sipp({ sip: { host, port } }: Appliance, calls: number, rate: number, pauseMs: number) {
  const target = ["-sf", "short-call.xml", `${host}:${port}`, "-s", "echo", "-i", host, "-mi", host, "-nostdin"];
  const many = ["-m", `${calls}`, "-r", `${rate}`, "-l", values["at-once"], "-d", `${pauseMs}`];
  const child = Bun.spawn(["sipp", ...target, ...many], {
    cwd: join(import.meta.dir, "../peers/sipp"),
    stdout: "pipe",
    stderr: "ignore",
    env: { ...process.env, TERM: "dumb" },
  });
  const screen = (await child.stdout.text()).slice(-6_000);
  await child.exited;
  const counted = (name: string) => Number(new RegExp(`${name} +\\| +\\d+ +\\| +(\\d+) `).exec(screen)?.[1]);
  return { successful: counted("Successful call"), failed: counted("Failed call") };
}

async function allEnded(measured: Appliance): Promise<void> {
  for (const until = performance.now() + transactionsEndMs; performance.now() < until; await Bun.sleep(500)) {
    const { sip, media } = await measured.cli<Status>("status");
    if (sip.transactions === 0 && sip.timers === 0 && media.sockets === 0) return;
  }
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
