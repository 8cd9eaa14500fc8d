import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Bundle, buildExecutable } from "../../scripts/lib/executable.ts";
import { nativeSources } from "../../scripts/lib/stage.ts";

const repository = join(import.meta.dir, "../..");
const probe = join(import.meta.dir, "probe");
const place = mkdtempSync(join(tmpdir(), "gatehouse-probe-"));
const executable = join(place, "gatehouse");
const models = ["models/silero_vad_v5.onnx", "models/demo-whisper/demo-tokens.txt", "LICENSE"];
let bundle: Bundle | undefined;

async function build(outfile: string): Promise<string> {
  await buildExecutable({
    repository,
    entrypoints: [join(probe, "gatehouse.ts"), join(probe, "media/worker.ts")],
    root: probe,
    sources: [...nativeSources(repository, "x64"), ...models.map((path) => ({ path, file: join(repository, path) }))],
    architecture: "x64",
    outfile,
    review: (seen) => {
      bundle = seen;
    },
    progress: () => undefined,
  });
  return hash(outfile);
}

function hash(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function folder(name: string): string {
  const path = join(place, name);
  mkdirSync(path);
  return path;
}

/** As on a customer's server: started in an empty folder, nothing of ours in the environment. */
function run(args: string[], cwd = folder(crypto.randomUUID())) {
  const ran = Bun.spawnSync([executable, ...args], { cwd, env: { PATH: "/usr/bin:/bin", HOME: cwd } });
  return { code: ran.exitCode, out: ran.stdout.toString(), err: ran.stderr.toString() };
}

beforeAll(async () => {
  await build(executable);
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

test("natives, models and an encrypted database work in the main thread, a Worker and a child of the executable", () => {
  const data = folder("data");

  const { out, err } = run(["all", data]);

  const found = JSON.parse(out || err);
  expect(found.encrypted).toBe(true);
  expect(found.flac).toBe(true);
  expect(found.main).toBeCloseTo(0.012, 3); // Silero's answer to silence
  expect(found.worker).toBe(found.main);
  expect(found.child).toBe(found.main);
  for (const path of models) expect(found.sizes[path]).toBe(statSync(join(repository, path)).size);
}, 60_000);

test("it reads neither node_modules nor the repository nor settings of the folder it is started in", () => {
  const cwd = folder("settings");
  writeFileSync(join(cwd, ".env"), "GATEHOUSE_PROBE_DOTENV=read\n");
  writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
  writeFileSync(join(cwd, "preload.ts"), 'console.log("PRELOADED"); process.exit(9);\n');

  const { code, out } = run(["all", folder("data-settings")], cwd);

  expect(code).toBe(0);
  expect(JSON.parse(out).dotenv).toBeNull();
  expect(bundle?.texts.some((text) => text.includes(repository))).toBe(false);
}, 60_000);

test("libraries are extracted for their owner alone, under their own names", () => {
  const data = folder("data-modes");

  const nativeDir = run(["extract", data]).out.trim();

  expect(nativeDir).toStartWith(join(data, "native/"));
  expect(readdirSync(nativeDir).sort()).toEqual(["libonnxruntime.so.1", "onnxruntime_binding.node", "sqlite3mc.node"]);
  expect(statSync(nativeDir).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(nativeDir)) expect(statSync(join(nativeDir, name)).mode & 0o777).toBe(0o600);
});

test("a library that was changed or is half there is replaced; an intact one is left alone", () => {
  const data = folder("data-changed");
  const nativeDir = run(["extract", data]).out.trim();
  const [changed, cut, intact] = ["sqlite3mc.node", "libonnxruntime.so.1", "onnxruntime_binding.node"].map((name) =>
    join(nativeDir, name),
  ) as [string, string, string];
  const right = [changed, cut].map(hash);
  const inode = statSync(intact).ino;
  const bytes = readFileSync(changed);
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  writeFileSync(changed, bytes);
  writeFileSync(cut, readFileSync(cut).subarray(0, 5000));

  expect(run(["extract", data]).code).toBe(0);

  expect([changed, cut].map(hash)).toEqual(right);
  expect(statSync(intact).ino).toBe(inode);
  expect(readdirSync(nativeDir)).toHaveLength(3); // nothing left beside them
});

test("what another version left is removed, what is not ours stays", () => {
  const data = folder("data-tidy");
  const own = basename(run(["extract", data]).out.trim());
  for (const name of ["0".repeat(64), "notes"]) mkdirSync(join(data, "native", name));

  expect(run(["extract", data]).code).toBe(0);
  expect(readdirSync(join(data, "native"))).toHaveLength(3); // another version may be running: not yet
  expect(run(["tidy", data]).code).toBe(0);

  expect(readdirSync(join(data, "native")).sort()).toEqual([own, "notes"].sort());
});

test("two that start at once both find whole libraries", async () => {
  const data = folder("data-race");
  const both = [1, 2].map(() => Bun.spawn([executable, "extract", data], { cwd: place, stdout: "ignore" }).exited);

  expect(await Promise.all(both)).toEqual([0, 0]);
  expect(run(["all", data]).code).toBe(0);
}, 60_000);

test("a link in the place of the libraries' folder is refused: it could lead to other code", () => {
  const data = folder("data-link");
  symlinkSync(folder("elsewhere"), join(data, "native"));

  const { code, err } = run(["extract", data]);

  expect(code).not.toBe(0);
  expect(err).toContain("must be a folder of the user that runs gatehouse");
});

test("a data folder that cannot be made is named", () => {
  const file = join(folder("data-file"), "file");
  writeFileSync(file, "");

  const { code, err } = run(["extract", join(file, "data")]);

  expect(code).not.toBe(0);
  expect(err).toContain(`Cannot write the native libraries to ${file}/data/native/`);
});

test("the same sources give the same bytes", async () => {
  mkdirSync(join(place, "again"));

  expect(await build(join(place, "again/gatehouse"))).toBe(hash(executable));
}, 120_000);
