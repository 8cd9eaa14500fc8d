/** `gatehouse say` and `transcribe` where there is nothing but the executable: their libraries are inside it, or nowhere. */
import { afterAll, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readWav } from "../../src/cli/audio/read-wav.ts";
import { flac } from "../cli/audio/files.ts";
import { executable, makeFolders, removeFolders } from "./appliance.ts";

const folders = makeFolders();
afterAll(() => removeFolders(folders));

const environment = { PATH: "", TMPDIR: folders.temp };

function gatehouse(...args: string[]) {
  const { stdout, stderr, exitCode } = Bun.spawnSync([executable, ...args], { cwd: folders.root, env: environment });
  return { text: stdout.toString().trim(), error: stderr.toString(), exitCode };
}

const path = (name: string) => join(folders.root, name);

test("what one command says the other hears, in WAV and in FLAC", () => {
  expect(gatehouse("say", "Yes please.", "--rate", "16000", "-o", "yes.wav")).toEqual({
    text: "",
    error: "",
    exitCode: 0,
  });
  expect(statSync(path("yes.wav")).mode & 0o777).toBe(0o600);
  const { channels } = readWav(readFileSync(path("yes.wav")), "yes.wav");
  writeFileSync(path("yes.flac"), flac(channels, 16_000, 16));

  const { text, error, exitCode } = gatehouse("transcribe", "yes.wav", "yes.flac");
  expect([text, error, exitCode]).toEqual(["yes.wav: Yes please.\nyes.flac: Yes please.", "", 0]);
  expect(readdirSync(folders.temp)).toEqual([]);
}, 60_000);

test("Ctrl-C in the midst of it leaves nothing behind", async () => {
  const files = Array(2000).fill("yes.wav");
  const child = Bun.spawn([executable, "transcribe", ...files], {
    cwd: folders.root,
    env: environment,
    stdout: "pipe",
    stderr: "ignore",
  });
  const reader = child.stdout.getReader();
  await reader.read(); // the first file has been heard
  expect(readdirSync(folders.temp)).toHaveLength(1);
  child.kill("SIGINT");
  while (!(await reader.read()).done);
  expect(await child.exited).toBe(130);
  expect(readdirSync(folders.temp)).toEqual([]);
}, 60_000);
