/** What can be done with models that are installed: looked at, checked, chosen, removed. */

import { createHash } from "node:crypto";
import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { embeddedFile, embeddedPaths, embeddedText } from "../embedded/files.ts";
import { reasonOf } from "../security/key-file.ts";
import { untrusted } from "../speech/pinned-files.ts";
import type { InstalledSpeech } from "../speech/settings.ts";
import { sha256 } from "./catalogue.ts";
import { digestsOf, graphOf } from "./install.ts";
import {
  folderOf,
  hasInstalled,
  type Installed,
  type InstalledModel,
  type MacKeys,
  modelNamed,
  modelsFolder,
  readInstalled,
  writeInstalled,
} from "./installed.ts";
import { tidy, tidyAtStart, withLock } from "./lock.ts";
import type { Progress } from "./staging.ts";

export type Fault = { model: string; file: string; fault: "changed" | "missing" | "unreadable" | "not installed" };

/** As speech asks for it. */
export function installedSpeech(dataDir: string, installed: Installed): InstalledSpeech {
  const model = (kind: InstalledModel["kind"], name: string | undefined): InstalledModel | undefined => {
    const chosen = kind === "whisper" ? installed.chosen.whisper : installed.chosen.voice;
    if (name === undefined && chosen === undefined) return undefined;
    const found = installed.models.find((one) => one.id === (name ?? chosen) && one.kind === kind);
    if (found !== undefined) return found;
    throw new AppError(
      "model_missing",
      `No ${kind === "whisper" ? "Whisper model" : "Piper voice"} "${name ?? chosen}" is installed: \`gatehouse models list\` shows what is.`,
    );
  };
  return {
    whisper(name) {
      const found = model("whisper", name);
      return found && { folder: folderOf(dataDir, found), digests: digestsOf(found) };
    },
    voice(name) {
      const found = model("piper", name);
      return found && { file: join(folderOf(dataDir, found), graphOf(found)), digests: digestsOf(found) };
    },
  };
}

/**
 * For the appliance that starts, which alone is on the data folder. Where the list of installed models was changed or
 * cannot be read none of them is loaded, and that is all: callers are served by keys and by espeak-ng, or by what the configuration names.
 */
export function modelsAtStart(dataDir: string, keys: MacKeys): InstalledSpeech {
  let installed: Installed;
  try {
    installed = readInstalled(dataDir, keys);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { folder, digests } = untrusted(modelsFolder(dataDir));
    return { whisper: () => ({ folder, digests }), voice: () => ({ file: join(folder, "installed.json"), digests }) };
  }
  if (hasInstalled(dataDir)) tidyAtStart(dataDir, installed);
  return installedSpeech(dataDir, installed);
}

/** Reads every byte again: of the installed models, and of those that the executable carries. */
export async function verifyModels(dataDir: string, installed: Installed, progress: Progress): Promise<Fault[]> {
  const faults: Fault[] = embeddedFaults();
  const total = installed.models.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  progress.begin("hashing", total);
  try {
    for (const model of installed.models) faults.push(...(await faultsOf(dataDir, model, progress)));
  } finally {
    progress.end();
  }
  return faults;
}

async function faultsOf(dataDir: string, model: InstalledModel, progress: Progress): Promise<Fault[]> {
  const folder = folderOf(dataDir, model);
  const faults: Fault[] = [];
  let present: string[];
  try {
    present = readdirSync(folder);
  } catch {
    return model.files.map(({ name }) => ({ model: model.id, file: name, fault: "missing" }));
  }
  for (const { name, sha256 } of model.files) {
    const found = present.includes(name) ? await hashOf(join(folder, name), progress) : undefined;
    if (!present.includes(name)) faults.push({ model: model.id, file: name, fault: "missing" });
    else if (found === undefined) faults.push({ model: model.id, file: name, fault: "unreadable" });
    else if (found !== sha256) faults.push({ model: model.id, file: name, fault: "changed" });
  }
  const strangers = present.filter((name) => !model.files.some((file) => file.name === name));
  return [...faults, ...strangers.map((file) => ({ model: model.id, file, fault: "not installed" as const }))];
}

async function hashOf(path: string, progress: Progress): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk);
      progress.advance(chunk.length);
    }
  } catch {
    return undefined; // said so by whoever asked
  }
  return hash.digest("hex");
}

const EmbeddedManifest = z.object({
  models: z.array(
    z.object({ id: z.string(), embedded: z.boolean(), files: z.array(z.object({ path: z.string(), sha256 })) }),
  ),
});

/** models/manifest.json has the digests of everything in models/; the executable carries some of it. */
function embeddedFaults(): Fault[] {
  const { models } = EmbeddedManifest.parse(JSON.parse(embeddedText("models/manifest.json")));
  const carried = new Set(embeddedPaths("models/"));
  return models.flatMap(({ id, files }) =>
    files
      .filter(({ path }) => carried.has(`models/${path}`))
      .filter(
        ({ path, sha256 }) =>
          createHash("sha256")
            .update(embeddedFile(`models/${path}`))
            .digest("hex") !== sha256,
      )
      .map(({ path }) => ({ model: id, file: path, fault: "changed" as const })),
  );
}

export type Half = "whisper" | "voice";
export const halfOf = ({ kind }: Pick<InstalledModel, "kind">): Half => (kind === "whisper" ? "whisper" : "voice");

/** @param id Of an installed model; `undefined` with `half` for what the executable carries. */
export async function chooseModel(dataDir: string, keys: MacKeys, id: string | undefined, half: Half): Promise<void> {
  await withLock(dataDir, async () => {
    const installed = readInstalled(dataDir, keys);
    const { [half]: _, ...others } = installed.chosen;
    const chosen = id === undefined ? others : { ...others, [half]: modelNamed(installed, id).id };
    writeInstalled(dataDir, keys, { ...installed, chosen });
  });
}

/**
 * @param inUse Why it cannot go, if it cannot.
 * @throws AppError "not_found", "conflict" where it is in use.
 */
export async function removeModel(
  dataDir: string,
  keys: MacKeys,
  id: string,
  { appliance, inUse }: { appliance: "running" | "stopped"; inUse(model: InstalledModel): string | undefined },
): Promise<InstalledModel> {
  return await withLock(dataDir, async () => {
    const installed = readInstalled(dataDir, keys);
    const model = modelNamed(installed, id);
    const why =
      installed.chosen[halfOf(model)] === id
        ? "it is chosen: choose another with `gatehouse models use`"
        : inUse(model);
    if (why !== undefined) throw new AppError("conflict", `${id} is not removed: ${why}.`);
    const left = { ...installed, models: installed.models.filter((one) => one.id !== id) };
    writeInstalled(dataDir, keys, left);
    try {
      tidy(dataDir, left, appliance);
    } catch (cause) {
      throw new AppError("data_unwritable", `${id} is removed, but not its files: ${reasonOf(cause)}`, { cause });
    }
    return model;
  });
}
