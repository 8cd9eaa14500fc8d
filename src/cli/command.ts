/** What a command is, and the arguments that several share. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { AppError } from "../app-error.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { writeOut } from "./output.ts";

export type Command = {
  name: string;
  summary: string;
  /** Everything after the summary line of `--help`. */
  usage: string;
  /** @returns the exit code. */
  run(args: readonly string[]): Promise<number>;
};

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Where the appliance's files are, as every command takes it. */
export const placeOptions = {
  config: { type: "string", short: "c" },
  data: { type: "string" },
  set: { type: "string", multiple: true },
  json: { type: "boolean" },
} as const satisfies Options;

export const placeUsage = `  -c, --config FILE     configuration (config/gatehouse.toml of the source explains every key)
      --data DIR        data directory (storage.data)
      --set KEY=VALUE   one key for this run, may be repeated
      --json            for scripts`;

/** @throws AppError("invalid_input") naming the argument that is wrong. */
export function readArguments<T extends Options>(args: readonly string[], options: T, positionals = false) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: positionals, strict: true });
  } catch (error) {
    throw new AppError("invalid_input", `${error instanceof Error ? error.message : String(error)} (see --help)`);
  }
}

export function configOf(values: { config?: string; data?: string; set?: string[]; key?: string }): Config {
  const set = [...(values.set ?? [])];
  const config = loadConfig({ file: values.config, set });
  if (values.data === "" || values.key === "") throw new AppError("invalid_input", "--data and --key: expected a path");
  return {
    ...config,
    storage: { data: values.data ?? config.storage.data, key: values.key ?? config.storage.key },
  };
}

/** A command whose reader has gone has nothing left to do. */
export function print(text: string): void {
  if (!writeOut(`${text}\n`)) process.exit(0);
}
