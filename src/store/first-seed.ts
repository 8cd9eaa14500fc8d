/** Fills a new database with the agency's listings and hours. */
import { readFileSync } from "node:fs";
import { parseSeedText } from "../agency/seed.ts";
import { AppError } from "../app-error.ts";
import { embeddedText } from "../embedded/files.ts";
import { importSeed } from "./import-seed.ts";
import type { Records } from "./open-store.ts";

const demoAgency = "config/demo-agency.json";

/**
 * @param seed A file in the seed format of scripted calls, or `embedded`: the invented agency.
 * @throws AppError("invalid_config") naming the field that is wrong.
 */
export function importFirstSeed(records: Records, seed: string, now: Date): void {
  if (records.agency.catalogue().properties.length > 0) return;
  const text = seed === "embedded" ? embeddedText(demoAgency) : readSeed(seed);
  importSeed(records, parseSeedText(text, seed === "embedded" ? demoAgency : seed), { kind: "system" }, now);
}

function readSeed(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("invalid_config", `agency.seed: ${path} cannot be read; name an existing file.`, { cause });
  }
}
