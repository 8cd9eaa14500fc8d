import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-lab-"));
afterAll(() => rmSync(folder, { recursive: true }));

function lab(...args: string[]) {
  const program = [process.execPath, join(import.meta.dir, "../../src/gatehouse.ts"), "lab", "run"];
  const { stdout, stderr, exitCode } = Bun.spawnSync([...program, ...args], {
    env: { ...process.env, TMPDIR: folder },
  });
  return { out: stdout.toString(), error: stderr.toString(), exitCode };
}
const linesOf = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("Callers who want a viewing get it, each in a database of his own, and nothing is left on the disk", () => {
  const { out, exitCode } = lab("--suite", "viewing", "--calls", "12", "--json");
  const told = linesOf(out);

  expect(exitCode).toBe(0);
  expect(told.filter(({ type, right }) => type === "call" && right === true).length).toBeGreaterThanOrEqual(11);
  expect(told.at(-1)).toMatchObject({ type: "summary", total: { calls: 12, scenarios: 12 } });
  expect(readdirSync(folder)).toEqual([]);
});

test("The same seed gives the same calls, word for word, in noise as well", () => {
  const calls = () =>
    linesOf(lab("--suite", "person", "--calls", "5", "--noise", "20", "--seed", "3", "--json").out)
      .filter(({ type }) => type === "call")
      .map(({ id, turns }) => [
        id,
        (turns as { heard: string; said: string }[]).map(({ heard, said }) => [heard, said]),
      ]);

  expect(calls()).toEqual(calls());
});

test("The report is a page of its own", () => {
  const file = join(folder, "report.html");
  const { out } = lab("--suite", "emergency", "--html", file);

  expect(out).toMatch(/^emergency +\d+/m);
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, "utf8")).toStartWith("<!doctype html>");
});

test("Arguments that cannot be are refused by name", () => {
  expect(lab("--suite", "nonsense").error).toContain("--suite nonsense: there are");
  expect(lab("--noise", "ten").error).toContain("--noise ten");
  expect(lab("--calls", "0").error).toContain("--calls 0");
});
