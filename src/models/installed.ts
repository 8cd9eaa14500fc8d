/**
 * What was installed: `<data>/models/installed.json` and a folder for each model beside it. The list is under a MAC of the
 * appliance's key and holds the SHA-256 of every file, so that nobody without the key can change a model unseen.
 */
import { randomUUID, timingSafeEqual } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { isMissing, reasonOf, syncFolder, writeNewFile } from "../security/key-file.ts";
import { modelName, sha256 } from "./catalogue.ts";

const InstalledFile = z.strictObject({
  name: z.string(),
  bytes: z.int().min(0),
  sha256,
  /** It is the file that the catalogue has by this digest; otherwise its digest was recorded when it was installed. */
  published: z.boolean(),
});

const InstalledModel = z.strictObject({
  id: modelName,
  kind: z.enum(["whisper", "piper"]),
  /** Below `<data>/models/`, named after what is in it: a model that takes another's place has another folder. */
  folder: modelName,
  name: z.string(),
  languages: z.array(z.string()),
  licence: z.string(),
  source: z.string(),
  installedAt: z.iso.datetime(),
  files: z.array(InstalledFile).min(1),
});

const Body = z.strictObject({
  version: z.literal(1),
  models: z.array(InstalledModel),
  /** By `gatehouse models use`. */
  chosen: z.strictObject({ whisper: modelName.optional(), voice: modelName.optional() }),
});
const InstalledJson = Body.extend({ mac: z.base64() });

export type InstalledFile = z.infer<typeof InstalledFile>;
export type InstalledModel = z.infer<typeof InstalledModel>;
export type Installed = z.infer<typeof Body>;

/** The appliance's key, as far as it is needed here (security/keys.ts). */
export type MacKeys = { mac(purpose: string, text: string): Buffer };

const purpose = "installed models v1";
export const modelsFolder = (dataDir: string): string => join(dataDir, "models");
const listPath = (dataDir: string) => join(modelsFolder(dataDir), "installed.json");
const nothing: Installed = { version: 1, models: [], chosen: {} };

/** @throws AppError("forbidden") where the data folder is another user's. */
export function hasInstalled(dataDir: string): boolean {
  try {
    return lstatSync(listPath(dataDir)) !== undefined; // whatever lies there: what is no list is not as good as none
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw new AppError("forbidden", `${dataDir} cannot be read (${reasonOf(cause)}): run this as its owner.`, {
      cause,
    });
  }
}

/** @throws AppError "model_damaged" where the list was changed or is another appliance's, "forbidden" where we may not read it. */
export function readInstalled(dataDir: string, keys: MacKeys): Installed {
  if (!hasInstalled(dataDir)) return nothing;
  const path = listPath(dataDir);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError(
      "forbidden",
      `${path} cannot be read (${reasonOf(cause)}): it must belong to whoever runs this.`,
      {
        cause,
      },
    );
  }
  const believed = checked(text, keys);
  if (believed !== undefined) return believed;
  throw new AppError(
    "model_damaged",
    `${path} was changed, or was written with another key: remove ${modelsFolder(dataDir)} and install the models again.`,
  );
}

function checked(text: string, keys: MacKeys): Installed | undefined {
  try {
    const { mac, ...body } = InstalledJson.parse(JSON.parse(text));
    const given = Buffer.from(mac, "base64");
    const expected = keys.mac(purpose, JSON.stringify(body));
    return given.length === expected.length && timingSafeEqual(given, expected) ? body : undefined;
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whole or not at all. @throws AppError("data_unwritable"). */
export function writeInstalled(dataDir: string, keys: MacKeys, installed: Installed): void {
  const body = Body.parse(installed); // the order of the keys is that of the schema, as the MAC has it
  const mac = keys.mac(purpose, JSON.stringify(body)).toString("base64");
  const path = listPath(dataDir);
  const beside = `${path}.${randomUUID()}`;
  try {
    makeModelsFolder(dataDir);
    try {
      writeNewFile(beside, Buffer.from(`${JSON.stringify({ ...body, mac }, null, 2)}\n`));
      renameSync(beside, path);
    } finally {
      rmSync(beside, { force: true });
    }
    syncFolder(modelsFolder(dataDir));
  } catch (cause) {
    throw new AppError("data_unwritable", `Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Ours alone. */
export function makeModelsFolder(dataDir: string): void {
  mkdirSync(modelsFolder(dataDir), { recursive: true, mode: 0o700 });
}

export function folderOf(dataDir: string, model: Pick<InstalledModel, "folder">): string {
  return join(modelsFolder(dataDir), model.folder);
}

/** @throws AppError("not_found") listing what is installed. */
export function modelNamed(installed: Installed, id: string): InstalledModel {
  const found = installed.models.find((model) => model.id === id);
  if (found !== undefined) return found;
  const names = installed.models.map((model) => model.id).join(", ") || "none";
  throw new AppError("not_found", `There is no installed model "${id}" (installed: ${names}).`);
}
