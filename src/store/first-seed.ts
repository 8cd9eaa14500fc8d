/** Fills a new database with the agency's listings and hours. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseSeedText } from "../agency/seed.ts";
import { AppError } from "../app-error.ts";
import { embeddedText } from "../embedded/files.ts";
import { importSeed } from "./import-seed.ts";
import type { Records } from "./open-store.ts";

const demoAgency = "config/demo-agency.json";
/** Row of the `setting` table: "embedded", or the SHA-256 of the file that was read. */
const settingName = "agency.seed";

/**
 * @param seed A file in the seed format of scripted calls, or `embedded`: the invented agency.
 * @returns "ignored" if the database is filled already, and not from this file as it is now.
 * @throws AppError("invalid_config") naming the field that is wrong; or because the database holds the invented agency
 *   while a real one is configured: callers would be offered homes that do not exist.
 */
export function importFirstSeed(records: Records, seed: string, now: Date): "imported" | "known" | "ignored" {
  const { store, agency } = records;
  if (!agency.isEmpty()) return compare(seed, importedInto(records));
  const text = seed === "embedded" ? embeddedText(demoAgency) : readSeed(seed);
  const parsed = parseSeedText(text, seed === "embedded" ? demoAgency : seed);
  store.withTransaction(() => {
    importSeed(records, parsed, { kind: "system" }, now);
    const identity = seed === "embedded" ? seed : identityOf(text);
    store.db
      .prepare<[string, string]>("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)")
      .run(settingName, identity);
  });
  return "imported";
}

function compare(seed: string, imported: string | undefined): "known" | "ignored" {
  if (seed === "embedded" || imported === undefined) return "known";
  if (imported === "embedded") {
    throw new AppError(
      "invalid_config",
      `agency.seed is ${seed}, but the data folder holds the invented agency of a trial run: use a new data folder.`,
    );
  }
  try {
    return identityOf(readFileSync(seed, "utf8")) === imported ? "known" : "ignored";
  } catch {
    return "ignored"; // it was needed only once
  }
}

const identityOf = (text: string) => createHash("sha256").update(text).digest("hex");

const importedInto = ({ store }: Records): string | undefined =>
  store.db.prepare<[string], { value: string }>("SELECT value FROM setting WHERE name = ?").get(settingName)?.value;

function readSeed(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("invalid_config", `agency.seed: ${path} cannot be read; name an existing file.`, { cause });
  }
}
