/**
 * `bun run load`: calls to the echo line of the executable with sound both ways, and how late its RTP leaves, taken from a
 * packet capture, while its main thread is blocked for 100 ms in every 200.
 *   --calls N (50)  --codec PCMA|PCMU|G722|opus  --srtp off|sdes  --seconds N (20)  --block MS (100)  --json
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Status } from "../../src/control/ports.ts";
import { removeFolders, startAppliance } from "../e2e/appliance.ts";
import { inside } from "./appliance.ts";
import { startCapture } from "./capture.ts";
import { cpuSeconds, threadSeconds } from "./cpu.ts";
import { figuresOf } from "./figures.ts";
import { type LoadCodec, loadCodecs } from "./sounds.ts";
import { startTelephones } from "./start-telephones.ts";
import type { Orders, TelephoneFigures } from "./telephones.ts";

const usage = `bun run load [--calls N] [--codec ${loadCodecs.join("|")}] [--srtp off|sdes] [--seconds N] [--block MS] [--json]`;
const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "50" },
    codec: { type: "string", default: "PCMA" },
    srtp: { type: "string", default: "off" },
    seconds: { type: "string", default: "20" },
    block: { type: "string", default: "100" },
    threads: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const codec = loadCodecs.find((name) => name.toLowerCase() === values.codec.toLowerCase());
const [calls, seconds, blockMs] = [Number(values.calls), Number(values.seconds), Number(values.block)];
const isSound = calls >= 1 && seconds >= 2 && blockMs >= 0 && blockMs < 200;
if (codec === undefined || !["off", "sdes"].includes(values.srtp) || !isSound) {
  console.error(usage);
  process.exit(2);
}
await measure(codec, values.srtp === "sdes");

async function measure(wanted: LoadCodec, srtp: boolean): Promise<void> {
  const appliance = await startAppliance({
    set: [
      'lines=[{number="echo",kind="echo"}]',
      `sip.maxCalls=${calls}`,
      `media.codecs=["${wanted}"]`,
      ...(srtp ? ['media.srtp="require"', "media.srtpKeysInClear=true"] : []),
    ],
    env: inside(blockMs),
  });
  try {
    const loadBefore = loadavg()[0] ?? 0;
    const orders: Orders = { target: appliance.sip, host: "127.0.0.1", calls, codec: wanted, srtp, seconds };
    const telephones = startTelephones(orders);
    const ports = await telephones.ports;
    const capture = await startCapture(ports);
    telephones.go();
    const streams = await telephones.talking;
    const before = cpuSeconds(appliance.child.pid);
    const fromMs = Date.now();
    const done = await telephones.done;
    const spanSeconds = (Date.now() - fromMs) / 1000;
    const after = cpuSeconds(appliance.child.pid);
    if (values.threads) console.error(threadSeconds(appliance.child.pid));
    const { media } = await appliance.cli<Status>("status");
    const mainThread = after.mainThread - before.mainThread;
    const others = after.all - before.all - mainThread;
    report({
      calls,
      codec: wanted,
      srtp: values.srtp,
      seconds,
      mainThreadBlockedMsIn200: blockMs,
      loadBefore: Number(loadBefore.toFixed(2)),
      ...telephoneFigures(done),
      ...(capture === undefined
        ? { capture: "none: tcpdump is missing or this user may not capture" }
        : { capture: "tcpdump", ...figuresOf(await capture.stop(), streams, wanted) }),
      workerLatenessP99Ms: media.latenessP99Ms,
      applianceCpuSecondsWithoutMainThread: round(others),
      applianceCpuSecondsOfMainThread: round(mainThread),
      cpuPercentOfACorePerCall: round((100 * others) / spanSeconds / calls),
      dropped: media.dropped,
    });
  } finally {
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}

function telephoneFigures({ sent, received, failed, setupMs, resent, ownTimerP99Ms }: TelephoneFigures) {
  const timer = round(ownTimerP99Ms);
  const slowest = round(Math.max(...setupMs));
  return { failed: failed.length, setupMaxMs: slowest, resent, sent, received, telephonesTimerP99Ms: timer };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}

function report(figures: object): void {
  if (values.json) return console.log(JSON.stringify(figures));
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(38)} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  }
}
