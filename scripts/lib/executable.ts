import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Rewrites } from "./rewrites.ts";
import { moduleRewrites } from "./rewrites.ts";
import type { Architecture, Source } from "./stage.ts";
import { stageFiles } from "./stage.ts";

export type ExecutableOptions = {
  /** The program, then its Workers. Their common folder becomes `/$bunfs/root/`. */
  entrypoints: readonly string[];
  root: string;
  sources: readonly Source[];
  architecture: Architecture;
  /** The file name is part of the bytes: the same name gives the same executable. */
  outfile: string;
};

/** @returns The modules that went in, relative to the working folder, sorted. */
export async function buildExecutable(options: ExecutableOptions): Promise<string[]> {
  const { entrypoints, root, sources, architecture, outfile } = options;
  const work = join(dirname(outfile), `.${basename(outfile)}.build`);
  const rewrites = moduleRewrites(await stageFiles(sources, join(work, "files")));
  const made = join(work, basename(outfile));
  try {
    const result = await Bun.build({
      entrypoints: [...entrypoints],
      root,
      target: "bun",
      format: "esm",
      minify: true,
      bytecode: true,
      metafile: true,
      plugins: [rewrites.plugin],
      compile: {
        target: `bun-linux-${architecture}`,
        outfile: made,
        // An .env or bunfig.toml in whatever folder it is started from must not change what it does.
        autoloadDotenv: false,
        autoloadBunfig: false,
        autoloadTsconfig: false,
        autoloadPackageJson: false,
      },
    });
    if (!result.success) throw new AggregateError(result.logs, "the bundler reports errors");
    const modules = Object.keys(result.metafile?.inputs ?? {}).sort();
    refuseMissing(rewrites);
    await mkdir(dirname(outfile), { recursive: true });
    await rename(made, outfile); // a running executable keeps its file; a half-written one never has this name
    return modules;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function refuseMissing({ missing }: Rewrites): void {
  const never = missing();
  if (never.length > 0) throw new Error(`not in the bundle, so not rewritten either: ${never.join(", ")}`);
}
