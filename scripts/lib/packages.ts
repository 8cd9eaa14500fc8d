import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** An installed package. `licence` is its SPDX expression, "" where it declares none. */
export type InstalledPackage = {
  name: string;
  version: string;
  licence: string;
  homepage: string;
  /** Licence and notice files, by name. */
  texts: { file: string; text: string }[];
};

type Manifest = {
  name?: string;
  version?: string;
  license?: string | { type?: string };
  licenses?: { type?: string }[];
  homepage?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

/**
 * Every package that the program needs at run time: its `dependencies` and theirs, as installed.
 *
 * @throws Error naming a package that is not installed (optional ones of another platform are passed over).
 */
export function runtimePackages(repository: string): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const visit = (folder: string) => {
    const manifest = readManifest(folder);
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      const place = resolve(repository, folder, name);
      if (place === undefined) {
        if (manifest.optionalDependencies?.[name] !== undefined) continue;
        throw new Error(`${name}, needed by ${manifest.name ?? folder}, is not installed`);
      }
      if (found.has(place)) continue;
      found.set(place, describe(place));
      visit(place);
    }
  };
  visit(repository);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Node's own search: node_modules beside the dependent, then outwards as far as the repository. */
function resolve(repository: string, from: string, name: string): string | undefined {
  for (let folder = from; !relative(repository, folder).startsWith(".."); folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return place;
  }
  return undefined;
}

function describe(folder: string): InstalledPackage {
  const manifest = readManifest(folder);
  const declared = manifest.license ?? manifest.licenses?.map(({ type }) => type ?? "").join(" OR ") ?? "";
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|copyrightnotice)/i.test(file));
  return {
    name: manifest.name ?? folder,
    version: manifest.version ?? "",
    licence: typeof declared === "string" ? declared : (declared.type ?? ""),
    homepage: manifest.homepage ?? `https://www.npmjs.com/package/${manifest.name}`,
    texts: files.sort().map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") })),
  };
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
