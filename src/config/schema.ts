/** What can be configured, with its defaults: one schema, read once at start. `config/gatehouse.toml` explains each key. */
import { z } from "zod";
import { address, peer, TlsTrust } from "./schema-parts.ts";
import { Webhook } from "./webhook-schema.ts";

const port = z.int().min(0).max(65_535);
/** What may stand in a header between quotes, and says something. */
const headerText = z.string().regex(/^[^\p{Cc}]{1,128}$/u, "expected 1 to 128 characters on one line");

/** What some old PBX may need of TLS 1.2, and what it may need of the versions before, which know nothing better. */
const legacyCiphers = [
  "AES128-GCM-SHA256",
  "AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES128-SHA",
  "ECDHE-ECDSA-AES256-SHA",
  "ECDHE-RSA-AES128-SHA",
  "ECDHE-RSA-AES256-SHA",
  "AES128-SHA",
  "AES256-SHA",
] as const;

const TlsException = z
  .strictObject({
    /** For which PBX, why: so that somebody can be asked. */
    name: headerText,
    /** From a month before it is said; calls are never cut. */
    until: z.iso.date(),
    minVersion: z.enum(["TLSv1", "TLSv1.1", "TLSv1.2"]).default("TLSv1.2"),
    ciphers: z.array(z.enum(legacyCiphers)).min(1),
  })
  .refine(({ minVersion, ciphers }) => minVersion === "TLSv1.2" || ciphers.some((name) => !name.includes("GCM")), {
    path: ["ciphers"],
    message: "before TLS 1.2 there is no GCM: expected one that ends in -SHA",
  });

/** An address or a name, with what it takes to reach it; IPv6 in brackets. */
const registrar = z
  .string()
  .regex(/^(udp|tcp|tls):(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[1-9][0-9]{0,4})?$/, {
    message: 'expected transport:host or transport:host:port, as in "udp:192.168.1.10:5060"',
  })
  .refine((text) => Number(/:([0-9]+)$/.exec(text)?.[1] ?? 1) <= 65_535, { message: "expected a port up to 65535" });

/** Who may be called, as it stands in a SIP address: nothing in it can mean anything but itself. */
const extension = z
  .string()
  .regex(/^[0-9*#A-Za-z._+-]{1,32}$/, "expected an extension: up to 32 letters, digits, * # . _ + -");

/** Whom Gatehouse may call by a trunk, to pass a caller on or to alert somebody: these, and nobody else. */
const Transfer = z.strictObject({
  extensions: z.array(extension).min(1).max(256),
  /** Who it says that it is. Default: the extension that is registered, else "gatehouse". */
  identity: extension.optional(),
  /** The PBX. Default: the registrar that the extension is registered with. */
  pbx: registrar.optional(),
  tls: TlsTrust.prefault({}),
  /** The PBX takes callers without our having asked the person: what nobody answers there goes somewhere better. */
  blindTransfer: z.boolean().default(false),
});

const Sip = z.strictObject({
  address: address.default("127.0.0.1"),
  port: port.default(5060),
  /** What is listened on; udp and tcp on that port. */
  transports: z
    .array(z.enum(["udp", "tcp", "tls"]))
    .refine((transports) => transports.includes("udp"), "expected udp among them")
    .default(["udp"]),
  /** Where "tls" is listened on. */
  tlsPort: port.default(5061),
  /** Default: a certificate that the appliance makes for itself. */
  tls: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  tlsException: TlsException.optional(),
  /** Addresses or CIDR blocks of the PBX; nobody else is answered. */
  peers: z.array(peer).default(["127.0.0.1"]),
  maxCalls: z.int().min(1).max(500).default(10),
  /** What `maxCalls` is: the limit, or the most that a limit measured at start may be. */
  callLimit: z.enum(["configured", "measured"]).default("configured"),
  /** Of one source, each second; twice as many at once. */
  invitesPerSecond: z.int().min(1).max(100_000).default(200),
  othersPerSecond: z.int().min(1).max(100_000).default(500),
  minSessionSeconds: z.int().min(90).max(86_400).default(90),
  /** For calls that come from `peers`. */
  transfer: Transfer.refine(({ pbx }) => pbx !== undefined, {
    path: ["pbx"],
    message: "expected the PBX that takes the calls",
  }).optional(),
});

/** What a PBX can send to: 0.0.0.0 in an SDP means hold (RFC 3264 §8.4), and nobody would hear anything. */
const ownAddress = address.refine((text) => !/^(0\.0\.0\.0|[0:]+)$/.test(text), "expected one address of this machine");

const srtpPolicy = z.enum(["off", "prefer", "require"]);

const Media = z.strictObject({
  address: ownAddress.optional(),
  rtpPorts: z
    .strictObject({ from: port.min(1), to: port })
    .refine(({ from, to }) => from < to, "`from` must be below `to`")
    .optional(),
  codecs: z
    .array(z.enum(["PCMA", "PCMU", "G722", "opus"]))
    .min(1)
    .default(["PCMA", "PCMU"]),
  /** Encrypted sound: keys of a handshake (DTLS-SRTP), or in the SDP (SDES). */
  srtp: srtpPolicy.default("off"),
  /** An exception: whoever reads the SIP messages has the keys. Without it SDES is for calls over TLS only. */
  srtpKeysInClear: z.boolean().default(false),
  inactivitySeconds: z.number().min(2).max(3600).default(30),
});

const Line = z.strictObject({ number: z.string().min(1), kind: z.enum(["reception", "echo"]) });

const Register = z
  .strictObject({
    registrars: z.array(registrar).min(1).max(4),
    extension: headerText,
    /** Default: the host of the first registrar. */
    domain: z
      .string()
      .regex(/^[A-Za-z0-9._:-]+$/, "expected a host name or an address")
      .optional(),
    /** Default: the domain. */
    realm: headerText.optional(),
    /** Default: the extension. */
    authId: headerText.optional(),
    password: z.string().min(1).optional(),
    passwordFile: z.string().min(1).optional(),
    expiresSeconds: z.int().min(60).max(86_400).default(300),
    /** The name is by default the domain. */
    tls: TlsTrust.prefault({}),
  })
  .refine(({ password, passwordFile }) => (password === undefined) !== (passwordFile === undefined), {
    path: ["passwordFile"],
    message: "expected either passwordFile or password",
  });

const CalledHeader = z.enum(["request-uri", "to", "p-called-party-id", "diversion", "history-info"]);

const Trunk = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9 ._-]{1,32}$/, "expected up to 32 letters, digits, spaces, dots, dashes"),
    peers: z.array(peer).default([]),
    /** Default: what the Request-URI says; for a registered extension what others say before it. */
    called: z.array(CalledHeader).min(1).optional(),
    /** By what its calls may come. Default: what sip.transports has; with `tls`, TLS only. */
    transports: z
      .array(z.enum(["udp", "tcp", "tls"]))
      .min(1)
      .optional(),
    /** Who connects by TLS must show such a certificate. */
    tls: TlsTrust.refine(({ caFile, sha256 }) => caFile !== undefined || sha256 !== undefined, {
      message: "expected caFile or sha256: any certificate would do otherwise",
    }).optional(),
    /** Default: `media.srtp`. */
    srtp: srtpPolicy.optional(),
    register: Register.optional(),
    transfer: Transfer.optional(),
  })
  .refine(({ transfer, register }) => transfer === undefined || (transfer.pbx ?? register) !== undefined, {
    path: ["transfer", "pbx"],
    message: "expected the PBX that takes the calls, as the trunk is not registered with one",
  })
  .refine(({ peers, register }) => peers.length > 0 || register !== undefined, {
    path: ["peers"],
    message: "nobody could call by it: expected peers, or a table register",
  });

const Person = z.strictObject({
  name: headerText,
  extension,
  /** Departments, in lower case; "reception": who asks for nobody by name. */
  roles: z.array(z.string().regex(/^[a-z -]{1,32}$/, "expected lower-case letters")).default([]),
});

const Whisper = z.strictObject({
  /** `chosen` by `gatehouse models use`, `embedded`, `installed:NAME`, a folder in the public sherpa-onnx layout, or `none`: by keys. */
  model: z.string().default("chosen"),
  precision: z.enum(["int8", "fp32"]).default("int8"),
  tailFrames: z.int().min(0).max(3000).optional(),
  pieceSeconds: z.number().min(2).max(28).optional(),
  children: z.int().min(1).max(8).default(1),
});

const Voice = z
  .strictObject({
    /** Default: `espeak` where a voice is named, else what `gatehouse models use` chose, and espeak-ng until it has. */
    kind: z.enum(["chosen", "espeak", "piper"]).optional(),
    /** espeak-ng's name of a voice; for Piper `installed:NAME`, or the path of an `.onnx` (its `.onnx.json` beside it). */
    voice: z.string().optional(),
    children: z.int().min(1).max(8).default(1),
  })
  .refine(({ kind, voice }) => kind !== "piper" || voice !== undefined, {
    path: ["voice"],
    message: "expected a Piper voice: a path, or installed:NAME",
  })
  .transform(({ kind, voice, children }) => ({
    kind: kind ?? (voice === undefined ? ("chosen" as const) : ("espeak" as const)),
    voice: voice ?? "en-gb-x-rp",
    children,
  }));

const path = z.string().min(1, "expected a path");

/** An even port for RTP and the next one for RTCP. */
const pairsIn = ({ from, to }: { from: number; to: number }) => Math.floor((to + 1 - (from + (from % 2))) / 2);

const Config = z.strictObject({
  storage: z
    .strictObject({ data: path.default("/var/lib/gatehouse"), key: path.default("/etc/gatehouse/key") })
    .prefault({}),
  sip: Sip.prefault({}),
  trunks: z
    .array(Trunk)
    .max(16)
    .refine((trunks) => new Set(trunks.map(({ name }) => name)).size === trunks.length, "each needs a name of its own")
    .default([]),
  media: Media.prefault({}),
  lines: z
    .array(Line)
    .min(1)
    .default([{ number: "*", kind: "reception" }]),
  speech: z.strictObject({ whisper: Whisper.prefault({}), voice: Voice.prefault({}) }).prefault({}),
  web: z.strictObject({ address: address.default("127.0.0.1"), port: port.default(8443) }).prefault({}),
  /** Diaries for calendar programs: how much of callers goes out with them. */
  feeds: z.strictObject({ contacts: z.enum(["none", "name", "name-and-phone"]).default("none") }).prefault({}),
  webhooks: z
    .array(Webhook)
    .max(16)
    .refine((all) => new Set(all.map(({ url }) => url)).size === all.length, "each needs a URL of its own")
    .default([]),
  people: z.array(Person).max(200).default([]),
  agency: z.strictObject({ seed: path.default("embedded") }).prefault({}),
  import: z
    .strictObject({
      folder: path.optional(),
      everySeconds: z.number().min(1).max(86_400).default(30),
      mapping: path.optional(),
    })
    .prefault({}),
  calls: z.strictObject({ drainSeconds: z.number().min(0).max(3600).default(60) }).prefault({}),
});

/** The first of those who stand on no list of extensions that may be called. */
function unreachable(
  sip: z.infer<typeof Sip>,
  trunks: readonly z.infer<typeof Trunk>[],
  people: readonly z.infer<typeof Person>[],
) {
  const allowed = new Set([sip, ...trunks].flatMap(({ transfer }) => transfer?.extensions ?? []));
  return people.find(({ extension }) => !allowed.has(extension));
}

export const ConfigSchema = Config.refine(({ sip, trunks }) => sip.peers.length > 0 || trunks.length > 0, {
  path: ["sip", "peers"],
  message: "nobody could call: expected a peer here, or a trunk",
})
  .refine(({ sip, trunks }) => sip.transports.includes("tls") || trunks.every(({ tls }) => tls === undefined), {
    path: ["sip", "transports"],
    message: 'a trunk must prove itself by TLS: expected "tls" among them',
  })
  .refine(({ sip, trunks, people }) => unreachable(sip, trunks, people) === undefined, {
    path: ["people"],
    error: ({ input }) => {
      const { sip, trunks, people } = input as z.infer<typeof Config>;
      const { name, extension } = unreachable(sip, trunks, people) ?? {};
      return `"${name}": no table transfer has ${extension} among its extensions`;
    },
  })
  .refine(({ media, sip }) => media.rtpPorts === undefined || pairsIn(media.rtpPorts) >= sip.maxCalls, {
    path: ["media", "rtpPorts"],
    message: "too few: sip.maxCalls calls need two ports each, the first one even",
  });

export type Config = z.infer<typeof ConfigSchema>;
