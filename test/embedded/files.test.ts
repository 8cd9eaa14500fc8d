import { expect, test } from "bun:test";
import { join } from "node:path";
import { embeddedFile, embeddedPaths, embeddedText } from "../../src/embedded/files.ts";
import { selfCommand, workerUrl } from "../../src/embedded/self.ts";

const repository = join(import.meta.dir, "../..");

test("a named file is the repository's, byte for byte", async () => {
  const path = "models/silero_vad_v5.onnx";

  expect(embeddedFile(path)).toEqual(new Uint8Array(await Bun.file(join(repository, path)).arrayBuffer()));
  expect(embeddedText("LICENSE")).toContain("GNU GENERAL PUBLIC LICENSE");
});

test.each([
  "package.json",
  "models/demo-whisper/demo-encoder.onnx",
  "../etc/passwd",
  "models/../package.json",
  "LICENSE/",
  "",
])("%j exists or not, but the executable would not have it: refused from source too", (path) => {
  expect(() => embeddedFile(path)).toThrow("src/embedded/contents.ts");
});

test("paths are listed by prefix, sorted, generated ones only where asked for", () => {
  expect(embeddedPaths("models/demo-whisper/")).toEqual([
    "models/demo-whisper/demo-decoder.int8.onnx",
    "models/demo-whisper/demo-encoder.int8.onnx",
    "models/demo-whisper/demo-tokens.txt",
  ]);
  expect(embeddedPaths("migrations/").every((path) => path.endsWith(".sql"))).toBe(true);
  expect(embeddedPaths("nothing/")).toEqual([]);
});

test("notices are made from what is installed", () => {
  expect(embeddedText("THIRD-PARTY-NOTICES.txt")).toContain("Package: onnxruntime-node ");
});

test("from source, the Worker is the file and a child runs the program by the same Bun", () => {
  expect(workerUrl("media")).toBe(Bun.pathToFileURL(join(repository, "src/media/worker.ts")).href);
  expect(selfCommand(["speech"])).toEqual([process.execPath, join(repository, "src/gatehouse.ts"), "speech"]);
});
