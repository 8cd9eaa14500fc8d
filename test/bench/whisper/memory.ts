/** Memory of a real speech child over thousands of utterances. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { extractNatives } from "../../../src/embedded/natives.ts";
import { startSpeech } from "../../../src/speech/pool.ts";
import type { Speech } from "../../../src/speech/ports.ts";
import { joined, seeded } from "../../speech/whisper/clips.ts";
import { spokenLines } from "./lines.ts";
import { progress, type Table } from "./tables.ts";

const rateHz = 16_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export type Sample = { utterances: number; residentMb: number };
/** `mbPerThousand`: how much it grows in the second half, by least squares; the first is its coming to size. */
export type MemoryRun = { samples: Sample[]; mbPerThousand: number; heard: number; aborted: number };

/**
 * @param utterances Of 0.3 to 14 s: speech, noise, several sentences; a third searched, a tenth aborted.
 * @param points How often memory is looked at.
 */
export async function childMemory(utterances: number, points: number, seed: number): Promise<MemoryRun> {
  const speech = startSpeech({
    nativeDir: extractNatives(""),
    spawnCommand: [process.execPath, join(import.meta.dir, "../../../src/gatehouse.ts"), "speech"],
    whisper: { source: { embedded: "models/demo-whisper/" }, precision: "int8", count: 1 },
    voice: { engine: "espeak", voice: "en-gb-x-rp", count: 0 },
    log: silent,
  });
  try {
    await speech.ready;
    speech.expect(["14 Maple Road", "9 Station Road"]);
    return await hearAll(speech, utterances, points, seed);
  } finally {
    await speech.close();
  }
}

async function hearAll(speech: Speech, utterances: number, points: number, seed: number): Promise<MemoryRun> {
  const next = await varied(seed);
  const random = seeded(seed + 1);
  const samples: Sample[] = [];
  const run = { heard: 0, aborted: 0 };
  const every = Math.max(1, Math.floor(utterances / points));
  for (let count = 1; count <= utterances; count++) {
    const controller = new AbortController();
    const search = random() < 1 / 3 ? { search: { liftNames: true, withinMs: 300 } } : {};
    const hearing = speech.transcribe(next(), { priority: "speculative", signal: controller.signal, ...search });
    if (random() < 0.1) {
      setTimeout(() => controller.abort(new Error("more speech")), 30 * random());
    }
    const transcript = await hearing.catch((reason: unknown) => {
      if (!controller.signal.aborted) throw reason;
      run.aborted++;
      return undefined;
    });
    if (transcript !== undefined && transcript.text !== "") run.heard++;
    if (count % every === 0) {
      samples.push({ utterances: count, residentMb: residentMb(speech.status()[0]?.pid ?? 0) });
      if (points <= 20)
        progress(`memory: ${count} of ${utterances} utterances, ${samples.at(-1)?.residentMb.toFixed(0)} MB`);
    }
  }
  return { samples, mbPerThousand: slope(samples.slice(Math.floor(samples.length / 2))) * 1000, ...run };
}

/** Resident memory of a process, shared pages included. */
function residentMb(pid: number): number {
  const kB = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return (Number(kB) * 1024) / 1e6;
}

async function varied(seed: number): Promise<() => Float32Array> {
  const random = seeded(seed);
  const lines = (await spokenLines()).map(({ samples }) => samples);
  const one = () => lines[Math.floor(random() * lines.length)] ?? new Float32Array(rateHz);
  return () => {
    const kind = random();
    if (kind < 0.1) return Float32Array.from({ length: rateHz * (0.3 + 4 * random()) }, () => 0.05 * (random() - 0.5));
    const sentences = kind < 0.8 ? 1 : kind < 0.95 ? 2 : 4;
    const all = joined(Array.from({ length: sentences }, one));
    return all.subarray(0, Math.ceil(all.length * (0.4 + 0.6 * random())));
  };
}

function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, each) => sum + of(each), 0) / samples.length;
  const [x, y] = [mean(({ utterances }) => utterances), mean(({ residentMb }) => residentMb)];
  const over = samples.reduce((sum, each) => sum + (each.utterances - x) * (each.residentMb - y), 0);
  return over / samples.reduce((sum, each) => sum + (each.utterances - x) ** 2, 0);
}

/** More in a thousand utterances is a leak. */
export const mostMbPerThousand = 2;

export async function memoryTable(utterances: number, seed: number): Promise<Table> {
  const { samples, mbPerThousand, heard, aborted } = await childMemory(utterances, 10, seed);
  return {
    title: `A speech child (demo, int8) over ${utterances} utterances`,
    columns: ["utterances", ...samples.map((each) => String(each.utterances)), "growth in the second half", "flat"],
    rows: [
      [
        "MB",
        ...samples.map(({ residentMb }) => residentMb.toFixed(0)),
        `${mbPerThousand.toFixed(2)} MB per 1,000`,
        mbPerThousand <= mostMbPerThousand ? "yes" : "no",
      ],
    ],
    notes: [`${heard} with text, ${aborted} aborted.`],
  };
}
