/** Message → bytes (RFC 3261 §7). */
import { spelledName } from "./header-names.ts";
import type { HeaderField } from "./message.ts";

export type Body = { readonly contentType: string; readonly text: string };

/**
 * @param headers Names canonical; written in this order. Content-Type and Content-Length are added here.
 * @param body Text of ours (UTF-8 on the wire).
 */
export function serialise(startLine: string, headers: readonly HeaderField[], body?: Body): Uint8Array {
  let text = `${oneLine(startLine)}\r\n`;
  for (const { name, value } of headers) text += `${spelledName(name)}: ${oneLine(value)}\r\n`;
  if (body === undefined) return Buffer.from(`${text}Content-Length: 0\r\n\r\n`, "latin1");
  const bytes = Buffer.from(body.text, "utf8");
  text += `Content-Type: ${oneLine(body.contentType)}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(text, "latin1"), bytes]);
}

/** Whatever a value is made of, it cannot begin a header of its own. */
function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? value.replace(/[\r\n]+/g, " ") : value;
}
