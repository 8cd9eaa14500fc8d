/**
 * More callers than are taken, and more of those than a Whisper of tiny's true size answers in time: nobody who was taken
 * on hears nothing for 4 s, and who was not is refused at once. The whole of it: `bun test/load/overload.ts --shape DIR`.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shapeSetting } from "../bench/conversation/shape.ts";
import { createMouth } from "../caller/voice.ts";
import { overload } from "../load/overloaded.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-shapes-"));

beforeAll(async () => {
  const fill = Bun.spawn([process.execPath, "models/fill-shapes.ts", folder, "whisper-shapes/tiny.en"], {
    cwd: join(import.meta.dir, "../.."),
    stdout: "ignore",
  });
  expect(await fill.exited).toBe(0);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("six callers at once where four are taken: never silence, and 486 for the others", async () => {
  const mouth = await createMouth("gmw/en");
  const figures = await overload({
    ...{ callers: 6, seconds: 24, limit: "configured", atMost: 4 },
    env: shapeSetting(join(folder, "tiny.en")),
    lines: ["I'd like to book a viewing please", "fourteen Maple Road please", "No, that's not right"].map(mouth),
  });
  console.info(`overload: ${JSON.stringify(figures)}`);
  const { taken, refused, droppedByUs, lines, silentForLong, mostRunning } = figures;
  expect(taken).toBe(4);
  expect(lines).toBeGreaterThanOrEqual(4);
  expect(silentForLong).toBe(0);
  expect(droppedByUs).toBe(0);
  expect(Object.keys(refused)).toEqual(["486"]);
  expect(mostRunning).toBe(4);
}, 90_000);
