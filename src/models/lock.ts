import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../app-error.ts";
import { isMissing, reasonOf, writeNewFile } from "../security/key-file.ts";
import { type Installed, makeModelsFolder, modelsFolder } from "./installed.ts";

/**
 * One command at a time changes the installed models. A lock whose process is gone is taken over.
 *
 * @throws AppError "conflict" if another is at it, "data_unwritable".
 */
export async function withLock<T>(dataDir: string, use: () => Promise<T>): Promise<T> {
  const path = join(modelsFolder(dataDir), ".lock");
  try {
    makeModelsFolder(dataDir);
    const holder = holderOf(path);
    if (holder !== undefined && existsSync(`/proc/${holder}`))
      throw new AppError("conflict", `Another command (process ${holder}) is changing the models: wait for it.`);
    rmSync(path, { force: true });
    writeNewFile(path, Buffer.from(`${process.pid}`));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("data_unwritable", `Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
  try {
    return await use();
  } finally {
    rmSync(path, { force: true });
  }
}

function holderOf(path: string): string | undefined {
  try {
    const pid = readFileSync(path, "utf8");
    return /^\d{1,10}$/.test(pid) ? pid : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export const stagingPrefix = ".new-";

/**
 * Removes what belongs to no installed model: what a command that was killed left behind, and models that were replaced
 * or removed. Not while an appliance runs, which may have to load the one that it began with again.
 */
export function tidy(dataDir: string, { models }: Installed, appliance: "running" | "stopped"): void {
  const kept = new Set(["installed.json", ".lock", ...models.map(({ folder }) => folder)]);
  for (const name of readdirSync(modelsFolder(dataDir))) {
    if (kept.has(name) || (appliance === "running" && !name.startsWith(stagingPrefix))) continue;
    rmSync(join(modelsFolder(dataDir), name), { recursive: true, force: true });
  }
}
