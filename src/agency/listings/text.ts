/**
 * A list's bytes as text. UTF-8, with or without a byte order mark; UTF-16 with one; what is neither is Windows-1252,
 * the ISO 8859-1 of British office programs, in which every byte is a letter.
 */
export function listText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
