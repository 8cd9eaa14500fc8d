/** What the configuration says of trunks, as the user agent wants it; reads the secrets that it names. */
import { readFileSync } from "node:fs";
import { AppError } from "../app-error.ts";
import { readSecretFile } from "../security/secret-file.ts";
import type { Registrar, RegistrationSettings, TlsTrust, TrunkSettings } from "../sip/ports.ts";
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

function settingsOf({ name, peers, called, register, tls, transports }: Trunk): TrunkSettings {
  // The Request-URI that a registered extension is called by is its own Contact (RFC 3261 §16.5).
  const usual =
    register === undefined ? (["request-uri"] as const) : (["p-called-party-id", "to", "request-uri"] as const);
  // Whoever must prove by TLS who it is could otherwise come by UDP, where anybody can write its address on a datagram.
  const ways = transports ?? (tls === undefined ? undefined : (["tls"] as const));
  return {
    name,
    peers,
    called: called ?? usual,
    ...(ways === undefined ? {} : { transports: ways }),
    ...(tls === undefined ? {} : { tls: trustOf(tls, "") }),
  };
}

function registrationOf(register: Register, trunk: TrunkSettings): RegistrationSettings {
  const { extension, expiresSeconds, registrars } = register;
  const [first, ...others] = registrars.map(readRegistrar);
  if (first === undefined) throw new Error("a registration without a registrar");
  const domain = register.domain ?? first.host;
  const tls = trustOf(register.tls, domain);
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
export function readRegistrar(text: string): Registrar {
  const match = /^(udp|tcp|tls):(.+?)(?::([0-9]+))?$/.exec(text);
  const [, transport = "udp", host = "", port] = match ?? [];
  return {
    transport: transport === "tls" || transport === "tcp" ? transport : "udp",
    host: host.replace(/^\[|\]$/g, ""),
    port: port === undefined ? 0 : Number(port),
    tls: undefined,
  };
}

export function trustOf(tls: Register["tls"], usualName: string): TlsTrust {
  const pinned = tls.sha256?.replaceAll(":", "").toLowerCase();
  return { name: tls.name ?? usualName, ca: tls.caFile === undefined ? undefined : readAuthority(tls.caFile), pinned };
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
  const [line = ""] = readSecretFile(file, "password file", longestSecret).toString("utf8").split(/\r?\n/, 1);
  if (line === "") throw new AppError("invalid_config", `The password file ${file} is empty.`);
  return line;
}
