/**
 * A file that grows, encrypted chunk by chunk: AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway,
 * Vizár: "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015). The nonce of a chunk is
 * prefix ‖ counter ‖ last flag, so that chunks cannot be changed, exchanged, dropped or cut off unnoticed.
 *
 * Header, 64 bytes: magic "GHR1" · version 1 · codec · 2 zero · key id (16) · salt (32) · nonce prefix (7) · 1 zero.
 * Chunk: length of what follows (u32, high bit: last chunk) · ciphertext · tag (16). Numbers are big endian.
 * The file's key is HKDF(data key, salt = whole header); the header is authenticated with every chunk through it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deriveKey, tagBytes } from "./sealed-box.ts";

export const headerBytes = 64;
export const lengthBytes = 4;
const magic = Buffer.from("GHR1", "latin1");
const lastBit = 0x8000_0000;
/** A chunk is about a second of audio, 16 kB; what claims to be more than this is damage. */
export const maxChunkBytes = 1 << 20;

export type StreamHeader = { codec: number; keyId: Buffer; bytes: Buffer };

/** Of one chunk as it lies in the file. `at`: offset of its length field; `bytes`: ciphertext and tag. */
export type ChunkPlace = { index: number; at: number; bytes: number; last: boolean };

export interface Sealer {
  /** Goes to the front of the file. */
  readonly header: Buffer;
  /** The next chunk as it goes into the file. After the last one nothing more can be sealed. */
  seal(plaintext: Uint8Array, last: boolean): Buffer;
  close(): void;
}

/** @param keyId 16 bytes that say which data key opens it. */
export function createSealer(dataKey: Uint8Array, keyId: Uint8Array, codec: number): Sealer {
  if (keyId.length !== 16) throw new Error("a key id has 16 bytes");
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeUInt8(1, 4);
  header.writeUInt8(codec, 5);
  header.set(keyId, 8);
  randomBytes(32 + 7).copy(header, 24);
  const key = deriveKey(dataKey, "recording v1", header);
  let index = 0;
  let sealed = false;
  return {
    header,
    seal(plaintext, last) {
      if (sealed) throw new Error("the stream is sealed");
      if (plaintext.length + tagBytes > maxChunkBytes) throw new Error("a chunk of at most 1 MiB");
      const cipher = createCipheriv("aes-256-gcm", key, nonceOf(header, index++, last));
      sealed = last;
      const length = Buffer.alloc(lengthBytes);
      length.writeUInt32BE(((plaintext.length + tagBytes) | (last ? lastBit : 0)) >>> 0);
      return Buffer.concat([length, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    close() {
      sealed = true;
      key.fill(0);
    },
  };
}

/** @returns undefined unless these are the first 64 bytes of such a file in a version that we know. */
export function parseHeader(head: Uint8Array): StreamHeader | undefined {
  const bytes = Buffer.from(head.subarray(0, headerBytes));
  if (bytes.length < headerBytes || !magic.equals(bytes.subarray(0, 4)) || bytes.readUInt8(4) !== 1) return undefined;
  return { codec: bytes.readUInt8(5), keyId: bytes.subarray(8, 24), bytes };
}

/** What the length field of a chunk says. @returns undefined if no chunk can be so long. */
export function parseLength(field: Uint8Array): { bytes: number; last: boolean } | undefined {
  const value = new DataView(field.buffer, field.byteOffset, lengthBytes).getUint32(0);
  const bytes = (value & ~lastBit) >>> 0;
  return bytes < tagBytes || bytes > maxChunkBytes ? undefined : { bytes, last: value >= lastBit };
}

export interface Opener {
  /** @returns undefined if the chunk is not exactly the one that was sealed at that place. */
  open(index: number, last: boolean, sealed: Uint8Array): Buffer | undefined;
  close(): void;
}

export function createOpener(dataKey: Uint8Array, header: StreamHeader): Opener {
  const key = deriveKey(dataKey, "recording v1", header.bytes);
  return {
    open(index, last, sealed) {
      if (sealed.length < tagBytes) return undefined;
      const cut = sealed.length - tagBytes;
      const nonce = nonceOf(header.bytes, index, last);
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
      decipher.setAuthTag(sealed.subarray(cut));
      const clear = decipher.update(sealed.subarray(0, cut));
      try {
        decipher.final();
        return clear;
      } catch {
        clear.fill(0);
        return undefined; // the only failure that GCM knows
      }
    },
    close: () => key.fill(0),
  };
}

/** The counter has 32 bits: 136 years of seconds. */
function nonceOf(header: Buffer, index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  header.copy(nonce, 0, 56, 63);
  nonce.writeUInt32BE(index, 7);
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}
