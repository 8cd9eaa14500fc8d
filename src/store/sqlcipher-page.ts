/**
 * SQLCipher 4's page format, read by ourselves: a check of the library that does not ask the library.
 *
 * A page of 4096 bytes ends in 80 reserved ones: IV (16) and HMAC-SHA512 (64). The first 16 bytes of the file are the
 * salt. The HMAC covers the ciphertext, the IV and the page number (little endian); its key is PBKDF2-HMAC-SHA512 of
 * the encryption key, 2 rounds, salted with the salt XOR 0x3a (zetetic.net/sqlcipher/design).
 */
import { createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";

export const pageBytes = 4096;
export const saltBytes = 16;
const ivBytes = 16;
const macBytes = 64;
export const reservedBytes = ivBytes + macBytes;

const plaintextMagic = Buffer.from("SQLite format 3\0", "latin1");

/** True if these first bytes of a file are those of an SQLite database that nobody encrypted. */
export function isPlaintextDatabase(head: Uint8Array): boolean {
  return head.length >= plaintextMagic.length && plaintextMagic.equals(head.subarray(0, plaintextMagic.length));
}

/**
 * True if `page` is the first page of a SQLCipher 4 database under this raw key.
 *
 * @param page The first 4096 bytes of the file.
 * @param key 32 bytes.
 */
export function isFirstPageUnder(page: Uint8Array, key: Uint8Array): boolean {
  if (page.length !== pageBytes) return false;
  const macKey = pbkdf2Sync(
    key,
    page.subarray(0, saltBytes).map((byte) => byte ^ 0x3a),
    2,
    32,
    "sha512",
  );
  const expected = createHmac("sha512", macKey)
    .update(page.subarray(saltBytes, pageBytes - macBytes))
    .update(Uint8Array.of(1, 0, 0, 0))
    .digest();
  macKey.fill(0);
  return timingSafeEqual(expected, page.subarray(pageBytes - macBytes));
}

/**
 * The images of page 1 in a write-ahead log, newest last. A power cut in the middle of a checkpoint may leave page 1 of
 * the file torn while the log still has it whole.
 *
 * @param log The whole `-wal` file: a header of 32 bytes, then frames of 24 + 4096 (sqlite.org/fileformat2.html §4).
 */
export function firstPagesInLog(log: Uint8Array): Uint8Array[] {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const pages: Uint8Array[] = [];
  for (let at = 32; at + 24 + pageBytes <= log.length; at += 24 + pageBytes) {
    if (view.getUint32(at) === 1) pages.push(log.subarray(at + 24, at + 24 + pageBytes));
  }
  return pages;
}
