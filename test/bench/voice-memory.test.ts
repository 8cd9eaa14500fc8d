import { expect, test } from "bun:test";
import { join } from "node:path";
import { extractNatives } from "../../src/embedded/natives.ts";
import { voiceMemory } from "./voice-memory.ts";

test("a voice's process does not grow with what it says: a small slice of `bun run bench:voice --memory 5000`", async () => {
  const file = join(import.meta.dir, "../../models/piper-tones/tones.onnx");
  const voice = { engine: "piper", model: { file } } as const;
  const points = await voiceMemory({ nativeDir: extractNatives(""), voice, clauses: 100 });

  expect(points.map(({ clauses }) => clauses)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  const [, , , early = 0, ...later] = points.map(({ bytes }) => bytes);
  expect(early).toBeGreaterThan(20e6);
  expect(Math.max(...later) - early).toBeLessThan(30e6); // half a megabyte a clause would be 35
}, 120_000);
