import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles, generatedFolder, repositoryFiles } from "./contents.ts";
import { embeddedTable } from "./table.ts";

const repository = join(import.meta.dir, "../..");
const upToDate = new Set<string>();

/**
 * One of the files that the executable carries; from source, the repository's.
 *
 * @param path Relative to the repository ("models/silero_vad_v5.onnx"), or "ui/…" for the built web pages.
 * @returns The whole file. Read (and unpacked) anew at every call: keep it if it is needed again.
 * @throws Error if there is no such file: a fault in the build, not something a user can cause.
 */
export function embeddedFile(path: string): Uint8Array {
  if (embeddedTable === undefined) return readFileSync(sourcePath(path));
  const entry = Object.hasOwn(embeddedTable, path) ? embeddedTable[path] : undefined;
  if (entry === undefined) throw new Error(`"${path}" is not in the executable`);
  const stored = readFileSync(entry.location);
  return entry.packed ? Bun.zstdDecompressSync(stored) : stored;
}

/** The same as text (UTF-8). */
export function embeddedText(path: string): string {
  return new TextDecoder().decode(embeddedFile(path));
}

/** Every embedded path that begins with `prefix`, sorted. */
export function embeddedPaths(prefix: string): string[] {
  const all = embeddedTable === undefined ? sourcePaths(prefix) : Object.keys(embeddedTable);
  return all.filter((path) => path.startsWith(prefix)).sort();
}

function sourcePath(path: string): string {
  const generated = generatedFiles.find(({ pattern }) => new Bun.Glob(pattern).match(path));
  if (generated !== undefined) {
    generate(generated.script);
    return join(repository, generatedFolder, path);
  }
  if (repositoryFiles.some((pattern) => new Bun.Glob(pattern).match(path))) return join(repository, path);
  throw new Error(`"${path}" is not named in src/embedded/contents.ts, so the executable would not have it`);
}

function sourcePaths(prefix: string): string[] {
  const found = repositoryFiles.flatMap((pattern) => scan(pattern, repository));
  for (const { pattern, script } of generatedFiles) {
    const fixed = pattern.replace(/\*.*$/, "");
    if (!fixed.startsWith(prefix) && !prefix.startsWith(fixed)) continue;
    generate(script);
    found.push(...scan(pattern, join(repository, generatedFolder)));
  }
  return found;
}

function scan(pattern: string, cwd: string): string[] {
  return [...new Bun.Glob(pattern).scanSync({ cwd, onlyFiles: true })];
}

/** Once per process: the scripts see for themselves whether anything changed since. */
function generate(script: string): void {
  if (upToDate.has(script)) return;
  const made = Bun.spawnSync([process.execPath, join(repository, script), "--if-stale"], { cwd: repository });
  if (!made.success) throw new Error(`${script} failed: ${made.stderr.toString().trim()}`);
  upToDate.add(script);
}
