/** First stage: the data folder is ours, and everything that is kept in it is open. */
import { controlPath, isAnswered } from "../control/client.ts";
import { alreadyRunning, refuseLongPath } from "../control/server.ts";
import { extractSqlite, removeOtherNatives, sqliteBinding } from "../embedded/natives.ts";
import { openDataFolder } from "../security/data-folder.ts";
import { refuseKeyInside } from "../security/key-file.ts";
import { importFirstSeed } from "../store/first-seed.ts";
import { openStore, type Records } from "../store/open-store.ts";
import type { Base } from "./base.ts";

/** @throws AppError if another appliance runs on the folder, or it is not fit to be one. */
export async function claimDataFolder({ data, key }: Base["config"]["storage"]): Promise<void> {
  refuseLongPath(controlPath(data));
  openDataFolder(data);
  refuseKeyInside(data, key);
  if (await isAnswered(controlPath(data))) throw alreadyRunning(data);
}

/** Encrypted, and filled with the agency's listings when it is new. */
export function openRecords({ config, closing, log, clock }: Base): Records {
  const { data: dataDir, key: keyFile } = config.storage;
  const nativeDir = extractSqlite(dataDir); // the larger rest when the doors are open
  const records = openStore({ dataDir, keyFile, nativeBinding: sqliteBinding(nativeDir), clock });
  closing.add("store", () => records.close());
  removeOtherNatives(nativeDir); // those of older versions; only now is the folder surely ours alone
  if (importFirstSeed(records, config.agency.seed, clock()) === "ignored") {
    log.warn("agency.seed is read only when the database is new: the file has changed since and was not read");
  }
  return records;
}

/** Calls that ran when the appliance last stopped; once whoever is told of the tasks that follow is there. */
export function closeInterrupted({ log, clock }: Base, { callLog }: Pick<Records, "callLog">): void {
  const interrupted = callLog.endInterrupted(clock());
  if (interrupted > 0) log.warn("calls were cut off when the appliance last stopped", { calls: interrupted });
}
