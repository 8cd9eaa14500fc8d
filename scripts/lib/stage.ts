import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { generatedFiles, generatedFolder } from "../../src/embedded/contents.ts";
import { embeddedPaths } from "../../src/embedded/files.ts";

export type Architecture = "x64" | "arm64";

/** A file to embed: its name in the executable, and where it lies now. */
export type Source = { path: string; file: string };

/** Native libraries under the names by which they look for one another. */
export function nativeSources(repository: string, architecture: Architecture): Source[] {
  const onnx = join(repository, "node_modules/onnxruntime-node/bin/napi-v6/linux", architecture);
  const sqlite = join(repository, "node_modules/better-sqlite3-multiple-ciphers/prebuilds");
  return [
    { path: "native/libonnxruntime.so.1", file: join(onnx, "libonnxruntime.so.1") },
    { path: "native/onnxruntime_binding.node", file: join(onnx, "onnxruntime_binding.node") },
    { path: "native/sqlite3mc.node", file: join(sqlite, `linux-${architecture}.node`) },
  ];
}

/** Everything that src/embedded/contents.ts names; makes the generated ones first if they are out of date. */
export function repositorySources(repository: string): Source[] {
  const generated = generatedFiles.map(({ pattern }) => new Bun.Glob(pattern));
  return embeddedPaths("").map((path) => {
    const folder = generated.some((glob) => glob.match(path)) ? generatedFolder : "";
    return { path, file: join(repository, folder, path) };
  });
}

/** Below this, unpacking at run time is not worth the bytes saved. */
const packFromBytes = 100_000;
/** Measured on libonnxruntime.so.1 (46 MB): 15.0 MB in 1.4 s; level 19 takes thirteen times as long for 10 % less. */
const zstdLevel = 12;

/**
 * Copies the sources into `folder`, packing large ones, and writes the module that names them.
 *
 * @returns Source text of the module that replaces src/embedded/table.ts.
 */
export async function stageFiles(sources: readonly Source[], folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const imports: string[] = [];
  const entries: string[] = [];
  for (const [index, { path, file }] of sources.entries()) {
    const content = await Bun.file(file).bytes();
    const sha256 = createHash("sha256").update(content).digest("hex");
    const packed = content.length >= packFromBytes ? Bun.zstdCompressSync(content, { level: zstdLevel }) : undefined;
    const useful = packed !== undefined && packed.length < content.length * 0.95;
    // A ".bin" of its own folder: the bundler would otherwise treat .node, .json, .html or .css in ways of its own.
    const staged = join(folder, `${path.replaceAll("/", "~")}.bin`);
    await Bun.write(staged, useful ? packed : content);
    imports.push(`import file${index} from ${JSON.stringify(staged)} with { type: "file" };`);
    const entry = { packed: useful, bytes: content.length, sha256 };
    entries.push(`  ${JSON.stringify(path)}: { location: file${index}, ...${JSON.stringify(entry)} },`);
  }
  return `${imports.join("\n")}\nexport const embeddedTable = {\n${entries.join("\n")}\n};\n`;
}
