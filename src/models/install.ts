/**
 * Installs models: staged beside their place, hashed, held against what is known of them, run once, renamed into place and
 * entered in the list, which is what makes them installed. Whenever it is stopped, the list is the one before or after.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "../app-error.ts";
import { syncFolder } from "../security/key-file.ts";
import { type Catalogue, isPart, type PublishedModel } from "./catalogue.ts";
import { type Candidate, candidatesIn, impostorOf, publishedAs, type Wanted } from "./identify.ts";
import {
  folderOf,
  type InstalledModel,
  type MacKeys,
  modelsFolder,
  readInstalled,
  writeInstalled,
} from "./installed.ts";
import { stagingPrefix, tidy, withLock } from "./lock.ts";
import { type Progress, type StagedFile, stage } from "./staging.ts";
import { type Subject, type TrialPorts, tryModel } from "./trial.ts";

export type InstallRequest = {
  /** A folder, an archive, or a Piper .onnx. */
  from: string;
  /** In place of its own; one model only. */
  name?: string | undefined;
  wanted: Wanted;
};

export type InstallPorts = TrialPorts & {
  dataDir: string;
  keys: MacKeys;
  catalogue: Catalogue;
  now(): Date;
  progress: Progress;
  /** Asked before and after: it may be started while files are copied, and then has the models that were listed. */
  appliance(): Promise<"running" | "stopped">;
  /** Whether a model may take another's place. */
  mayReplace(id: string): Promise<boolean>;
};

export type NewlyInstalled = { model: InstalledModel; replaced: boolean; loadMs: number };

/** @throws AppError saying what to do. Of several models in what was given, those before the one that failed stay. */
export async function installModels(request: InstallRequest, ports: InstallPorts): Promise<NewlyInstalled[]> {
  const { dataDir, keys } = ports;
  const tidyNow = async () => tidy(dataDir, readInstalled(dataDir, keys), await ports.appliance());
  return await withLock(dataDir, async () => {
    await tidyNow();
    const staging = join(modelsFolder(dataDir), `${stagingPrefix}${randomUUID()}`);
    mkdirSync(staging, { mode: 0o700 });
    try {
      const folders = await stage(request.from, staging, ports.progress);
      const plain = basename(request.from).replace(/\.(tar(\.\w+)?|tgz|tbz2?)$/, "");
      const candidates = folders.flatMap((folder) =>
        candidatesIn(folder, request.wanted, basename(folder.from) || plain).map((found) => ({ ...found, folder })),
      );
      refuseUnless(candidates, request);
      const done: NewlyInstalled[] = [];
      for (const candidate of candidates) {
        done.push(await installOne(candidate, candidate.folder.path, request.name, staging, ports));
      }
      return done;
    } finally {
      rmSync(staging, { recursive: true, force: true });
      await tidyNow();
    }
  });
}

function refuseUnless(candidates: readonly Candidate[], { from, name }: InstallRequest): void {
  if (candidates.length === 0)
    throw new AppError(
      "model_missing",
      `There is no model in ${from}: expected *encoder*.onnx, *decoder*.onnx and *tokens.txt, or a Piper .onnx with its ` +
        ".onnx.json.",
    );
  if (candidates.length > 1 && name !== undefined)
    throw new AppError("invalid_input", `${from} holds ${candidates.length} models: --name is for one.`);
}

async function installOne(
  candidate: Candidate,
  staged: string,
  name: string | undefined,
  staging: string,
  ports: InstallPorts,
): Promise<NewlyInstalled> {
  const { dataDir, keys, catalogue } = ports;
  const published = publishedAs(candidate, catalogue);
  refuseImpostor(candidate, name, catalogue);
  const id = idOf(candidate, published, name, catalogue);
  const before = readInstalled(dataDir, keys);
  const replaced = before.models.find((model) => model.id === id);
  if (replaced !== undefined && !(await ports.mayReplace(id)))
    throw new AppError(
      "conflict",
      `${id} is installed already: --yes replaces it, --name gives this one another name.`,
    );

  const model = describe(id, candidate, published, ports.now());
  const loadMs = await tryAll(model, candidate, staged, ports);
  const place = folderOf(dataDir, model);
  if (replaced?.folder === model.folder) repair(place, candidate.files);
  else moveInto(place, candidate.files, staging);
  const models = [...before.models.filter((one) => one.id !== id), model].sort((a, b) => a.id.localeCompare(b.id));
  writeInstalled(dataDir, keys, { ...before, models });
  return { model, replaced: replaced !== undefined, loadMs };
}

function refuseImpostor(candidate: Candidate, name: string | undefined, catalogue: Catalogue): void {
  const impostor = impostorOf(candidate, catalogue);
  if (impostor === undefined || name !== undefined) return;
  throw new AppError(
    "model_damaged",
    `${impostor.file} is not the one that is published as ${impostor.model} (its SHA-256 is another): fetch it again. If ` +
      "it is meant to be another, install it under a name of its own with --name.",
  );
}

/** A published model's name is for that model alone: the list would show another as if it were that. */
function idOf(
  { kind, ownName, precisions }: Candidate,
  published: PublishedModel | undefined,
  name: string | undefined,
  { models }: Catalogue,
): string {
  const isAnothers = (id: string) => published?.id !== id && models.some((model) => model.id === id);
  const isFp32Alone = kind === "whisper" && precisions.join() === "fp32"; // the catalogue has the int8 ones
  const own = published?.id ?? (isAnothers(ownName) && isFp32Alone ? `${ownName}-fp32` : ownName);
  const id = checkedName(name ?? own);
  if (!isAnothers(id)) return id;
  throw new AppError("invalid_input", `This is not the published ${id}: give it a name of its own with --name.`);
}

/** What `models use` and the configuration take for something else. */
const reserved: ReadonlySet<string> = new Set(["embedded", "espeak", "chosen", "none"]);

function checkedName(name: string): string {
  if (reserved.has(name))
    throw new AppError("invalid_input", `"${name}" has a meaning of its own: give another name with --name.`);
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  throw new AppError(
    "invalid_input",
    `"${name}": expected up to 64 letters, digits, dots, dashes; give one with --name.`,
  );
}

function describe(
  id: string,
  { kind, files }: Candidate,
  published: PublishedModel | undefined,
  now: Date,
): InstalledModel {
  const known = new Set(published?.files.flatMap(({ sha256 }) => sha256 ?? []));
  const sorted = [...files].sort((a, b) => a.name.localeCompare(b.name));
  const content = createHash("sha256");
  for (const { name, sha256 } of sorted) content.update(`${name} ${sha256}\n`);
  return {
    id,
    kind,
    folder: `${id.slice(0, 48)}-${content.digest("hex").slice(0, 12)}`,
    name: published?.name ?? (kind === "whisper" ? "a Whisper model" : "a Piper voice"),
    languages: published?.languages ?? [],
    licence: published?.licence ?? "unknown",
    source: published?.source ?? "unknown",
    installedAt: now.toISOString(),
    files: sorted.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256, published: known.has(sha256) })),
  };
}

async function tryAll(
  model: InstalledModel,
  candidate: Candidate,
  staged: string,
  ports: InstallPorts,
): Promise<number> {
  let loadMs = 0;
  ports.progress.begin(`loading ${model.id}`, 0);
  try {
    for (const precision of candidate.precisions) {
      loadMs = Math.max(loadMs, await tryModel(subjectIn(staged, model, precision), ports));
    }
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError(cause.code, cause.message.replaceAll(`${staged}/`, ""), { cause });
  } finally {
    ports.progress.end();
  }
  return loadMs;
}

/** As speech loads it, from wherever it lies. */
export function subjectIn(folder: string, model: InstalledModel, precision: "int8" | "fp32"): Subject {
  const digests = digestsOf(model);
  if (model.kind === "whisper") return { kind: "whisper", folder, digests, precision };
  return { kind: "piper", file: join(folder, graphOf(model)), digests };
}

export const digestsOf = ({ files }: InstalledModel): Record<string, string> =>
  Object.fromEntries(files.filter(({ name }) => isPart(name)).map(({ name, sha256 }) => [name, sha256]));

/** Of a voice. */
export function graphOf({ files }: InstalledModel): string {
  return files.find(({ name }) => name.endsWith(".onnx"))?.name ?? "";
}

/** The same model once more, as somebody was told to whose files were damaged: each is put in the place of what is there. */
function repair(place: string, files: readonly StagedFile[]): void {
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const strangers = readdirSync(place).filter((name) => !files.some((file) => file.name === name));
  for (const name of strangers) rmSync(join(place, name), { recursive: true, force: true });
  for (const { name, path } of files) renameSync(path, join(place, name));
  syncFolder(place);
}

/** A folder of several models gives each what is its own. */
function moveInto(place: string, files: readonly StagedFile[], staging: string): void {
  const whole = join(staging, randomUUID());
  mkdirSync(whole, { mode: 0o700 });
  for (const { name, path } of files) renameSync(path, join(whole, name));
  syncFolder(whole);
  rmSync(place, { recursive: true, force: true }); // of a command that was killed before it wrote the list
  renameSync(whole, place);
  syncFolder(join(place, ".."));
}
