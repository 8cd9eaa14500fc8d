/** Models that IT installs: through the executable, from a folder and an archive, chosen, not loaded when they were changed. */
import { afterEach, expect, test } from "bun:test";
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import type { InstalledModel } from "../../src/models/installed.ts";
import {
  type Appliance,
  cli,
  executable,
  type Folders,
  makeFolders,
  removeFolders,
  runCli,
  startAppliance,
  until,
} from "./appliance.ts";

const models = join(import.meta.dir, "../../models");
let folders: Folders;
let appliance: Appliance | undefined;
afterEach(async () => {
  await appliance?.stop();
  appliance = undefined;
  removeFolders(folders);
});

type Listed = { inUse: Record<"whisper" | "voice", { name: string; why: string }>; installed: InstalledModel[] };

test("install, use, serve; a byte that was turned over is found, and nothing is loaded", async () => {
  folders = makeFolders();
  const place = ["--data", folders.data, "--key", folders.key, "--json"];
  const gatehouse = (...args: string[]) => runCli(["models", ...args, ...place], { TMPDIR: folders.temp });
  const list = async () => JSON.parse((await gatehouse("list")).out) as Listed;

  const voice = join(folders.root, "voice");
  cpSync(join(models, "piper-tones"), voice, { recursive: true });
  const archive = join(folders.root, "voice.tar.gz");
  expect(Bun.spawnSync(["tar", "-czf", archive, "-C", folders.root, "voice"]).exitCode).toBe(0);
  expect((await gatehouse("install", join(models, "demo-whisper"))).code).toBe(0);
  expect((await gatehouse("install", archive, "--name", "tones")).code).toBe(0);
  expect((await gatehouse("use", "whisper-demo")).code).toBe(0);
  expect((await gatehouse("use", "tones")).code).toBe(0);
  const { inUse, installed } = await list();
  expect([inUse.whisper.name, inUse.voice.name]).toEqual(["whisper-demo", "tones"]);
  expect(installed.map(({ id }) => id)).toEqual(["tones", "whisper-demo"]);

  appliance = await startAppliance({ folders });
  const { speech } = await cli<Status>(folders, "status");
  const folderOf = (id: string) => join(folders.data, "models", installed.find((one) => one.id === id)?.folder ?? "");
  expect(speech.map(({ kind, model, ready }) => [kind, model, ready])).toEqual([
    ["whisper", folderOf("whisper-demo"), true],
    ["voice", join(folderOf("tones"), "tones.onnx"), true],
  ]);
  expect(await gatehouse("use", "embedded")).toMatchObject({ code: 0 });
  expect(await gatehouse("remove", "whisper-demo", "--yes")).toMatchObject({
    code: 2,
    err: expect.stringContaining("the appliance that runs has loaded it"),
  });
  await gatehouse("use", "whisper-demo");
  await appliance.stop();
  appliance = undefined;

  const file = join(folderOf("whisper-demo"), "demo-decoder.int8.onnx");
  const bytes = readFileSync(file);
  bytes[2_000_000] = (bytes[2_000_000] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect(await gatehouse("verify")).toMatchObject({ code: 2, out: expect.stringContaining("demo-decoder.int8.onnx") });
  // It is not loaded, and whoever looks is told which file it is; callers have keys (docs/decisions/0009).
  const changed = /demo-decoder\.int8\.onnx is not the file that was installed/;
  const damaged = await startAppliance({ folders });
  appliance = damaged;
  expect(damaged.ready.speech).toMatch(/^callers are served by keys/);
  expect(damaged.ready.speech).toMatch(changed);
  await until("the log says it", () => damaged.log.some((line) => changed.test(line)), 10_000);
  const now = await cli<Status>(folders, "status");
  expect(now.alarms).toMatchObject([{ kind: "hearing", over: true, text: expect.stringMatching(changed) }]);
  expect(now.speech.filter(({ kind, ready }) => kind === "whisper" && ready)).toEqual([]);
  await damaged.stop();
  appliance = undefined;

  // The configuration wins over what was chosen, so that an office is not without its telephone.
  appliance = await startAppliance({ folders, set: ["speech.whisper.model=embedded"] });
  await appliance.stop();
  appliance = undefined;
  expect((await gatehouse("use", "embedded")).code).toBe(0);
  expect((await gatehouse("remove", "whisper-demo", "--yes")).code).toBe(0);
  expect((await gatehouse("verify")).code).toBe(0);
}, 300_000); // a few seconds' work; other tests may have the machine

test("the executable carries the script that fetches, and it runs", async () => {
  folders = makeFolders();
  const script = join(folders.root, "fetch-models");
  writeFileSync(script, Bun.spawnSync([executable, "models", "fetch-script"]).stdout);
  chmodSync(script, 0o700);
  expect(Bun.spawnSync([script, "list"]).stdout.toString()).toContain("en_GB-cori-medium");
  rmSync(script);
});
