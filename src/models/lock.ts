import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../app-error.ts";
import { isMissing, reasonOf, writeNewFile } from "../security/key-file.ts";
import { type Installed, makeModelsFolder, modelsFolder } from "./installed.ts";

const lockPath = (dataDir: string) => join(modelsFolder(dataDir), ".lock");

/**
 * One command at a time changes the installed models. A lock whose process is gone is taken over.
 *
 * @throws AppError "conflict" if another is at it, "data_unwritable".
 */
export async function withLock<T>(dataDir: string, use: () => Promise<T>): Promise<T> {
  const path = lockPath(dataDir);
  try {
    makeModelsFolder(dataDir);
    const holder = holderOf(path);
    if (holder !== undefined)
      throw new AppError("conflict", `Another command (process ${holder}) is changing the models: wait for it.`);
    rmSync(path, { force: true });
    writeNewFile(path, Buffer.from(`${process.pid} ${startOf(String(process.pid))}`));
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

/** Of the process that is changing the models now; one that was killed is none. */
function holderOf(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const [, pid, start] = /^(\d{1,10}) (\S+)$/.exec(text) ?? [];
  return pid !== undefined && startOf(pid) === start ? pid : undefined;
}

/**
 * Tells a process from all that had or will have its number: after a restart of the machine, and in a container even at
 * once, another one has it. Boot, and ticks from there (proc(5), field 22 of stat); undefined if there is no such process.
 */
function startOf(pid: string): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const behindName = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return `${boot}/${behindName[19]}`;
  } catch {
    return undefined;
  }
}

export const stagingPrefix = ".new-";

/** As `install` names a model's folder, and a list that was being written. What others put beside them is not ours. */
const ours = /^(?:\.new-.+|[A-Za-z0-9][A-Za-z0-9._-]{0,47}-[0-9a-f]{12}|installed\.json\..+)$/;

/**
 * Removes what belongs to no installed model: what a command that was killed left behind, and models that were replaced
 * or removed. Not while an appliance runs, which may have to load the one that it began with again.
 */
export function tidy(dataDir: string, { models }: Installed, appliance: "running" | "stopped"): void {
  const kept = new Set(models.map(({ folder }) => folder));
  for (const name of readdirSync(modelsFolder(dataDir))) {
    if (kept.has(name) || !ours.test(name)) continue;
    if (appliance === "running" && !name.startsWith(stagingPrefix)) continue;
    rmSync(join(modelsFolder(dataDir), name), { recursive: true, force: true });
  }
}

/** At the appliance's start, which it must not prevent: what stays takes room and nothing else. */
export function tidyAtStart(dataDir: string, installed: Installed): void {
  try {
    if (holderOf(lockPath(dataDir)) === undefined) tidy(dataDir, installed, "stopped"); // else it is just being made
  } catch {
    // Another user's, or a disk that fails: the next command that changes the models says so.
  }
}
