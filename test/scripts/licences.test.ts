import { expect, test } from "bun:test";
import { join } from "node:path";
import { licenceFaults } from "../../scripts/checks/licences.ts";
import { isCompatible } from "../../scripts/lib/licence-rules.ts";
import { noticesText } from "../../scripts/lib/notices.ts";
import { runtimePackages } from "../../scripts/lib/packages.ts";
import { licencesText } from "../../src/cli/licences.ts";
import { temporaryTree } from "./temporary-tree.ts";

const repository = join(import.meta.dir, "../..");
const manifest = (fields: object) => JSON.stringify({ version: "1.0.0", ...fields });

test.each([
  ["MIT", true],
  ["Apache-2.0 WITH LLVM-exception", true],
  ["(MIT OR GPL-2.0-only)", true],
  ["(GPL-2.0-only OR (ISC AND CC0-1.0))", true],
  ["MIT AND GPL-2.0-only", false],
  ["AGPL-3.0-only", false],
  ["GPL-2.0-only", false],
  ["BUSL-1.1", false],
  ["UNLICENSED", false],
  ["SEE LICENSE IN LICENSE.md", false],
  ["(MIT", false],
  ["", false],
])("%j can stand beside GPL-3.0-or-later: %j", (expression, compatible) => {
  expect(isCompatible(expression)).toBe(compatible);
});

test("a package deep in the tree is named when its licence cannot stand beside ours", async () => {
  using tree = temporaryTree({
    "package.json": manifest({ name: "ours", dependencies: { near: "1.0.0" }, devDependencies: { tool: "1.0.0" } }),
    "node_modules/near/package.json": manifest({ name: "near", license: "MIT", dependencies: { far: "1.0.0" } }),
    "node_modules/near/node_modules/far/package.json": manifest({ name: "far", license: "AGPL-3.0-only" }),
    "node_modules/far/package.json": manifest({ name: "far", license: "MIT" }),
    "node_modules/tool/package.json": manifest({ name: "tool", license: "UNLICENSED" }),
  });

  expect(await licenceFaults(tree.path)).toEqual([
    "package far@1.0.0 is under AGPL-3.0-only, which cannot stand beside GPL-3.0-or-later: leave it out",
  ]);
});

test("a package without a licence and a model of doubtful licence are named; the script's exit code says so", async () => {
  using tree = temporaryTree({
    "package.json": manifest({ name: "ours", dependencies: { silent: "1.0.0" } }),
    "node_modules/silent/package.json": manifest({ name: "silent" }),
    "models/manifest.json": JSON.stringify({ models: [{ id: "voice", licence: "CC-BY-NC-4.0" }] }),
  });

  expect(await licenceFaults(tree.path)).toEqual([
    "package silent@1.0.0 declares no licence: leave it out, or ask its authors",
    "model voice is under CC-BY-NC-4.0, which cannot stand beside GPL-3.0-or-later: leave it out",
  ]);
  expect(Bun.spawnSync([process.execPath, "scripts/checks/licences.ts", tree.path]).exitCode).toBe(1);
});

test("a dependency that is not installed is an error, not a pass", async () => {
  using tree = temporaryTree({ "package.json": manifest({ name: "ours", dependencies: { gone: "1.0.0" } }) });

  await expect(licenceFaults(tree.path)).rejects.toThrow("gone, needed by ours, is not installed");
});

test("everything that this program needs may be in it", async () => {
  expect(await licenceFaults(repository)).toEqual([]);
});

test("the notices name every run-time package, the embedded models and the runtime, with their licences", () => {
  const text = noticesText(repository);

  for (const { name, version, licence } of runtimePackages(repository)) {
    expect(text).toContain(`Package: ${name} ${version} (${licence})`);
  }
  expect(text).toContain("Copyright (c) 2020-present Silero Team");
  expect(text).toContain("demo-whisper, a small Whisper of our own (CC0-1.0)");
  expect(text).toContain("GNU LIBRARY GENERAL PUBLIC LICENSE"); // JavaScriptCore, inside Bun
  expect(text).toContain("Mozilla Public License"); // Eigen, inside ONNX Runtime
});

test("the hand-written notices speak of the versions that package.json pins", async () => {
  const { dependencies, devDependencies } = await Bun.file(join(repository, "package.json")).json();
  const text = noticesText(repository);

  expect(text).toContain(`Runtime: Bun ${devDependencies.bun} `);
  expect(text).toContain(`Libraries inside ONNX Runtime ${dependencies["onnxruntime-node"]} `);
  expect(text).toContain(`@ricky0123/vad-web ${devDependencies["@ricky0123/vad-web"]} `);
});

test("a package that brings no licence text stops the notices until somebody writes it", () => {
  using tree = temporaryTree({
    LICENSE: "ours",
    "scripts/notices/1.txt": "Runtime\nits notice\n",
    "models/manifest.json": JSON.stringify({ models: [] }),
    "package.json": manifest({ name: "ours", dependencies: { mute: "1.0.0" } }),
    "node_modules/mute/package.json": manifest({ name: "mute", license: "MIT" }),
  });

  expect(() => noticesText(tree.path)).toThrow("mute brings no licence text");
});

test("`gatehouse licences` prints our licence in full and all notices", async () => {
  const text = licencesText();

  expect(text).toStartWith("Gatehouse ");
  expect(text).toContain("Package: hono ");
  expect(text).toContain((await Bun.file(join(repository, "LICENSE")).text()).trim());
});
