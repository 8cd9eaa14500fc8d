import { expect, test } from "bun:test";
import { pinning, readCatalogue } from "../../src/models/catalogue.ts";
import { encoderWork, tokenWork } from "../../src/models/cost.ts";

const { models } = readCatalogue();
const named = (id: string) => {
  const found = models.find((model) => model.id === id);
  if (found === undefined) throw new Error(`${id} is not in the catalogue`);
  return found;
};

test("names are its own, and files of a model too", () => {
  expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
  for (const { files } of models) expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
});

test("digests are those of nothing else: two files share one only where they are the same table", () => {
  const digests = models.flatMap(({ files }) =>
    files.flatMap(({ name, sha256 }) => (sha256 ? [{ name, sha256 }] : [])),
  );
  for (const { name, sha256 } of digests) {
    const others = digests.filter((one) => one.sha256 === sha256 && one.name !== name).map((one) => one.name);
    if (others.length > 0) expect([name, ...others].every((one) => one.endsWith("tokens.txt"))).toBe(true);
  }
});

test("the token tables that we have ourselves are the published ones", async () => {
  for (const [folder, id] of [
    ["tiny.en", "whisper-tiny.en"],
    ["tiny", "whisper-tiny"],
    ["base.en", "whisper-base.en"],
  ] as const) {
    const file = Bun.file(`${import.meta.dir}/../../models/whisper-shapes/${folder}/${folder}-tokens.txt`);
    const digest = new Bun.CryptoHasher("sha256").update(await file.bytes()).digest("hex");
    const published = named(id).files.find(({ name }) => name.endsWith("tokens.txt"));
    expect(published).toMatchObject({ sha256: digest, bytes: file.size });
  }
});

test("what is pinned says so, what is not as well", () => {
  expect(pinning(named("whisper-base.en"))).toBe("pinned");
  expect(pinning(named("whisper-distil-small.en"))).toBe("unknown");
  const [first, ...others] = named("whisper-base.en").files;
  if (first === undefined) throw new Error("no files");
  const { sha256: _, ...open } = first;
  expect(pinning({ ...named("whisper-base.en"), files: [open, ...others] })).toBe("partly");
});

test("work grows with every dimension, and tiny's decoder mostly looks up words", () => {
  const size = { encoderLayers: 4, decoderLayers: 4, state: 384, vocabulary: 51_864 };
  const token = tokenWork(size, 1300);
  expect(token - tokenWork({ ...size, vocabulary: 1 }, 1300)).toBe(384 * 51_863);
  for (const key of ["encoderLayers", "decoderLayers", "state"] as const) {
    expect(encoderWork({ ...size, [key]: size[key] + 1 }, 1300)).toBeGreaterThan(encoderWork(size, 1300));
  }
  expect(encoderWork(size, 3000) / encoderWork(size, 1300)).toBeGreaterThan(3000 / 1300); // attention is quadratic
});
