import { join } from "node:path";
import { generatedFolder } from "../src/embedded/contents.ts";
import { buildUi, uiIsStale } from "./lib/ui.ts";

const usage = `usage: bun scripts/build-ui.ts [--if-stale] [--help]
Bundles src/web/ui into ${generatedFolder}/ui, from where the program takes its pages when run from source and
scripts/build when it makes the executable. --if-stale: only if something it was made of has changed.`;

if (process.argv.includes("--help")) {
  console.log(usage);
} else {
  const repository = join(import.meta.dir, "..");
  const target = join(repository, generatedFolder, "ui");
  const record = join(repository, generatedFolder, "ui.inputs.json");
  if (!process.argv.includes("--if-stale") || uiIsStale(repository, target, record)) {
    await buildUi(repository, target, record);
  }
}
