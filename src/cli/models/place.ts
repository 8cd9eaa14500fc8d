/** What the subcommands of `gatehouse models` share: where the data folder is, its key, and whether an appliance runs on it. */
import { createInterface } from "node:readline/promises";
import { AppError } from "../../app-error.ts";
import type { Config } from "../../config/schema.ts";
import { askJson, controlPath, isAnswered } from "../../control/client.ts";
import type { Status } from "../../control/ports.ts";
import { openDataFolder } from "../../security/data-folder.ts";
import { type Keys, openKeys } from "../../security/keys.ts";
import { placeOptions } from "../command.ts";

export const modelsOptions = { ...placeOptions, key: { type: "string" }, yes: { type: "boolean" } } as const;

/** With the key of the data folder, which is made if there is none yet: as at the first start. */
export async function withKeys<T>({ data, key }: Config["storage"], use: (keys: Keys) => Promise<T>): Promise<T> {
  openDataFolder(data);
  const keys = openKeys(data, key);
  try {
    return await use(keys);
  } finally {
    keys.close();
  }
}

/** What a running appliance hears and speaks with, by path; empty where none runs. */
export async function loadedNow(dataDir: string): Promise<{ appliance: "running" | "stopped"; models: string[] }> {
  if (!(await isAnswered(controlPath(dataDir)))) return { appliance: "stopped", models: [] };
  const { speech } = await askJson<Status>(dataDir, "/status");
  return { appliance: "running", models: [...new Set(speech.map(({ model }) => model))] };
}

/** @throws AppError("invalid_input") where nobody is there to be asked. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new AppError("invalid_input", `${question} Nobody can be asked here: --yes means yes.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;

/** Lines of a table: as wide as their widest, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
