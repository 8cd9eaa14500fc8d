/** What can be configured, with its defaults: one schema, read once at start. `config/gatehouse.toml` explains each key. */
import { z } from "zod";

const port = z.int().min(0).max(65_535);
const address = z.union([z.ipv4(), z.ipv6()]);

const Sip = z.strictObject({
  address: address.default("127.0.0.1"),
  port: port.default(5060),
  /** Addresses or CIDR blocks of the PBX; nobody else is answered. */
  peers: z
    .array(z.union([address, z.cidrv4(), z.cidrv6()]))
    .min(1)
    .default(["127.0.0.1"]),
  maxCalls: z.int().min(1).max(500).default(10),
});

/** What a PBX can send to: 0.0.0.0 in an SDP means hold (RFC 3264 §8.4), and nobody would hear anything. */
const ownAddress = address.refine((text) => !/^(0\.0\.0\.0|[0:]+)$/.test(text), "expected one address of this machine");

const Media = z.strictObject({
  address: ownAddress.optional(),
  rtpPorts: z
    .strictObject({ from: port.min(1), to: port })
    .refine(({ from, to }) => from < to, "`from` must be below `to`")
    .optional(),
  codecs: z
    .array(z.enum(["PCMA", "PCMU", "G722"]))
    .min(1)
    .default(["PCMA", "PCMU"]),
  /** SRTP with keys in the SDP (SDES). */
  srtp: z.enum(["off", "prefer", "require"]).default("off"),
  /** An exception: whoever reads the SIP messages has the keys. Without it SRTP is for calls over TLS only. */
  srtpKeysInClear: z.boolean().default(false),
  inactivitySeconds: z.number().min(2).max(3600).default(30),
});

const Line = z.strictObject({ number: z.string().min(1), kind: z.enum(["reception", "echo"]) });

const Whisper = z.strictObject({
  /** `embedded`, or a folder in the public sherpa-onnx Whisper layout. */
  model: z.string().default("embedded"),
  precision: z.enum(["int8", "fp32"]).default("int8"),
  tailFrames: z.int().min(0).max(3000).optional(),
  pieceSeconds: z.number().min(2).max(28).optional(),
  children: z.int().min(1).max(8).default(1),
});

const Voice = z.strictObject({
  kind: z.enum(["espeak", "piper"]).default("espeak"),
  /** espeak-ng's name of a voice, or the path of a Piper `.onnx` (its `.onnx.json` beside it). */
  voice: z.string().default("en-gb-x-rp"),
  children: z.int().min(1).max(8).default(1),
});

const path = z.string().min(1, "expected a path");

/** An even port for RTP and the next one for RTCP. */
const pairsIn = ({ from, to }: { from: number; to: number }) => Math.floor((to + 1 - (from + (from % 2))) / 2);

const Config = z.strictObject({
  storage: z
    .strictObject({ data: path.default("/var/lib/gatehouse"), key: path.default("/etc/gatehouse/key") })
    .prefault({}),
  sip: Sip.prefault({}),
  media: Media.prefault({}),
  lines: z
    .array(Line)
    .min(1)
    .default([{ number: "*", kind: "reception" }]),
  speech: z.strictObject({ whisper: Whisper.prefault({}), voice: Voice.prefault({}) }).prefault({}),
  web: z.strictObject({ address: address.default("127.0.0.1"), port: port.default(8443) }).prefault({}),
  agency: z.strictObject({ seed: path.default("embedded") }).prefault({}),
  calls: z.strictObject({ drainSeconds: z.number().min(0).max(3600).default(60) }).prefault({}),
});

export const ConfigSchema = Config.refine(
  ({ media, sip }) => media.rtpPorts === undefined || pairsIn(media.rtpPorts) >= sip.maxCalls,
  { path: ["media", "rtpPorts"], message: "too few: sip.maxCalls calls need two ports each, the first one even" },
);

export type Config = z.infer<typeof ConfigSchema>;
