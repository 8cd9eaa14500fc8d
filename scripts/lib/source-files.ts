import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A file of ours and what it asks for. Paths are relative to the repository. */
export type SourceFile = {
  path: string;
  text: string;
  lines: number;
  /** Files of ours that it imports, for types too. */
  imports: string[];
  /** Packages and built-in modules ("node:fs", "hono/cookie") of which it takes more than types. */
  packages: string[];
};

/** Every TypeScript file below the folders, sorted by path. */
export function readSourceFiles(repository: string, folders: readonly string[]): SourceFile[] {
  const paths = folders.flatMap((folder) => [
    ...new Bun.Glob(`${folder}/**/*.{ts,tsx}`).scanSync({ cwd: repository, onlyFiles: true }),
  ]);
  return paths.sort().map((path) => {
    const text = readFileSync(join(repository, path), "utf8");
    const specifiers = importedNames(text);
    const own = specifiers.filter((name) => name.startsWith("."));
    return {
      path,
      text,
      lines: text.trimEnd().split("\n").length,
      imports: own.map((name) => relative(repository, join(repository, dirname(path), name))),
      packages: importedNames(withoutHarmless(text)).filter((name) => !name.startsWith(".")),
    };
  });
}

/** Imports of types, and of the one pure part of an I/O module: whether a text is an address. */
const harmless = /^(import|export) type\s[^;]*;|^import \{ (isIP(v[46])?(, )?)+ \} from "node:net";/gm;

function withoutHarmless(text: string): string {
  return text.replace(harmless, "").replace(/\btypeof import\([^)]*\)/g, "");
}

/**
 * What a module imports, in order, each once. Statements begin at the start of a line (the formatter sees to that), so
 * words in strings and comments are not taken for them; `import("…")` and `new URL("…", import.meta.url)` may be anywhere.
 */
export function importedNames(text: string): string[] {
  const patterns = [
    /^(?:import|export)\s(?:[^;"'`]*?\sfrom\s)?["']([^"'\n]+)["']/gm,
    /\bimport\(\s*["']([^"'\n]+)["']/g,
    /\bnew URL\(\s*["']([^"'\n]+)["'],\s*import\.meta\.url/g,
  ];
  const names = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name ?? ""));
  return [...new Set(names)];
}
