/**
 * How late RTP leaves while the main thread is busy: echo calls in a media Worker, the main thread blocked for 100 ms in
 * every 200, arrivals timed by the callers in a process of their own. Lateness is how much later than its stream's
 * own even pace (its earliest hundredth) a packet arrived; the callers' own delays count against us. `noise` is how late
 * the callers' own timer fires, which is what this machine does to a process that only waits: compare.
 *   --calls N (50)   --seconds N (20)   --json
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { extractNatives } from "../../src/embedded/natives.ts";
import { startMedia } from "../../src/media/client.ts";
import { parseRtp, rtpHeaderBytes, writeRtp } from "../../src/media/rtp.ts";
import { preferThisThread } from "../../src/media/worker/thread-priority.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "50" },
    seconds: { type: "string", default: "20" },
    json: { type: "boolean" },
    callers: { type: "boolean" },
  },
});
const calls = Number(values.calls);
const seconds = Number(values.seconds);
const host = "127.0.0.1";
const frameMs = 20;
const frameSamples = 160;
/** Streams have begun and the jitter buffers have settled. */
const settlingMs = 1000;

if (values.callers) await callers();
else await measure();

async function measure(): Promise<void> {
  const media = await startMedia({
    kind: "settings",
    rtpPorts: undefined,
    nativeDir: extractNatives(import.meta.dir),
    inactivityMs: 30_000,
    speculateAfterMs: 120,
    defaultSilenceMs: 700,
    maxUtteranceMs: 15_000,
  });
  const callIds = Array.from({ length: calls }, (_, i) => `${i}`);
  const opened = await Promise.all(callIds.map((callId) => media.open(callId, host)));
  const known = Promise.withResolvers<number[]>();
  const child = Bun.spawn([process.execPath, import.meta.path, "--callers", ...process.argv.slice(2)], {
    stderr: "inherit",
    stdout: "pipe",
    ipc: ({ ports }: { ports: number[] }) => known.resolve(ports),
  });
  const ports = await known.promise;
  callIds.forEach((callId, i) => {
    const remote = { address: host, port: ports[i] ?? 0 };
    media.send({
      kind: "start",
      callId,
      mode: "echo",
      media: {
        codec: "PCMA",
        sendPayloadType: 8,
        receivePayloadType: 8,
        ptimeMs: frameMs,
        direction: "sendrecv",
        remote,
      },
    });
  });
  const load = loadavg()[0] ?? 0;
  child.send({ ports: opened.map(({ port }) => port) });
  const blocking = setInterval(() => {
    for (const until = performance.now() + 100; performance.now() < until; );
  }, 200);
  const figures: { lateMs: number[]; noiseMs: number[] } = JSON.parse(await child.stdout.text());
  clearInterval(blocking);
  const { latenessP99Ms } = await media.status();
  await media.close();
  report({
    p50Ms: quantile(figures.lateMs, 0.5),
    p99Ms: quantile(figures.lateMs, 0.99),
    maxMs: quantile(figures.lateMs, 1),
    noiseP99Ms: quantile(figures.noiseMs, 0.99),
    workerP99Ms: latenessP99Ms,
    packets: figures.lateMs.length,
    calls,
    seconds,
    loadBefore: Number(load.toFixed(2)),
  });
  process.exit(0);
}

function report(figures: Record<string, number>): void {
  if (values.json) console.log(JSON.stringify(figures));
  else
    console.log(
      Object.entries(figures)
        .map(([name, value]) => `${name.padEnd(12)} ${value}`)
        .join("\n"),
    );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2));
}

/** All the telephones: each sends every 20 ms and notes what comes when. */
async function callers(): Promise<void> {
  preferThisThread(); // they are the clock that measures
  const arrivals = Array.from({ length: calls }, () => ({ ms: [] as number[], timestamps: [] as number[] }));
  const sockets = await Promise.all(
    arrivals.map(({ ms, timestamps }) =>
      Bun.udpSocket({
        hostname: host,
        socket: {
          data(_, bytes) {
            ms.push(performance.now());
            timestamps.push(parseRtp(bytes)?.timestamp ?? 0);
          },
        },
      }),
    ),
  );
  const told = Promise.withResolvers<number[]>();
  process.on("message", (message: { ports: number[] }) => told.resolve(message.ports));
  process.send?.({ ports: sockets.map(({ port }) => port) });
  const ports = await told.promise;
  const startMs = performance.now();
  const payload = new Uint8Array(frameSamples).fill(0x31);
  const packet = new Uint8Array(rtpHeaderBytes + frameSamples);
  const noiseMs: number[] = [];
  await new Promise<void>((resolve) => {
    // A quarter of the telephones every 5 ms: they do not ring in step.
    const tick = (turn: number) => {
      const frame = Math.floor(turn / 4);
      noiseMs.push(Math.max(0, performance.now() - startMs - 5 * turn));
      for (let i = turn % 4; i < calls; i += 4) {
        const fields = {
          marker: false,
          payloadType: 8,
          sequence: frame & 0xffff,
          timestamp: frame * frameSamples,
          ssrc: i,
        };
        sockets[i]?.send(writeRtp({ ...fields, payload }, packet), ports[i] ?? 0, host);
      }
      const nextMs = startMs + 5 * (turn + 1);
      if (nextMs - startMs > settlingMs + 1000 * seconds) return resolve();
      setTimeout(tick, Math.max(0, nextMs - performance.now()), turn + 1);
    };
    tick(0);
  });
  const lateMs = arrivals.flatMap(({ ms, timestamps }) => latenesses(ms, timestamps, startMs + settlingMs));
  await Bun.write(Bun.stdout, JSON.stringify({ lateMs, noiseMs }));
  process.exit(0);
}

/** Of one stream's packets after `fromMs`, against its own even pace. */
function latenesses(ms: readonly number[], timestamps: readonly number[], fromMs: number): number[] {
  const first = timestamps[0] ?? 0;
  const transit = ms.map((arrivedMs, i) => arrivedMs - (((timestamps[i] ?? 0) - first) >>> 0) / 8);
  const kept = transit.filter((_, i) => (ms[i] ?? 0) >= fromMs);
  const pace = kept.toSorted((a, b) => a - b)[Math.floor(kept.length / 100)] ?? 0;
  return kept.map((value) => Math.max(0, value - pace));
}
