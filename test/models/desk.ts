/** A data folder of its own with the key of an appliance, and models to install into it. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Catalogue, readCatalogue } from "../../src/models/catalogue.ts";
import { type InstallPorts, installModels } from "../../src/models/install.ts";
import { openKeys } from "../../src/security/keys.ts";

const repository = join(import.meta.dir, "../..");
export const models = join(repository, "models");
export const silentProgress = { begin: () => undefined, advance: () => undefined, end: () => undefined };

export function makeDesk() {
  const root = mkdtempSync(join(tmpdir(), "gatehouse-models-"));
  const dataDir = join(root, "data");
  const keys = openKeys(dataDir, join(root, "key"));
  const ports = (over: Partial<InstallPorts> = {}): InstallPorts => ({
    dataDir,
    keys,
    catalogue: readCatalogue(),
    now: () => new Date("2026-11-21T12:00:00Z"),
    progress: silentProgress,
    nativeDir: join(repository, "node_modules"),
    command: [process.execPath, join(repository, "src/gatehouse.ts"), "speech"],
    appliance: async () => "stopped",
    mayReplace: async () => false,
    ...over,
  });
  return {
    root,
    dataDir,
    keys,
    ports,
    /** int8, as the default configuration has it. */
    install: (from: string, over: Partial<InstallPorts> = {}, name?: string) =>
      installModels({ from, wanted: "int8", name }, ports(over)),
    /** What lies below `<data>/models`. */
    folder: () => readdirSync(join(dataDir, "models")).sort(),
    /** A copy of one of the repository's models, to be spoilt. */
    copyOf(name: string): string {
      const to = join(root, `copy-of-${name}`);
      rmSync(to, { recursive: true, force: true });
      mkdirSync(to);
      cpSync(join(models, name), to, { recursive: true });
      return to;
    },
    remove() {
      keys.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A catalogue of one model. */
export function catalogueOf(model: Partial<Catalogue["models"][number]> & Pick<Catalogue["models"][number], "files">) {
  const whole = {
    id: "published",
    kind: "whisper" as const,
    name: "a published model",
    languages: ["en"],
    licence: "CC0-1.0",
    licenceOf: "everything",
    source: "https://example.org/",
    megabytes: 1,
    ...model,
  };
  return { note: "", digests: "", models: [whole] };
}
