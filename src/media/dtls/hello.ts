/** ClientHello, ServerHello, HelloVerifyRequest (RFC 5246 §7.4.1, RFC 6347 §4.2.1) and the extensions that we live by. */
import type { SrtpSuite } from "../messages.ts";
import type { Hash } from "./key-schedule.ts";
import { dtls12 } from "./records.ts";
import { createReader, joined, listOf16, type Reader, read16s, uint, vector } from "./wire.ts";

/** Ephemeral keys and AES-GCM only: everything else that TLS 1.2 has is weaker or not agreed on beforehand. */
export type CipherSuite = { id: number; hash: Hash; keyBytes: 16 | 32; signedBy: "ec" | "rsa" };
export const cipherSuites: readonly CipherSuite[] = [
  { id: 0xc02b, hash: "sha256", keyBytes: 16, signedBy: "ec" }, // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  { id: 0xc02c, hash: "sha384", keyBytes: 32, signedBy: "ec" },
  { id: 0xc02f, hash: "sha256", keyBytes: 16, signedBy: "rsa" },
  { id: 0xc030, hash: "sha384", keyBytes: 32, signedBy: "rsa" },
];

/** RFC 5764 §4.1.2 and RFC 7714 §14.2. */
export const srtpProfiles: ReadonlyMap<number, SrtpSuite> = new Map([
  [0x0008, "AEAD_AES_256_GCM"],
  [0x0007, "AEAD_AES_128_GCM"],
  [0x0001, "AES_CM_128_HMAC_SHA1_80"],
  [0x0002, "AES_CM_128_HMAC_SHA1_32"],
]);

const extension = {
  groups: 10,
  pointFormats: 11,
  signatures: 13,
  useSrtp: 14,
  extendedMasterSecret: 23,
  renegotiationInfo: 0xff01,
} as const;
/** RFC 5746 §3.3: says in a suite's place what the empty renegotiation_info says. */
const noRenegotiationSuite = 0x00ff;
/** secp256r1, which all have that have any curve. */
export const p256 = 23;
const uncompressed = 0;

export const randomBytes = 32;

export type ClientHello = {
  random: Uint8Array;
  cookie: Uint8Array;
  suites: number[];
  profiles: number[];
  groups: number[];
  signatures: number[];
  hasExtendedMasterSecret: boolean;
  renegotiates: boolean;
};

/** @returns undefined for what is malformed, older than DTLS 1.2, or compressed only. */
export function readClientHello(body: Uint8Array): ClientHello | undefined {
  const reader = createReader(body);
  const version = reader.uint16();
  const random = reader.bytes(randomBytes);
  reader.vector(1);
  const cookie = reader.vector(1);
  const suites = read16s(reader.vector(2));
  const compressions = reader.vector(1);
  const extensions = readExtensions(reader);
  // The versions of DTLS count downwards.
  if (extensions === undefined || version > dtls12 || !compressions.includes(0)) return undefined;
  const list = (type: number) => read16s(createReader(extensions.get(type) ?? empty).vector(2));
  const renegotiation = extensions.get(extension.renegotiationInfo);
  return {
    random,
    cookie,
    suites,
    profiles: list(extension.useSrtp),
    groups: list(extension.groups),
    signatures: list(extension.signatures),
    hasExtendedMasterSecret: extensions.has(extension.extendedMasterSecret),
    renegotiates: renegotiation !== undefined && renegotiation[0] !== 0,
  };
}

export function writeClientHello(random: Uint8Array, cookie: Uint8Array, signatures: readonly number[]): Uint8Array {
  const suites = [...cipherSuites.map(({ id }) => id), noRenegotiationSuite];
  return joined(
    uint(dtls12, 2),
    random,
    vector(1), // no session to resume
    vector(1, cookie),
    listOf16(2, suites),
    vector(1, uint(0, 1)), // no compression
    writeExtensions([
      [extension.groups, listOf16(2, [p256])],
      [extension.pointFormats, vector(1, uint(uncompressed, 1))],
      [extension.signatures, listOf16(2, signatures)],
      [extension.useSrtp, useSrtp([...srtpProfiles.keys()])],
      [extension.extendedMasterSecret, empty],
    ]),
  );
}

export type ServerHello = { random: Uint8Array; suite: CipherSuite; profile: SrtpSuite };

/** @returns undefined unless it took what we insist on: suite, SRTP profile, extended master secret. */
export function readServerHello(body: Uint8Array): ServerHello | undefined {
  const reader = createReader(body);
  const version = reader.uint16();
  const random = reader.bytes(randomBytes);
  reader.vector(1);
  const id = reader.uint16();
  const compression = reader.uint8();
  const extensions = readExtensions(reader);
  if (extensions === undefined || version !== dtls12 || compression !== 0) return undefined;
  if (!extensions.has(extension.extendedMasterSecret)) return undefined;
  const chosen = createReader(extensions.get(extension.useSrtp) ?? empty);
  const [profileId = 0, ...more] = read16s(chosen.vector(2));
  const mki = chosen.vector(1);
  const suite = cipherSuites.find((one) => one.id === id);
  const profile = srtpProfiles.get(profileId);
  // RFC 5764 §4.1.1: one profile and no MKI other than ours, which is empty.
  if (suite === undefined || profile === undefined || more.length > 0 || mki.length > 0 || !chosen.isGood)
    return undefined;
  return { random, suite, profile };
}

export function writeServerHello(random: Uint8Array, suite: CipherSuite, profileId: number): Uint8Array {
  return joined(
    uint(dtls12, 2),
    random,
    vector(1), // nothing to resume
    uint(suite.id, 2),
    uint(0, 1),
    writeExtensions([
      [extension.renegotiationInfo, vector(1)],
      [extension.pointFormats, vector(1, uint(uncompressed, 1))],
      [extension.useSrtp, useSrtp([profileId])],
      [extension.extendedMasterSecret, empty],
    ]),
  );
}

/** @returns the cookie, or undefined. */
export function readHelloVerify(body: Uint8Array): Uint8Array | undefined {
  const reader = createReader(body);
  reader.uint16();
  const cookie = reader.vector(1);
  return reader.isGood && cookie.length > 0 ? cookie : undefined;
}

export function writeHelloVerify(cookie: Uint8Array): Uint8Array {
  return joined(uint(dtls12, 2), vector(1, cookie));
}

const empty = new Uint8Array(0);

function readExtensions(reader: Reader): Map<number, Uint8Array> | undefined {
  const extensions = new Map<number, Uint8Array>();
  const block = createReader(reader.left === 0 ? empty : reader.vector(2));
  while (block.left > 0 && block.isGood) {
    const type = block.uint16();
    extensions.set(type, block.vector(2));
  }
  return reader.isGood && block.isGood ? extensions : undefined;
}

function writeExtensions(extensions: readonly (readonly [type: number, content: Uint8Array])[]): Uint8Array {
  return vector(2, ...extensions.map(([type, content]) => joined(uint(type, 2), vector(2, content))));
}

function useSrtp(profiles: readonly number[]): Uint8Array {
  return joined(listOf16(2, profiles), vector(1));
}
