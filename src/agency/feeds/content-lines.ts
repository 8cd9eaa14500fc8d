/** How iCalendar writes a line (RFC 5545 §3.1, §3.3.11). */

const foldOctets = 75;
const encoder = new TextEncoder();

/** A value of type TEXT: what means something is escaped, line breaks are \n, other control characters do not exist. */
export function escapeText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\\;,]/g, (char) => `\\${char}`)
    .replace(/\n/g, "\\n")
    .replace(/[\p{Cc}\u2028\u2029]/gu, "");
}

/**
 * Lines SHOULD NOT be longer than 75 octets, break excluded: what is longer goes on in the next line after one space,
 * which counts. Cut between characters, never inside one: a line must be readable as UTF-8 on its own.
 */
export function foldLine(line: string): string {
  const pieces: string[] = [];
  let piece = "";
  let octets = 0;
  for (const char of line) {
    const size = encoder.encode(char).length;
    if (octets + size > foldOctets) {
      pieces.push(piece);
      piece = " ";
      octets = 1;
    }
    piece += char;
    octets += size;
  }
  return [...pieces, piece].join("\r\n");
}

/** Each line folded and ended by CRLF, the last one too. */
export const contentLines = (lines: readonly string[]): string => `${lines.map(foldLine).join("\r\n")}\r\n`;
