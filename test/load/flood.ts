/**
 * `bun test/load/flood.ts`: calls are set up and talk while strangers and somebody in the PBX's name flood the SIP port.
 *   --strangers PER_SECOND (10000)  --inside PER_SECOND (1000)  --calls N (1000)  --at-once N (10)  --talking N (10)
 *   --block MS of every 200 that the main thread is blocked (0)  --json
 * Legitimate calls are set up before the flood too: what it costs them is the difference.
 */
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Status } from "../../src/control/ports.ts";
import { type Appliance, removeFolders, startAppliance } from "../e2e/appliance.ts";
import { inside } from "./appliance.ts";
import { startCapture } from "./capture.ts";
import { cpuSeconds } from "./cpu.ts";
import { createDialler } from "./dialler.ts";
import { figuresOf } from "./figures.ts";
import type { FloodOrders, FloodSent } from "./flooders.ts";
import { ascending, quantile } from "./lateness.ts";
import { startTelephones } from "./start-telephones.ts";

const { values } = parseArgs({
  options: {
    strangers: { type: "string", default: "10000" },
    inside: { type: "string", default: "1000" },
    calls: { type: "string", default: "1000" },
    "at-once": { type: "string", default: "10" },
    talking: { type: "string", default: "10" },
    block: { type: "string", default: "0" },
    json: { type: "boolean" },
  },
});
const host = "127.0.0.1";
const [calls, atOnce, talking] = [Number(values.calls), Number(values["at-once"]), Number(values.talking)];
/** How long each call that is set up stays: what a PBX takes to notice a wrong number. */
const stayMs = 100;
/** What a call takes in all: by it the calls that talk last as long as the others are made. */
const expectedMsPerCall = 130;

const appliance = await startAppliance({
  // A line is free again once the sound of the call before has been closed, some ms after its BYE was answered.
  set: ['lines=[{number="echo",kind="echo"}]', `sip.maxCalls=${2 * atOnce + talking}`],
  env: inside(Number(values.block)),
});
try {
  const quiet = await setUpCalls(appliance, Math.max(50, calls / 5));
  await Bun.sleep(1_500); // its token bucket fills again
  print({ ...(await measure(appliance)), quietSetupMs: quiet.setupMs });
} finally {
  await appliance.stop();
  removeFolders(appliance.folders);
}

async function measure(measured: Appliance) {
  const floodSeconds = Math.ceil((calls / atOnce) * (expectedMsPerCall / 1_000)) + 2;
  const loadBefore = loadavg()[0] ?? 0;
  const telephones = startTelephones({
    ...{ target: measured.sip, host, calls: talking, codec: "PCMA", srtp: false },
    seconds: floodSeconds + 3,
  });
  const capture = await startCapture(await telephones.ports);
  telephones.go();
  const streams = await telephones.talking;
  const cpu = cpuSeconds(measured.child.pid).all;
  const flood = startFlood(measured);
  await Bun.sleep(500);
  const made = await setUpCalls(measured, calls);
  const spent = cpuSeconds(measured.child.pid).all - cpu;
  flood.stop();
  const { failed } = await telephones.done;
  const rtp = capture === undefined ? undefined : figuresOf(await capture.stop(), streams, "PCMA");
  const { sip } = await measured.cli<Status>("status");
  return {
    loadBefore: Number(loadBefore.toFixed(2)),
    ...made,
    talkingFailed: failed,
    rtpLostPercent: rtp?.lostPercent ?? "no capture: tcpdump is missing or this user may not capture",
    rtpLateP99Ms: rtp?.lateP99Ms,
    sent: await flood.sent,
    applianceCpuSeconds: Number(spent.toFixed(2)),
    dropped: sip.dropped,
    rejectedSources: sip.rejected.length,
  };
}

/** `atOnce` callers, each of which calls again as soon as its call is over. */
async function setUpCalls(measured: Appliance, count: number) {
  const dialler = await createDialler(host, measured.sip);
  const setups: number[] = [];
  const failures: string[] = [];
  let begun = 0;
  const offer = `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n`;
  const caller = async () => {
    while (begun < count) {
      begun += 1;
      try {
        const call = await dialler.place("echo", offer);
        setups.push(call.setupMs);
        await Bun.sleep(stayMs);
        await call.hangUp();
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
        await Bun.sleep(stayMs);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  const { resent, endedByThem } = dialler;
  dialler.close();
  const sorted = ascending(setups);
  const at = (share: number) => Number(quantile(sorted, share).toFixed(1));
  return {
    calls: count,
    setUpPercent: (100 * (count - failures.length)) / count,
    failures,
    setupMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    resent,
    endedByThem,
  };
}

function startFlood(measured: Appliance) {
  const orders: FloodOrders = {
    target: measured.sip,
    strangers: Array.from({ length: 20 }, (_, i) => `127.0.0.${i + 2}`),
    peer: host,
    strangersPerSecond: Number(values.strangers),
    peerPerSecond: Number(values.inside),
    seconds: 600,
  };
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "flooders.ts"), JSON.stringify(orders)], {
    stdout: "pipe",
    stderr: "inherit",
    ipc: () => undefined,
  });
  return {
    sent: child.stdout.text().then((text) => JSON.parse(text) as FloodSent),
    stop: () => child.send("stop"),
  };
}

function print(figures: object): void {
  if (values.json) return console.log(JSON.stringify(figures));
  for (const [name, value] of Object.entries(figures)) {
    console.log(name.padEnd(22), typeof value === "object" ? JSON.stringify(value) : value);
  }
}
