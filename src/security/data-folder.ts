import { mkdirSync, statSync } from "node:fs";
import { AppError } from "../app-error.ts";
import { reasonOf } from "./key-file.ts";

/**
 * Makes the data folder (0700) if it is not there. Before anything else is done in it: whoever else may write to it may
 * put other code, another socket or another database in the place of ours.
 *
 * @throws AppError "data_unwritable" if it cannot be made, "invalid_config" if others can write to it.
 */
export function openDataFolder(dataDir: string): void {
  let mode: number;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    mode = statSync(dataDir).mode;
  } catch (error) {
    throw new AppError("data_unwritable", `Cannot make the data folder ${dataDir}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  if ((mode & 0o022) === 0) return;
  throw new AppError("invalid_config", `Others can write to the data folder: chmod 700 ${dataDir}`);
}
