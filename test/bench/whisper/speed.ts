/** Whisper's speed and memory: the embedded model, and the published sizes with random weights. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bucketFrames } from "../../../src/speech/whisper/hear.ts";
import type { Precision } from "../../../src/speech/whisper/model-files.ts";
import type { Case, Measured } from "./one.ts";
import { type Cell, mega, progress, type Table } from "./tables.ts";

const models = join(import.meta.dir, "../../../models");
const demo = join(models, "demo-whisper");
const goalMs = 250;
/** What a line of up to five seconds takes of Whisper's own tokens, the end included. */
const forcedSteps = 20;
const wholeFrames = 3000;

type Model = { name: string; folder: string; shipped: number };

/** @param wanted Names of models. The published shapes are filled in a folder that is gone afterwards. */
export async function withShapes<T>(
  wanted: readonly string[],
  use: (models: readonly Model[]) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "whisper-bench-"));
  try {
    const names = ["tiny.en", "base.en"].filter((name) => wanted.includes(name));
    if (names.length > 0) await fillShapes(root, names);
    const shapes = names.map((name) => ({ name, folder: join(root, name), shipped: 1000 }));
    const own = wanted.includes("demo") ? [{ name: "demo", folder: demo, shipped: 50 }] : [];
    return await use([...own, ...shapes]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function fillShapes(root: string, names: readonly string[]): Promise<void> {
  progress(`filling the shapes of ${names.join(" and ")}`);
  const fill = Bun.spawn(
    [process.execPath, join(models, "fill-shapes.ts"), root, ...names.map((name) => `whisper-shapes/${name}`)],
    { stdout: "ignore" },
  );
  if ((await fill.exited) !== 0) throw new Error("fill-shapes.ts failed");
}

async function measured(wish: Case): Promise<Measured> {
  progress(`${wish.folder.split("/").at(-1)} ${wish.precision}, ${wish.tailFrames} tail frames, ${wish.cache ?? ""}`);
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "one.ts"), JSON.stringify(wish)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error("a measurement failed");
  return JSON.parse(text) as Measured;
}

const forSize = (name: string) => (name === "demo" ? {} : { steps: forcedSteps });
const precisions: readonly Precision[] = ["int8", "fp32"];
const ms = (value: number) => value.toFixed(1);

/** How much silence behind the words: what it costs, and what it gains. */
export async function tailTable(all: readonly Model[], rounds: number): Promise<Table> {
  const rows: Cell[][] = [];
  for (const { name, folder, shipped } of all) {
    for (const precision of precisions) {
      for (const tailFrames of [50, 1000, wholeFrames]) {
        const of = { folder, precision, tailFrames, rounds, bucketFrames };
        const { wallMs, cpuMs, encoderCpuMs, stepCpuMs, rssBytes, right, lines } = await measured({
          ...of,
          ...forSize(name),
        });
        const met = `${wallMs.p95 <= goalMs ? "met" : "missed"} (processor time: ${cpuMs.p95 <= goalMs ? "met" : "missed"})`;
        rows.push([
          name,
          precision,
          tailFrames === wholeFrames ? "to 30 s" : `+${tailFrames}`,
          ...[encoderCpuMs, stepCpuMs, cpuMs.p50, cpuMs.p95, wallMs.p50, wallMs.p95].map(ms),
          name === "demo" ? `${right} of ${lines}` : "–",
          mega(rssBytes),
          tailFrames === shipped ? met : "not its setting",
        ]);
      }
    }
  }
  return {
    title: `Final text of lines up to 5 s; demo: its own text, the others: ${forcedSteps} forced steps, random weights`,
    columns: [
      ...["model", "", "tail", "encoder ms", "a step ms", "all p50 ms", "all p95 ms", "wall p50 ms", "wall p95 ms"],
      ...["right", "MB", `p95 ≤ ${goalMs} ms`],
    ],
    rows,
    notes: ["Times are processor time, wall times where they say so; MB: the whole process."],
  };
}

/** The decoder's memory of its own text: as long as the text can become, as long as the file says, or made anew. */
export async function cacheTable(all: readonly Model[], rounds: number): Promise<Table> {
  const rows: Cell[][] = [];
  for (const { name, folder, shipped } of all) {
    for (const cache of ["short", "long", "plain"] as const) {
      const of = { folder, precision: "int8", tailFrames: shipped, rounds, bucketFrames } as const;
      const found = await measured({ ...of, cache, ...forSize(name) });
      const { stepCpuMs, stepWallMs, stepBytes, beamBytes } = found;
      const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
      rows.push([name, cache, ms(stepCpuMs), ms(stepWallMs), mb(stepBytes), mb(beamBytes)]);
    }
  }
  return {
    title: "The decoder's cache (int8)",
    columns: ["model", "cache", "a step ms", "wall ms", "MB written a step", "MB held a beam"],
    rows,
    notes: [
      "short: as long as this text can become, buffers used again (how it is done); long: the declared 448 tokens, " +
        "buffers used again; plain: the same, made anew by ONNX Runtime at each step.",
    ],
  };
}

export async function arenaTable(all: readonly Model[], rounds: number): Promise<Table> {
  const rows: Cell[][] = [];
  for (const { name, folder, shipped } of all) {
    for (const arena of [false, true]) {
      const of = { folder, precision: "int8", tailFrames: shipped, rounds, bucketFrames } as const;
      const { encoderCpuMs, stepCpuMs, cpuMs, rssBytes } = await measured({ ...of, arena, ...forSize(name) });
      rows.push([name, arena ? "on" : "off", ...[encoderCpuMs, stepCpuMs, cpuMs.p50].map(ms), mega(rssBytes)]);
    }
  }
  return {
    title: "ONNX Runtime's arena and memory plans (int8)",
    columns: ["model", "arena", "encoder ms", "a step ms", "all p50 ms", "MB"],
    rows,
    notes: [],
  };
}

/** Lengths rounded up: fewer shapes against more to hear. */
export async function bucketTable(all: readonly Model[], rounds: number): Promise<Table> {
  const rows: Cell[][] = [];
  for (const { name, folder, shipped } of all) {
    for (const frames of [2, 32, 50, 100]) {
      const of = { folder, precision: "int8", tailFrames: shipped, rounds, bucketFrames: frames } as const;
      const { encoderCpuMs, cpuMs, rssBytes } = await measured({ ...of, ...forSize(name) });
      rows.push([name, frames, ms(encoderCpuMs), ms(cpuMs.p50), ms(cpuMs.p95), mega(rssBytes)]);
    }
  }
  return {
    title: "Lengths rounded up to so many frames (int8)",
    columns: ["model", "frames", "encoder ms", "all p50 ms", "all p95 ms", "MB"],
    rows,
    notes: ["Processor time."],
  };
}
