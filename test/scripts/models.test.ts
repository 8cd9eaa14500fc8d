import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { join } from "node:path";

const models = join(import.meta.dir, "../../models");
type Entry = { id: string; embedded: boolean; files: { path: string; bytes: number; sha256: string }[] };
const manifest: { models: Entry[] } = await Bun.file(join(models, "manifest.json")).json();

test.each(manifest.models.map((model) => [model.id, model] as const))(
  "%s is what the manifest says",
  async (_id, model) => {
    for (const { path, bytes, sha256 } of model.files) {
      const content = await Bun.file(join(models, path)).bytes();
      expect({ path, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") }).toEqual({
        path,
        bytes,
        sha256,
      });
    }
  },
);

test("every model file of the repository is in the manifest", () => {
  const listed = new Set(manifest.models.flatMap(({ files }) => files.map(({ path }) => path)));
  const found = [...new Bun.Glob("**/*.{onnx,onnx.json}").scanSync({ cwd: models })];

  expect(found.filter((path) => !listed.has(path))).toEqual([]);
});
