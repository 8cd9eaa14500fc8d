/** Small things under AES-256-GCM: nonce (12 random bytes) ‖ ciphertext ‖ tag (16). */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const nonceBytes = 12;
export const tagBytes = 16;

/** @param context Authenticated, not stored: what the box is for, so that it opens nowhere else. */
export function sealBox(key: Uint8Array, context: string | Uint8Array, plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bytesOf(context));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @returns undefined if the box was changed, is of another context or under another key. */
export function openBox(key: Uint8Array, context: string | Uint8Array, box: Uint8Array): Buffer | undefined {
  if (box.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, box.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(bytesOf(context)).setAuthTag(box.subarray(box.length - tagBytes));
  const clear = decipher.update(box.subarray(nonceBytes, box.length - tagBytes));
  try {
    decipher.final();
    return clear;
  } catch {
    clear.fill(0);
    return undefined; // the only failure that GCM knows
  }
}

/** A key for one purpose out of another (HKDF-SHA-256, RFC 5869). 32 bytes. */
export function deriveKey(key: Uint8Array, purpose: string, salt: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, `gatehouse ${purpose}`, 32));
}

const bytesOf = (context: string | Uint8Array) => (typeof context === "string" ? Buffer.from(context) : context);
