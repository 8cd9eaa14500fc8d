import { afterEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { installedSpeech, verifyModels } from "../../src/models/desk.ts";
import { readInstalled } from "../../src/models/installed.ts";
import { withLock } from "../../src/models/lock.ts";
import { tarOf } from "./archive/archives.ts";
import { catalogueOf, makeDesk, models, silentProgress } from "./desk.ts";

let desk: ReturnType<typeof makeDesk> | undefined;
function open() {
  desk = makeDesk();
  return desk;
}
afterEach(() => {
  desk?.remove();
  desk = undefined;
});

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
const demo = join(models, "demo-whisper");
const tones = join(models, "piper-tones");
const installed = (of: ReturnType<typeof makeDesk>) => readInstalled(of.dataDir, of.keys);

test("a folder: what the model needs is copied, hashed and listed, for its owner alone", async () => {
  const { install, dataDir, folder, keys } = open();
  const [done] = await install(demo);

  expect(done?.model).toMatchObject({ id: "whisper-demo", kind: "whisper", licence: "unknown" });
  expect(done?.replaced).toBe(false);
  const names = ["README.md", "demo-decoder-attn.int8.onnx", "demo-decoder.int8.onnx", "demo-encoder.int8.onnx"];
  const list = readInstalled(dataDir, keys);
  expect(list.models[0]?.files.map(({ name }) => name).sort()).toEqual([...names, "demo-tokens.txt"].sort());
  const place = join(dataDir, "models", list.models[0]?.folder ?? "");
  for (const file of list.models[0]?.files ?? []) {
    expect(file).toMatchObject({ sha256: sha256(join(demo, file.name)), published: false });
    expect(lstatSync(join(place, file.name)).mode & 0o777).toBe(0o600);
  }
  expect(lstatSync(place).mode & 0o777).toBe(0o700);
  expect(folder()).toEqual(["installed.json", list.models[0]?.folder ?? ""]); // no lock, nothing half done
  expect(installedSpeech(dataDir, list).whisper("whisper-demo")?.folder).toBe(place);
}, 30_000);

test("a voice by its file, with the weights beside it", async () => {
  const { install, ports, dataDir, copyOf } = open();
  const [done] = await install(join(tones, "tones.onnx"));
  expect(done?.model).toMatchObject({ id: "tones", kind: "piper" });
  expect(await verifyModels(dataDir, readInstalled(dataDir, ports().keys), silentProgress)).toEqual([]);

  const shape = copyOf("piper-shape");
  const fill = Bun.spawnSync([process.execPath, join(models, "fill-shapes.ts"), shape, "piper-shape"]);
  expect(fill.exitCode).toBe(0);
  const [filled] = await install(join(shape, "piper-shape/medium.onnx"));
  expect(filled?.model.files.map(({ name }) => name)).toEqual(["medium.onnx", "medium.onnx.json", "medium.weights"]);
}, 60_000);

test("archives: plain, gzip and bzip2, whatever they are called; what is no part of a model stays out", async () => {
  const { install, root } = open();
  const entries = ["tones.onnx", "tones.onnx.json"].map((name) => ({
    path: `voice/${name}`,
    content: readFileSync(join(tones, name)),
  }));
  const tar = tarOf([{ path: "voice/run-me.sh", content: "#!/bin/sh" }, ...entries]);
  writeFileSync(join(root, "a.tar"), tar);
  writeFileSync(join(root, "b.bin"), Bun.gzipSync(Buffer.from(tar)));
  for (const name of ["a.tar", "b.bin"]) {
    const [done] = await install(join(root, name), { mayReplace: async () => true });
    expect(done?.model.files.map((file) => file.name)).toEqual(["tones.onnx", "tones.onnx.json"]);
  }
}, 30_000);

test("a published model is known by its digests, under its own name; a false one is refused", async () => {
  const { install, copyOf, folder } = open();
  const parts = ["demo-encoder.int8.onnx", "demo-decoder.int8.onnx", "demo-tokens.txt"];
  const files = parts.map((name) => ({ name, url: "https://example.org/x", sha256: sha256(join(demo, name)) }));
  const catalogue = catalogueOf({ files });
  const [done] = await install(demo, { catalogue });
  expect(done?.model).toMatchObject({ id: "published", licence: "CC0-1.0", source: "https://example.org/" });
  const published = done?.model.files.filter((file) => file.published).map(({ name }) => name);
  expect(published?.sort()).toEqual([...parts].sort());

  const spoilt = copyOf("demo-whisper");
  appendFileSync(join(spoilt, "demo-tokens.txt"), "\n");
  await expect(install(spoilt, { catalogue })).rejects.toMatchObject({ code: "model_damaged" });
  expect(folder()).toHaveLength(2);
  const [own] = await install(spoilt, { catalogue }, "my-own");
  expect(own?.model).toMatchObject({ id: "my-own", licence: "unknown" });
}, 30_000);

test("a model that is installed is replaced only if somebody says so, and never half", async () => {
  const one = open();
  await one.install(tones);
  const [before] = installed(one).models;
  await expect(one.install(tones)).rejects.toMatchObject({ code: "conflict" });

  const other = one.copyOf("piper-tones");
  const settings = join(other, "tones.onnx.json");
  writeFileSync(settings, readFileSync(settings, "utf8").replace(/\s*$/, "\n\n"));
  const asked: string[] = [];
  const mayReplace = async (id: string) => asked.push(id) > 0;
  const [done] = await one.install(other, { mayReplace });
  expect([asked, done?.replaced]).toEqual([["tones"], true]);
  expect(done?.model.folder).not.toBe(before?.folder);
  expect(one.folder()).toEqual(["installed.json", done?.model.folder ?? ""]);
}, 30_000);

test("while an appliance runs, the files that it may have to load again stay until it stops", async () => {
  const one = open();
  const [old] = await one.install(tones);
  const other = one.copyOf("piper-tones");
  writeFileSync(join(other, "tones.onnx.json"), `${readFileSync(join(tones, "tones.onnx.json"), "utf8")}\n`);
  await one.install(other, { mayReplace: async () => true, appliance: async () => "running" });
  expect(one.folder()).toContain(old?.model.folder ?? "");
  await one.install(tones, { mayReplace: async () => true, appliance: async () => "stopped" });
  expect(one.folder()).toHaveLength(2);
}, 30_000);

test("an appliance that is started in the middle keeps the files that it began with", async () => {
  const one = open();
  const [old] = await one.install(tones);
  const other = one.copyOf("piper-tones");
  writeFileSync(join(other, "tones.onnx.json"), `${readFileSync(join(tones, "tones.onnx.json"), "utf8")}\n`);
  let isRunning = false;
  const mayReplace = async () => {
    isRunning = true;
    return true;
  };
  await one.install(other, { mayReplace, appliance: async () => (isRunning ? "running" : "stopped") });
  expect(one.folder()).toContain(old?.model.folder ?? "");
}, 30_000);

test("what does not load is not installed", async () => {
  const { install, copyOf, folder, root } = open();
  const spoilt = copyOf("piper-tones");
  writeFileSync(join(spoilt, "tones.onnx"), "no graph");
  await expect(install(spoilt)).rejects.toMatchObject({ code: "model_damaged" });
  await expect(install(root.concat("/nowhere"))).rejects.toMatchObject({ code: "not_found" });
  writeFileSync(join(root, "notes.tar"), "no archive");
  await expect(install(join(root, "notes.tar"))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(install(join(models, "whisper-shapes/nothing"))).rejects.toMatchObject({ code: "not_found" });
  expect(folder()).toEqual([]);
}, 30_000);

test("an archive that reaches out of its folder writes nothing anywhere", async () => {
  const { install, root, folder } = open();
  writeFileSync(join(root, "evil.tar"), tarOf([{ path: "voice/../../../evil.onnx", content: "x" }]));
  await expect(install(join(root, "evil.tar"))).rejects.toMatchObject({ code: "invalid_input" });
  expect(existsSync(join(root, "evil.onnx"))).toBe(false);
  expect(folder()).toEqual([]);
});

test("an archive that unpacks without end is left when it says so, whatever of it is wanted", async () => {
  const { install, root, folder } = open();
  const endless = Buffer.from(tarOf([{ path: "holiday.mov" }]));
  endless.write("277777777777", 124); // 24 GiB, octal
  endless.write("        ", 148);
  const sum = endless.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  endless.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  writeFileSync(join(root, "endless.tar"), endless);
  await expect(install(join(root, "endless.tar"))).rejects.toThrow(/more than any model/);
  expect(folder()).toEqual([]);
});

test("sums that travelled with the files are held against them", async () => {
  const { install, copyOf } = open();
  const folder = copyOf("piper-tones");
  const lines = ["tones.onnx", "tones.onnx.json"].map((name) => `${sha256(join(folder, name))}  ${name}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), lines.join(""));
  expect(await install(folder)).toHaveLength(1);
  writeFileSync(join(folder, "SHA256SUMS"), `${lines.join("")}${"0".repeat(64)}  more.weights\n`);
  await expect(install(folder, {}, "again")).rejects.toThrow(/more\.weights is not there/);
  writeFileSync(join(folder, "SHA256SUMS"), lines.join("").replace(/^./, "f"));
  await expect(install(folder, {}, "again")).rejects.toThrow(/damaged on the way/);
}, 30_000);

test("links to files are followed in a folder, as a cache of downloads has them", async () => {
  const { install, root } = open();
  const cache = join(root, "cache");
  mkdirSync(cache);
  for (const name of readdirSync(tones)) symlinkSync(join(tones, name), join(cache, name));
  const [done] = await install(cache);
  const place = join(root, "data/models", done?.model.folder ?? "", "tones.onnx");
  expect(lstatSync(place).isFile()).toBe(true);
}, 30_000);

test("the same model once more puts right what was damaged, as those are told whom it befell", async () => {
  const one = open();
  const [done] = await one.install(tones);
  const place = join(one.dataDir, "models", done?.model.folder ?? "");
  appendFileSync(join(place, "tones.onnx"), "x");
  rmSync(join(place, "tones.onnx.json"));
  writeFileSync(join(place, "stranger.onnx"), "x");
  const verify = () => verifyModels(one.dataDir, installed(one), silentProgress);
  expect(await verify()).toHaveLength(3);
  await one.install(tones, { mayReplace: async () => true, appliance: async () => "running" });
  expect(await verify()).toEqual([]);
  rmSync(place, { recursive: true });
  await one.install(tones, { mayReplace: async () => true });
  expect(await verify()).toEqual([]);
}, 30_000);

test("what is another model than the published one does not get its name, not even when asked to", async () => {
  const { install } = open();
  const files = [{ name: "other.onnx", url: "https://example.org/x", sha256: "0".repeat(64) }];
  const catalogue = catalogueOf({ id: "tones", kind: "piper", files });
  await expect(install(tones, { catalogue })).rejects.toThrow(/not the published tones/);
  await expect(install(tones, { catalogue }, "tones")).rejects.toThrow(/not the published tones/);
  expect((await install(tones, { catalogue }, "our-tones"))[0]?.model.id).toBe("our-tones");
}, 30_000);

test("a file that is no file, or grows while it is read, fills no disk", async () => {
  const { install, root, folder } = open();
  const stick = join(root, "stick");
  mkdirSync(stick);
  writeFileSync(join(stick, "a.onnx"), readFileSync(join(tones, "tones.onnx")));
  symlinkSync("/dev/zero", join(stick, "a.onnx.json"));
  symlinkSync("/dev/zero", join(stick, "b.onnx"));
  for (const name of ["a.onnx", "b.onnx"])
    await expect(install(join(stick, name))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(install("/proc/self/status")).rejects.toMatchObject({ code: "invalid_input" });
  symlinkSync("/proc/self/status", join(stick, "LICENSE")); // a file of no length, by what the system says of it
  await expect(install(stick)).rejects.toThrow(/changed while it was read/);
  expect(folder()).toEqual([]);
}, 10_000);

test("names that mean something else are none", async () => {
  const { install, folder } = open();
  for (const name of ["embedded", "espeak", "none", "chosen", "../x", ".hidden", "a/b", "", "a".repeat(65)])
    await expect(install(tones, {}, name)).rejects.toMatchObject({ code: "invalid_input" });
  expect(folder()).toEqual([]);
}, 30_000);

test("one command at a time", async () => {
  const { install, dataDir, folder } = open();
  let release = (): void => undefined;
  const untilReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = withLock(dataDir, () => untilReleased);
  await expect(install(tones)).rejects.toThrow(/Another command/);
  release();
  await held;
  await install(tones);
  expect(folder()).toHaveLength(2);
}, 30_000);

test("a lock of a process that is gone is taken over, though another process has its number now", async () => {
  const { install, dataDir, folder } = open();
  mkdirSync(join(dataDir, "models"));
  for (const left of ["4194304 boot/1", `${process.pid} boot/1`, `${process.pid}`, ""]) {
    writeFileSync(join(dataDir, "models/.lock"), left);
    await install(tones, { mayReplace: async () => true });
  }
  expect(folder()).toHaveLength(2);
}, 60_000);
