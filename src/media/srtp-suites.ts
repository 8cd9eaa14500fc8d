/** The SRTP suites that SDES can name (RFC 4568 §6.2, RFC 6188 §4, RFC 7714 §14.2), and their session keys. */
import { createCipheriv } from "node:crypto";
import type { SrtpSuite } from "./messages.ts";

export type SuiteFacts = {
  keyBytes: 16 | 32;
  saltBytes: 12 | 14;
  /** At the end of an RTP packet. */
  tagBytes: 4 | 10 | 16;
  /** RFC 4568 §6.2.2: RTCP is authenticated by 80 bits even where RTP is by 32. */
  rtcpTagBytes: 10 | 16;
  isAead: boolean;
};

const cm = (keyBytes: 16 | 32, tagBytes: 4 | 10): SuiteFacts => ({
  keyBytes,
  saltBytes: 14,
  tagBytes,
  rtcpTagBytes: 10,
  isAead: false,
});
const gcm = (keyBytes: 16 | 32): SuiteFacts => ({
  keyBytes,
  saltBytes: 12,
  tagBytes: 16,
  rtcpTagBytes: 16,
  isAead: true,
});

/** In the order in which we would offer them. */
export const srtpSuites: Readonly<Record<SrtpSuite, SuiteFacts>> = {
  AEAD_AES_256_GCM: gcm(32),
  AEAD_AES_128_GCM: gcm(16),
  AES_256_CM_HMAC_SHA1_80: cm(32, 10),
  AES_CM_128_HMAC_SHA1_80: cm(16, 10),
  AES_256_CM_HMAC_SHA1_32: cm(32, 4),
  AES_CM_128_HMAC_SHA1_32: cm(16, 4),
};

export function isSrtpSuite(name: string): name is SrtpSuite {
  return Object.hasOwn(srtpSuites, name);
}

/** Master key and master salt, one after the other, as SDES carries them. */
export function masterBytes(suite: SrtpSuite): number {
  const { keyBytes, saltBytes } = srtpSuites[suite];
  return keyBytes + saltBytes;
}

export type SessionKeys = { key: Uint8Array; salt: Uint8Array; authentication: Uint8Array };

/**
 * RFC 3711 §4.3, with a derivation rate of 0 (the only one that SDES users have).
 * @param master of `masterBytes(suite)`.
 */
export function deriveKeys(suite: SrtpSuite, master: Uint8Array, stream: "rtp" | "rtcp"): SessionKeys {
  const { keyBytes, saltBytes, isAead } = srtpSuites[suite];
  const masterKey = master.subarray(0, keyBytes);
  const masterSalt = master.subarray(keyBytes, keyBytes + saltBytes);
  const first = stream === "rtp" ? 0 : 3;
  const derive = (label: number, bytes: number) => {
    // §4.3.1: the label stands over the seventh octet from the end of 112 bits; RFC 7714 §11 fills 96 bits up with zeros.
    const counter = new Uint8Array(16);
    counter.set(masterSalt);
    counter[7] = (counter[7] ?? 0) ^ label;
    return keystream(masterKey, counter, bytes);
  };
  return {
    key: derive(first, keyBytes),
    authentication: isAead ? new Uint8Array(0) : derive(first + 1, 20),
    salt: derive(first + 2, saltBytes),
  };
}

function keystream(key: Uint8Array, counter: Uint8Array, bytes: number): Uint8Array {
  return createCipheriv(key.length === 32 ? "aes-256-ctr" : "aes-128-ctr", key, counter).update(new Uint8Array(bytes));
}
