/** Makes the executable; scripts/build prepares the machine and then runs this. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { bundleFaults } from "./lib/bundle-rules.ts";
import { type Bundle, buildExecutable } from "./lib/executable.ts";
import { nativeFaults } from "./lib/native-rules.ts";
import { type Architecture, nativeSources, repositorySources } from "./lib/stage.ts";

const repository = join(import.meta.dir, "..");
const maxBytes = 220_000_000;
const started = performance.now();

function progress(step: string): void {
  console.log(`[${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s] ${step}`);
}

function review({ modules, texts }: Bundle): void {
  const faults = bundleFaults(modules, texts);
  if (texts.some((text) => text.includes(`${repository}/`))) {
    faults.push(`the program text names ${repository}: it would differ from machine to machine`);
  }
  if (faults.length > 0) throw new Error(`refused:\n  ${faults.join("\n  ")}`);
  progress(`${modules.length} modules, none of test/, none that places a call but behind the allow-list`);
}

/** Whether anything that could go into the executable is newer than it. */
function isStale(executable: string): boolean {
  if (!existsSync(executable)) return true;
  const madeAt = statSync(executable).mtimeMs;
  const newer = (path: string) => statSync(path).mtimeMs > madeAt;
  return inputs.some((input) => {
    const path = join(repository, input);
    if (!statSync(path).isDirectory()) return newer(path);
    return newer(path) || readdirSync(path, { recursive: true }).some((name) => newer(join(path, String(name))));
  });
}

const inputs = [
  "src",
  "config",
  "migrations",
  "models",
  "scripts",
  "package.json",
  "bun.lock",
  "tsconfig.json",
  "LICENSE",
];
const known = ["--arm64", "--if-stale"];
const unknown = process.argv.slice(2).filter((argument) => !known.includes(argument));
if (unknown.length > 0) {
  console.error(`scripts/build does not know ${unknown.join(" ")}: see scripts/build --help`);
  process.exit(2);
}
const architecture: Architecture = process.argv.includes("--arm64") ? "arm64" : "x64";
const outfile = join(repository, "dist", architecture === "x64" ? "gatehouse" : "gatehouse-arm64");
if (process.argv.includes("--if-stale") && !isStale(outfile)) process.exit(0);

async function make(): Promise<void> {
  const entrypoints = ["src/gatehouse.ts", "src/media/worker.ts"].map((path) => join(repository, path));
  const absent = entrypoints.filter((path) => !existsSync(path));
  if (absent.length > 0) throw new Error(`missing: ${absent.join(", ")}`);

  progress("making the web pages and the notices");
  const natives = nativeSources(repository, architecture);
  const faults = natives.flatMap(({ path, file }) => nativeFaults(path, readFileSync(file)));
  if (faults.length > 0) throw new Error(`refused:\n  ${faults.join("\n  ")}`);
  const sources = [...natives, ...repositorySources(repository)];
  await buildExecutable({
    repository,
    entrypoints,
    root: join(repository, "src"),
    sources,
    architecture,
    outfile,
    review,
    progress,
  });

  const executable = await Bun.file(outfile).bytes();
  const sha256 = createHash("sha256").update(executable).digest("hex");
  progress(`${outfile}: ${(executable.length / 1e6).toFixed(1)} MB, sha256 ${sha256}`);
  if (executable.length > maxBytes) throw new Error(`larger than ${maxBytes / 1e6} MB: look at what was embedded`);
}

try {
  await make();
} catch (error) {
  const faults = error instanceof AggregateError ? error.errors : [error];
  for (const fault of faults) {
    const fromBundler = fault instanceof BuildMessage || fault instanceof ResolveMessage; // these show file and line
    console.error(fault instanceof Error && !fromBundler ? `scripts/build: ${fault.message}` : fault);
  }
  process.exit(1);
}
