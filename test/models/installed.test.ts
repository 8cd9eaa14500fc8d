import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { chooseModel, installedSpeech, modelsAtStart, removeModel, verifyModels } from "../../src/models/desk.ts";
import { type InstalledModel, readInstalled } from "../../src/models/installed.ts";
import { withLock } from "../../src/models/lock.ts";
import { openKeys } from "../../src/security/keys.ts";
import { speechSettings } from "../../src/speech/settings.ts";
import { loadPiper } from "../../src/speech/voice/piper.ts";
import { findModelFiles } from "../../src/speech/whisper/model-files.ts";
import { makeDesk, models, silentProgress } from "./desk.ts";

let desk: ReturnType<typeof makeDesk>;
let tones: InstalledModel;
beforeEach(async () => {
  desk = makeDesk();
  const [done] = await desk.install(join(models, "piper-tones"));
  if (done === undefined) throw new Error("nothing was installed");
  tones = done.model;
}, 30_000);
afterEach(() => desk.remove());

const read = () => readInstalled(desk.dataDir, desk.keys);
const verify = () => verifyModels(desk.dataDir, read(), silentProgress);
const file = (name: string) => join(desk.dataDir, "models", tones.folder, name);
const list = () => join(desk.dataDir, "models/installed.json");
const idle = { appliance: "stopped" as const, inUse: () => undefined };

test("every file is hashed again, and each fault is named", async () => {
  expect(await verify()).toEqual([]);
  const byte = readFileSync(file("tones.onnx"));
  byte[1000] = (byte[1000] ?? 0) ^ 1;
  writeFileSync(file("tones.onnx"), byte);
  rmSync(file("tones.onnx.json"));
  writeFileSync(file("more.onnx"), "");
  expect(await verify()).toEqual([
    { model: "tones", file: "tones.onnx", fault: "changed" },
    { model: "tones", file: "tones.onnx.json", fault: "missing" },
    { model: "tones", file: "more.onnx", fault: "not installed" },
  ]);
});

test("a file that was changed is not loaded, nor is one that was slipped in", async () => {
  const voice = installedSpeech(desk.dataDir, read()).voice("tones");
  if (voice === undefined) throw new Error("no voice");
  expect((await loadPiper(voice, { ort })).config.rateHz).toBe(22_050);

  appendFileSync(file("tones.onnx.json"), " ");
  await expect(loadPiper(voice, { ort })).rejects.toMatchObject({ code: "model_damaged" });
  writeFileSync(file("tones.onnx.json"), readFileSync(join(models, "piper-tones/tones.onnx.json")));
  const graph = readFileSync(file("tones.onnx"));
  graph[graph.length - 1] = (graph[graph.length - 1] ?? 0) ^ 1;
  writeFileSync(file("tones.onnx"), graph);
  await expect(loadPiper(voice, { ort })).rejects.toThrow(/gatehouse models verify/);
  renameSync(file("tones.onnx"), file("other.onnx"));
  const slipped = { ...voice, file: file("other.onnx") };
  await expect(loadPiper(slipped, { ort })).rejects.toMatchObject({ code: "model_missing" });
});

test("the list is under the appliance's key: changed or of another key, nothing of it is believed", () => {
  const whole = readFileSync(list(), "utf8");
  const digest = tones.files[0]?.sha256 ?? "";
  for (const changed of [
    whole.replace(
      digest,
      digest.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
    ),
    whole.replace('"chosen": {}', '"chosen": { "voice": "tones" }'),
    whole.replace('"published": false', '"published": true'),
    whole.replace(/"mac": ".*"/, `"mac": "${Buffer.alloc(32).toString("base64")}"`),
    "{",
    "",
  ]) {
    expect(changed).not.toBe(whole);
    writeFileSync(list(), changed);
    expect(read).toThrow(expect.objectContaining({ code: "model_damaged" }));
  }
  writeFileSync(list(), whole);
  expect(read().models).toEqual([tones]);

  const other = openKeys(join(desk.root, "other"), join(desk.root, "other-key"));
  expect(() => readInstalled(desk.dataDir, other)).toThrow(expect.objectContaining({ code: "model_damaged" }));
  other.close();
});

test("a list that was changed or cannot be read keeps no office from its telephone, and no model of it is loaded", async () => {
  rmSync(list());
  mkdirSync(list());
  expect(read).toThrow(expect.objectContaining({ code: "forbidden" }));
  expect(modelsAtStart(desk.dataDir, desk.keys).whisper()).toBeDefined();
  rmSync(list(), { recursive: true });
  writeFileSync(list(), "{");
  const atStart = modelsAtStart(desk.dataDir, desk.keys);
  const [source, voice] = [atStart.whisper(), atStart.voice()];
  if (source === undefined || voice === undefined) throw new Error("what is inside would take its place unseen");
  const refused = { code: "model_damaged", message: expect.stringContaining("installed.json was changed") };
  expect(() => findModelFiles(source, "int8")).toThrow(expect.objectContaining(refused));
  await expect(loadPiper(voice, { ort })).rejects.toMatchObject(refused);
  expect(speechSettings(settings("embedded"), atStart).whisper.source).toEqual({ embedded: "models/demo-whisper/" });
  expect(desk.folder()).toContain(tones.folder); // nor is any of it taken for what was left behind
});

const settings = (model: string) => ({
  whisper: { model, precision: "int8" as const, children: 1 },
  voice: { kind: "espeak" as const, voice: "en-gb-x-rp", children: 1 },
});

test("a choice lasts; what is chosen or in use is not removed", async () => {
  await expect(chooseModel(desk.dataDir, desk.keys, "nobody", "voice")).rejects.toThrow(/installed: tones/);
  await chooseModel(desk.dataDir, desk.keys, "tones", "voice");
  expect(installedSpeech(desk.dataDir, read()).voice()?.file).toBe(file("tones.onnx"));
  expect(installedSpeech(desk.dataDir, read()).whisper()).toBeUndefined();
  expect(() => installedSpeech(desk.dataDir, read()).whisper("tones")).toThrow(/No Whisper model "tones"/);

  await expect(removeModel(desk.dataDir, desk.keys, "tones", idle)).rejects.toThrow(/it is chosen/);
  await chooseModel(desk.dataDir, desk.keys, undefined, "voice");
  const inUse = () => "the appliance that runs has loaded it";
  await expect(removeModel(desk.dataDir, desk.keys, "tones", { ...idle, inUse })).rejects.toThrow(/has loaded it/);
  await removeModel(desk.dataDir, desk.keys, "tones", idle);
  expect([read().models, desk.folder()]).toEqual([[], ["installed.json"]]);
});

test("what a killed command left behind is gone after the next start, and nothing that others put there", () => {
  const orphan = "orphan-0123456789ab";
  for (const name of [".new-left", orphan, "our-own-model"]) mkdirSync(join(desk.dataDir, "models", name));
  modelsAtStart(desk.dataDir, desk.keys);
  expect(desk.folder()).toEqual(["installed.json", "our-own-model", tones.folder].sort());
});

test("a start takes nothing from a command that is just installing", async () => {
  await withLock(desk.dataDir, async () => {
    mkdirSync(join(desk.dataDir, "models/.new-1"));
    modelsAtStart(desk.dataDir, desk.keys);
    expect(desk.folder()).toContain(".new-1");
  });
});
