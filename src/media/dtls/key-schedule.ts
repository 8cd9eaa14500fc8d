/** From the agreed secret to keys: TLS 1.2's PRF (RFC 5246 §5), extended master secret (RFC 7627), export (RFC 5705). */
import { createHash, createHmac } from "node:crypto";
import type { SrtpKeys, SrtpSuite } from "../messages.ts";
import { srtpSuites } from "../srtp-suites.ts";
import type { RecordKey } from "./records.ts";
import { joined } from "./wire.ts";

export type Hash = "sha256" | "sha384";
export type Role = "client" | "server";

/** What both sides hold once a handshake's secret is agreed. */
export type Secrets = {
  hash: Hash;
  keyBytes: 16 | 32;
  master: Uint8Array;
  clientRandom: Uint8Array;
  serverRandom: Uint8Array;
};

const masterBytes = 48;
const saltBytes = 4;
const verifyBytes = 12;

/** RFC 5246 §5: P_hash over label and seed. */
export function prf(hash: Hash, secret: Uint8Array, label: string, seed: Uint8Array, bytes: number): Uint8Array {
  const labelled = joined(Buffer.from(label, "latin1"), seed);
  const hmac = (data: Uint8Array) => createHmac(hash, secret).update(data).digest();
  const blocks: Uint8Array[] = [];
  let a: Uint8Array = labelled;
  for (let made = 0; made < bytes; ) {
    a = hmac(a);
    const block = hmac(joined(a, labelled));
    blocks.push(block);
    made += block.length;
  }
  return joined(...blocks).slice(0, bytes);
}

/** RFC 7627 §4. @param transcript from ClientHello to ClientKeyExchange. */
export function extendedMasterSecret(hash: Hash, agreed: Uint8Array, transcript: Uint8Array): Uint8Array {
  return prf(hash, agreed, "extended master secret", digest(hash, transcript), masterBytes);
}

/** RFC 5246 §6.3; ciphers with associated data have no MAC keys. */
export function recordKeys(secrets: Secrets): Record<Role, RecordKey> {
  const { hash, keyBytes, master, clientRandom, serverRandom } = secrets;
  const block = prf(hash, master, "key expansion", joined(serverRandom, clientRandom), 2 * (keyBytes + saltBytes));
  const salts = 2 * keyBytes;
  return {
    client: { key: block.subarray(0, keyBytes), salt: block.subarray(salts, salts + saltBytes) },
    server: { key: block.subarray(keyBytes, salts), salt: block.subarray(salts + saltBytes) },
  };
}

/** What a Finished of `role` must say (RFC 5246 §7.4.9). @param transcript up to it. */
export function verifyData({ hash, master }: Secrets, role: Role, transcript: Uint8Array): Uint8Array {
  return prf(hash, master, `${role} finished`, digest(hash, transcript), verifyBytes);
}

/** RFC 5764 §4.2: client's key, server's key, client's salt, server's salt; each side sends with its own. */
export function srtpKeys(secrets: Secrets, suite: SrtpSuite, ours: Role): SrtpKeys {
  const { hash, master, clientRandom, serverRandom } = secrets;
  const { keyBytes, saltBytes: salt } = srtpSuites[suite];
  const label = "EXTRACTOR-dtls_srtp";
  const material = prf(hash, master, label, joined(clientRandom, serverRandom), 2 * (keyBytes + salt));
  const part = (from: number, bytes: number) => material.subarray(from, from + bytes);
  const salts = 2 * keyBytes;
  const client = joined(part(0, keyBytes), part(salts, salt));
  const server = joined(part(keyBytes, keyBytes), part(salts + salt, salt));
  return ours === "client"
    ? { suite, sendKey: client, receiveKey: server }
    : { suite, sendKey: server, receiveKey: client };
}

function digest(hash: Hash, data: Uint8Array): Uint8Array {
  return createHash(hash).update(data).digest();
}
