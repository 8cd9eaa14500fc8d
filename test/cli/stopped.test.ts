/** What a command put into the folder for temporary files is gone when it was stopped. */
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];
const started: Bun.Subprocess[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-stopped-"));
  folders.push(folder);
  const command = Bun.spawn([process.execPath, join(import.meta.dir, "../../src/gatehouse.ts"), ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  started.push(command);
  return { folder, command };
}

test.each(["SIGINT", "SIGHUP"] as const)("a lab of many calls ends at %s, between two of them", async (signal) => {
  const { folder, command } = start("lab", "run", "--calls", "1000000", "--json");
  let told = 0;
  for await (const _ of command.stdout) if (told++ === 0) command.kill(signal);
  expect(told).toBeGreaterThan(0);
  expect(await command.exited).toBe(130);
  expect(readdirSync(folder)).toEqual([]);
});

test("a chat whose terminal is closed leaves no database behind, and no key", async () => {
  const { folder, command } = start("chat");
  while (readdirSync(folder).length === 0) await new Promise((resolve) => setImmediate(resolve));
  command.kill("SIGHUP");
  await command.stdin.end();
  await command.exited;
  expect(readdirSync(folder)).toEqual([]);
});
