/** Who is at the other end: certificates by fingerprint (RFC 8122), and what proves that their key is there. */
import { createHash, createPrivateKey, type KeyObject, sign, verify, X509Certificate } from "node:crypto";
import type { DtlsCredentials, Fingerprint } from "../messages.ts";
import { createReader, joined, listOf16, uint, vector } from "./wire.ts";

/** Our own end: an ECDSA certificate of P-256. */
export type DtlsIdentity = { certificate: Uint8Array; privateKey: KeyObject };

export function dtlsIdentity({ certificate, privateKey }: DtlsCredentials): DtlsIdentity {
  return {
    certificate,
    privateKey: createPrivateKey({ key: Buffer.from(privateKey), format: "der", type: "pkcs8" }),
  };
}

export function fingerprintOf({ certificate }: Pick<DtlsCredentials, "certificate">): Fingerprint {
  return { hash: "sha256", value: new Uint8Array(createHash("sha256").update(certificate).digest()) };
}

/** SignatureAndHashAlgorithm of RFC 5246 §7.4.1.4.1, best first. SHA-1 and MD5 are not among them. */
const schemes: ReadonlyMap<number, { hash: string; key: "ec" | "rsa" }> = new Map([
  [0x0403, { hash: "sha256", key: "ec" }],
  [0x0503, { hash: "sha384", key: "ec" }],
  [0x0603, { hash: "sha512", key: "ec" }],
  [0x0401, { hash: "sha256", key: "rsa" }],
  [0x0501, { hash: "sha384", key: "rsa" }],
  [0x0601, { hash: "sha512", key: "rsa" }],
]);
export const signatureSchemes: readonly number[] = [...schemes.keys()];
export const ourScheme = 0x0403;
const shortestRsaBits = 2048;

export function writeCertificate(certificate: Uint8Array): Uint8Array {
  return vector(3, vector(3, certificate));
}

/** The first of a Certificate message: the peer's own (RFC 5246 §7.4.2). */
export function readCertificate(body: Uint8Array): Uint8Array | undefined {
  const reader = createReader(body);
  const first = createReader(reader.vector(3));
  const certificate = first.vector(3);
  return reader.isGood && first.isGood && certificate.length > 0 ? certificate : undefined;
}

/** RFC 8122 §5: whoever the description promised. Whether the certificate is in date or signed by whom says nothing. */
export function matchesFingerprint(certificate: Uint8Array, fingerprints: readonly Fingerprint[]): boolean {
  return fingerprints.some(({ hash, value }) => {
    const digest = createHash(hash).update(certificate).digest();
    return digest.equals(value);
  });
}

/** @returns undefined for a key that we cannot or will not use. */
export function publicKeyOf(certificate: Uint8Array): KeyObject | undefined {
  try {
    const { publicKey } = new X509Certificate(certificate);
    const { asymmetricKeyType, asymmetricKeyDetails } = publicKey;
    if (asymmetricKeyType === "ec") return publicKey;
    const isLong = (asymmetricKeyDetails?.modulusLength ?? 0) >= shortestRsaBits;
    return asymmetricKeyType === "rsa" && isLong ? publicKey : undefined;
  } catch {
    return undefined; // no certificate
  }
}

/** Reads scheme and signature at the reader's place, to the end. */
export function isSigned(signed: Uint8Array, data: Uint8Array, by: KeyObject): boolean {
  const reader = createReader(signed);
  const scheme = schemes.get(reader.uint16());
  const signature = reader.vector(2);
  if (!reader.isGood || reader.left > 0 || scheme === undefined || scheme.key !== by.asymmetricKeyType) return false;
  try {
    return verify(scheme.hash, data, by, signature);
  } catch {
    return false; // a signature that cannot even be read
  }
}

export function signWith({ privateKey }: DtlsIdentity, data: Uint8Array): Uint8Array {
  return joined(uint(ourScheme, 2), vector(2, sign("sha256", data, privateKey)));
}

/** RFC 5246 §7.4.4: certificates of ECDSA or RSA, of any authority. */
export function writeCertificateRequest(): Uint8Array {
  const [rsaSign, ecdsaSign] = [1, 64];
  return joined(vector(1, uint(ecdsaSign, 1), uint(rsaSign, 1)), listOf16(2, signatureSchemes), vector(2));
}
