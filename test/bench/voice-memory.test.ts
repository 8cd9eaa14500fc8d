import { expect, test } from "bun:test";
import { join } from "node:path";
import { extractNatives } from "../../src/embedded/natives.ts";
import { voiceMemory } from "./voice-memory.ts";

test("a voice's process does not grow with what it says: a small slice of `bun run bench:voice --memory 5000`", async () => {
  const file = join(import.meta.dir, "../../models/piper-tones/tones.onnx");
  const voice = { engine: "piper", model: { file } } as const;
  const points = await voiceMemory({ nativeDir: extractNatives(""), voice, clauses: 100 });

  expect(points.map(({ clauses }) => clauses)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  const bytes = points.map((point) => point.bytes);
  const early = bytes[3] ?? 0;
  expect(early).toBeGreaterThan(20e6);
  // Between two collections it goes up by 40 MB and down again; a leak of half a megabyte a clause would
  // have lifted the lowest of the last four, 40 to 70 clauses later, by 20 MB.
  expect(Math.min(...bytes.slice(-4)) - early).toBeLessThan(15e6);
}, 120_000);
