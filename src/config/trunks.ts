/** What the configuration says of trunks, as the user agent wants it; reads the secrets that it names. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { AppError } from "../app-error.ts";
import type { Registrar, RegistrationSettings, TrunkSettings } from "../sip/ports.ts";
import type { Config } from "./schema.ts";

type Trunk = Config["trunks"][number];
type Register = NonNullable<Trunk["register"]>;

/** @throws AppError("invalid_config") for a secret that is not there, or that others can read. */
export function trunkSettings(trunks: readonly Trunk[]): {
  trunks: TrunkSettings[];
  registrations: RegistrationSettings[];
} {
  const all = trunks.map((trunk) => ({ trunk, settings: settingsOf(trunk) }));
  return {
    trunks: all.map(({ settings }) => settings),
    registrations: all.flatMap(({ trunk, settings }) =>
      trunk.register === undefined ? [] : [registrationOf(trunk.register, settings)],
    ),
  };
}

function settingsOf({ name, peers, called, register }: Trunk): TrunkSettings {
  // The Request-URI that a registered extension is called by is its own Contact (RFC 3261 §16.5).
  const usual =
    register === undefined ? (["request-uri"] as const) : (["p-called-party-id", "to", "request-uri"] as const);
  return { name, peers, called: called ?? usual };
}

function registrationOf(register: Register, trunk: TrunkSettings): RegistrationSettings {
  const { extension, expiresSeconds, registrars } = register;
  const [first, ...others] = registrars.map(readRegistrar);
  if (first === undefined) throw new Error("a registration without a registrar");
  const domain = register.domain ?? first.host;
  const tls = trustOf(register, domain);
  const withTrust = (registrar: Registrar): Registrar =>
    registrar.transport === "tls" ? { ...registrar, tls } : registrar;
  return {
    trunk,
    registrars: [withTrust(first), ...others.map(withTrust)],
    extension,
    domain,
    realm: register.realm ?? domain,
    authId: register.authId ?? extension,
    password: register.password ?? readSecret(register.passwordFile ?? ""),
    expiresSeconds,
  };
}

/** "tcp:[2001:db8::1]:5060"; the schema has seen to its form. */
function readRegistrar(text: string): Registrar {
  const match = /^(udp|tcp|tls):(.+?)(?::([0-9]+))?$/.exec(text);
  const [, transport = "udp", host = "", port] = match ?? [];
  const usual = transport === "tls" ? 5061 : 5060;
  return {
    transport: transport === "tls" || transport === "tcp" ? transport : "udp",
    host: host.replace(/^\[|\]$/g, ""),
    port: port === undefined ? usual : Number(port),
    tls: undefined,
  };
}

function trustOf({ tls }: Register, domain: string): Registrar["tls"] {
  const pinned = tls.sha256?.replaceAll(":", "").toLowerCase();
  return { name: tls.name ?? domain, ca: tls.caFile === undefined ? undefined : readAuthority(tls.caFile), pinned };
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new AppError("invalid_config", `The certificates of ${file} cannot be read.`, { cause: error });
  }
}

const longestSecret = 256;

/** The first line of a file that nobody but its owner, who is us or root, can read. */
function readSecret(file: string): string {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch (error) {
    throw new AppError("invalid_config", `The password file ${file} cannot be read.`, { cause: error });
  }
  try {
    const { mode, uid } = fstatSync(fd);
    if ((mode & 0o077) !== 0) {
      throw new AppError("invalid_config", `Others can read the password file: chmod 600 ${file}`);
    }
    if (uid !== 0 && uid !== process.getuid?.()) {
      throw new AppError("invalid_config", `The password file ${file} belongs to another user: chown it.`);
    }
    const bytes = Buffer.alloc(longestSecret);
    const [line = ""] = bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, 0)).split(/\r?\n/, 1);
    if (line === "") throw new AppError("invalid_config", `The password file ${file} is empty.`);
    return line;
  } finally {
    closeSync(fd);
  }
}
