/** The conversation bench itself, on one short call: what it measures is its table's business, that it measures is ours. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LevelFigures } from "../bench/conversation/figures.ts";
import type { Row } from "../bench/conversation/table.ts";

const out = mkdtempSync(join(tmpdir(), "gatehouse-bench-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("a caller is answered at every turn, and every file of the bench is there", async () => {
  const program = new URL("../bench/conversation/main.ts", import.meta.url).pathname;
  const options = ["--calls", "1", "--least", "1", "--brief", "--keep", "--json", "--out", out];
  const bench = Bun.spawn([process.execPath, program, ...options], { stdout: "pipe", stderr: "pipe" });
  const [printed, progress, code] = await Promise.all([bench.stdout.text(), bench.stderr.text(), bench.exited]);
  expect({ code, progress }).toMatchObject({ code: 0 });

  const { levels, rows } = JSON.parse(printed) as { levels: LevelFigures[]; rows: Row[] };
  const [one] = levels;
  expect(levels).toHaveLength(1);
  expect(one).toMatchObject({ atOnce: 1, calls: 1, refused: 0, unanswered: { of: 5 } });
  expect(one?.cutOff.at300.of).toBe(1);
  expect(rows.every(({ cells }) => cells.length === 1 && cells[0]?.text !== "")).toBe(true);

  const events = (await Bun.file(join(out, "events.jsonl")).text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.filter(({ kind }) => kind === "call")).toHaveLength(1);
  const turns = events.filter(({ kind }) => kind === "turn");
  expect(turns.map(({ label }) => label)).toEqual(["hesitant", "plain", "plain", "plain", "barge-in"]);
  expect(turns.every(({ latencyMs }) => latencyMs > 0)).toBe(true);
  const wav = new Uint8Array(await Bun.file(join(out, "1-at-once-0.wav")).arrayBuffer());
  expect(new TextDecoder().decode(wav.subarray(8, 12))).toBe("WAVE");
  expect(wav.length).toBeGreaterThan(20 * 8_000 * 4);
  expect(await Bun.file(join(out, "figures.svg")).text()).toStartWith("<svg");
  expect(await Bun.file(join(out, "table.md")).text()).toContain("| voice to voice: p95 |");
}, 120_000);
