import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** What the last build read (relative to the repository) and the hash of each, so that the next can tell it is stale. */
type Inputs = Record<string, string>;

/**
 * Bundles the web pages: src/web/ui/index.html and what it refers to (`./main.tsx`, `./styles.css`). The result is
 * `index.html` and `assets/<name>-<hash>.<ext>`, referred to as `/assets/…`: nothing inline, so that a strict CSP holds.
 *
 * @returns Every module read, relative to the repository.
 */
export async function buildUi(repository: string, target: string, record: string): Promise<string[]> {
  const root = join(repository, "src/web/ui");
  const entry = join(root, "index.html");
  if (!existsSync(entry)) throw new Error("src/web/ui/index.html is missing");
  const result = await Bun.build({
    entrypoints: [entry],
    root,
    target: "browser",
    minify: true,
    metafile: true,
    publicPath: "/",
    naming: { entry: "[name].[ext]", chunk: "assets/[name]-[hash].[ext]", asset: "assets/[name]-[hash].[ext]" },
  });
  if (!result.success) throw new AggregateError(result.logs, "the bundler reports errors in src/web/ui");
  const made = new Map<string, Uint8Array>();
  for (const output of result.outputs) {
    made.set(output.path.replace(/^\.\//, ""), new Uint8Array(await output.arrayBuffer()));
  }
  replaceFolder(target, made);

  const modules = Object.keys(result.metafile?.inputs ?? {}).map((path) =>
    relative(repository, join(process.cwd(), path)),
  );
  const others = ["bun.lock", "package.json", "tsconfig.json", "src/web/ui/tsconfig.json", "scripts/lib/ui.ts"];
  const inputs = Object.fromEntries([...modules, ...others].map((path) => [path, hashOf(join(repository, path))]));
  writeWhole(record, JSON.stringify(inputs, null, 2));
  return modules.sort();
}

/** Whether anything that the last build read has changed since, or there was none. */
export function uiIsStale(repository: string, target: string, record: string): boolean {
  if (!existsSync(record) || !existsSync(join(target, "index.html"))) return true;
  const inputs: Inputs = JSON.parse(readFileSync(record, "utf8"));
  return Object.entries(inputs).some(([path, hash]) => hashOf(join(repository, path)) !== hash);
}

/** File by file, then what is no longer wanted: several test runs may build and read at once. */
function replaceFolder(folder: string, files: Map<string, Uint8Array>): void {
  for (const [path, content] of files) writeWhole(join(folder, path), content);
  for (const item of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name);
    const stale = item.isFile() && !files.has(relative(folder, path)) && !item.name.endsWith(".part");
    if (stale) rmSync(path, { force: true });
  }
}

function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, content);
  renameSync(beside, path);
}

function hashOf(path: string): string {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
}
