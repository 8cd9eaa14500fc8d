import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { moduleRewrites } from "./rewrites.ts";
import type { Architecture, Source } from "./stage.ts";
import { stageFiles } from "./stage.ts";

export type ExecutableOptions = {
  repository: string;
  /** The program, then its Workers. Their common folder becomes `/$bunfs/root/`. */
  entrypoints: readonly string[];
  root: string;
  sources: readonly Source[];
  architecture: Architecture;
  /** The file name is part of the bytes: the same name gives the same executable. */
  outfile: string;
  /** Looks at what is about to go in; throws to refuse it. */
  review: (bundle: Bundle) => void;
  progress: (step: string) => void;
};

export type Bundle = {
  /** Every module, relative to the repository, sorted; embedded files not among them. */
  modules: string[];
  /** The program as bundled, one text per entry point. */
  texts: string[];
};

/**
 * One file that runs on a machine that has neither Bun nor node_modules. It takes the place of `outfile` only when it
 * is whole.
 */
export async function buildExecutable(options: ExecutableOptions): Promise<void> {
  const { outfile, architecture, progress } = options;
  const work = join(dirname(outfile), `.${basename(outfile)}.build`);
  const staged = join(work, "files");
  const made = join(work, basename(outfile));
  try {
    progress(`packing ${options.sources.length} files`);
    const table = await stageFiles(options.sources, staged);
    progress("bundling and checking what is in the bundle");
    const bundle = await build(options, table);
    const modules = bundle.inputs.filter((path) => !path.startsWith(`${relative(options.repository, staged)}/`));
    options.review({ modules, texts: bundle.texts });
    progress(`compiling for linux-${architecture}`);
    await build(options, table, {
      target: `bun-linux-${architecture}`,
      outfile: made,
      // An .env or bunfig.toml in whatever folder it is started from must not change what it does.
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    });
    await rename(made, outfile); // a running executable keeps its file; a half-written one never has this name
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The same bundle twice: as text to look at, and compiled. */
async function build(options: ExecutableOptions, table: string, compile?: Bun.CompileBuildOptions) {
  const rewrites = moduleRewrites(table);
  if (compile?.outfile !== undefined) await mkdir(dirname(compile.outfile), { recursive: true });
  const result = await Bun.build({
    entrypoints: [...options.entrypoints],
    root: options.root,
    target: "bun",
    format: "esm",
    minify: true,
    metafile: true,
    plugins: [rewrites.plugin],
    ...(compile === undefined ? {} : { compile, bytecode: true }),
  });
  if (!result.success) throw new AggregateError(result.logs, "the bundler reports errors");
  const never = rewrites.missing();
  if (never.length > 0) throw new Error(`not in the bundle, so not rewritten either: ${never.join(", ")}`);
  const inputs = Object.keys(result.metafile?.inputs ?? {});
  return {
    inputs: inputs.map((path) => relative(options.repository, join(process.cwd(), path))).sort(),
    texts: compile === undefined ? await programTexts(result.outputs) : [],
  };
}

async function programTexts(outputs: readonly Bun.BuildArtifact[]): Promise<string[]> {
  const programs = outputs.filter(({ kind }) => kind === "entry-point" || kind === "chunk");
  return await Promise.all(programs.map((output) => output.text()));
}
