/** Reads the configuration: file, then `--set key=value`, over the defaults. Names the key that is wrong. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { AppError } from "../app-error.ts";
import { type Config, ConfigSchema } from "./schema.ts";

export type ConfigSource = {
  file: string | undefined;
  /** `sip.port=0`, `sip.peers=["10.0.0.5"]`: a dotted key and a TOML value (a bare word is a string). */
  set: readonly string[];
};

/** @throws AppError("invalid_config") naming file, key and what was expected. */
export function loadConfig({ file, set }: ConfigSource): Config {
  const raw = file === undefined ? {} : readToml(file);
  for (const assignment of set) assign(raw, assignment);
  const parsed = ConfigSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.join(".") || "(top level)";
    throw new AppError("invalid_config", `${file ?? "configuration"}: ${key}: ${issue?.message ?? "invalid"}`);
  }
  refuseOpenPasswords(parsed.data, file, set);
  return file === undefined ? parsed.data : resolvePaths(parsed.data, dirname(resolve(file)));
}

type Table = Record<string, unknown>;

/** Some editors of Windows put one in front. */
const byteOrderMark = "\uFEFF";

function readToml(file: string): Table {
  if (!existsSync(file))
    throw new AppError("invalid_config", `${file}: no such file; name an existing one with --config`);
  try {
    const text = readFileSync(file, "utf8");
    return Bun.TOML.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text) as Table;
  } catch (error) {
    throw new AppError(
      "invalid_config",
      `${file}: not valid TOML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function assign(root: Table, assignment: string): void {
  const equals = assignment.indexOf("=");
  if (equals < 1)
    throw new AppError("invalid_config", `--set ${assignment}: expected key=value, as in --set sip.port=5080`);
  const path = assignment.slice(0, equals).split(".");
  if (path.includes("__proto__")) throw new AppError("invalid_config", `--set ${assignment}: there is no such key`);
  const last = path.pop() ?? "";
  let table = root;
  for (const name of path) {
    const inner = Object.hasOwn(table, name) ? table[name] : {};
    if (typeof inner !== "object" || inner === null || Array.isArray(inner))
      throw new AppError("invalid_config", `--set ${assignment}: ${name} is not a table`);
    table[name] = inner;
    table = inner as Table;
  }
  table[last] = tomlValue(assignment.slice(equals + 1));
}

function tomlValue(text: string): unknown {
  try {
    return (Bun.TOML.parse(`value = ${text}`) as Table).value;
  } catch {
    return text; // a bare word or path: a string, as a shell user means it
  }
}

/** Words that may stand where a path may, and what is named among the installed models. */
const isNoPath = (text: string) =>
  text === "embedded" || text === "chosen" || text === "none" || text.startsWith("installed:");

/** Paths in a file are relative to that file, not to wherever the appliance was started. */
function resolvePaths(config: Config, folder: string): Config {
  const at = (path: string) => (isNoPath(path) || isAbsolute(path) ? path : resolve(folder, path));
  const { sip, speech } = config;
  return {
    ...config,
    storage: { data: at(config.storage.data), key: at(config.storage.key) },
    sip: {
      ...sip,
      ...(sip.tls && { tls: { certFile: at(sip.tls.certFile), keyFile: at(sip.tls.keyFile) } }),
      ...(sip.transfer && { transfer: { ...sip.transfer, tls: resolveTrust(sip.transfer.tls, at) } }),
    },
    webhooks: config.webhooks.map((webhook) => ({
      ...webhook,
      secretFile: at(webhook.secretFile),
      tls: resolveTrust(webhook.tls, at),
    })),
    trunks: config.trunks.map((trunk) => resolveTrunk(trunk, at)),
    agency: { seed: at(config.agency.seed) },
    import: {
      ...config.import,
      ...(config.import.folder && { folder: at(config.import.folder) }),
      ...(config.import.mapping && { mapping: at(config.import.mapping) }),
    },
    speech: {
      whisper: { ...speech.whisper, model: at(speech.whisper.model) },
      voice: speech.voice.kind === "piper" ? { ...speech.voice, voice: at(speech.voice.voice) } : speech.voice,
    },
  };
}

type Trunk = Config["trunks"][number];

function resolveTrunk(given: Trunk, at: (path: string) => string): Trunk {
  const { register, transfer } = given;
  const trunk = transfer ? { ...given, transfer: { ...transfer, tls: resolveTrust(transfer.tls, at) } } : given;
  const tls = trunk.tls && resolveTrust(trunk.tls, at);
  if (register === undefined) return { ...trunk, ...(tls && { tls }) };
  const { passwordFile } = register;
  return {
    ...trunk,
    ...(tls && { tls }),
    register: {
      ...register,
      ...(passwordFile === undefined ? {} : { passwordFile: at(passwordFile) }),
      tls: resolveTrust(register.tls, at),
    },
  };
}

function resolveTrust<T extends { caFile?: string | undefined }>(tls: T, at: (path: string) => string): T {
  return tls.caFile === undefined ? tls : { ...tls, caFile: at(tls.caFile) };
}

/**
 * A password in the file makes the file a secret; on a command line everybody can read it.
 * @throws AppError("invalid_config").
 */
function refuseOpenPasswords({ trunks }: Config, file: string | undefined, set: readonly string[]): void {
  if (!trunks.some(({ register }) => register?.password !== undefined)) return;
  if (file === undefined || set.some((assignment) => assignment.startsWith("trunks"))) {
    throw new AppError("invalid_config", "A password on the command line can be read by others: use passwordFile.");
  }
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new AppError("invalid_config", `${file} holds a password and others can read it: chmod 600 ${file}`);
  }
}
