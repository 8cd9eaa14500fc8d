/** Start line and header lines of one message (RFC 3261 §7.1 to §7.3.1). */
import { isToken, trimSpace } from "./grammar.ts";
import { canonicalName } from "./header-names.ts";
import type { HeaderField } from "./message.ts";

export type StartLine =
  | { readonly kind: "request"; readonly version: string; readonly method: string; readonly uri: string }
  | { readonly kind: "response"; readonly version: string; readonly status: number; readonly reason: string };

export type Head = {
  readonly start: StartLine;
  readonly headers: readonly HeaderField[];
  /** Where in the datagram the body begins. */
  readonly bodyAt: number;
};

export type HeadFault = "unended" | "start-line" | "line-break" | "header-line" | "too-many-headers";

/** The torture messages of RFC 4475 have up to 36; PBXes send up to 40. */
const maxHeaders = 128;

const requestLine = /^([^ \t]+) ([^\t]*) SIP\/([0-9]+\.[0-9]+)$/i;
const statusLine = /^SIP\/([0-9]+\.[0-9]+) ([0-9]+)(?: ([\s\S]*))?$/i;

export function readHead(datagram: Uint8Array): Head | HeadFault | "keep-alive" {
  const text = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength).toString("latin1");
  // RFC 3261 §7.5, RFC 5626 §3.5.1: empty lines before the start line mean nothing; alone they keep a NAT's door open.
  let at = 0;
  while (text.startsWith("\r\n", at)) at += 2;
  if (at === text.length) return "keep-alive";
  const end = text.indexOf("\r\n\r\n", at);
  if (end < 0) return "unended";
  const startEnd = text.indexOf("\r\n", at);
  const start = readStartLine(text.slice(at, startEnd));
  if (start === undefined) return "start-line";
  const headers = readHeaders(text, startEnd + 2, end);
  return typeof headers === "string" ? headers : { start, headers, bodyAt: end + 4 };
}

function readStartLine(line: string): StartLine | undefined {
  if (/[\r\n]/.test(line)) return undefined;
  if (line.startsWith("SIP/") || line.startsWith("sip/")) {
    const match = statusLine.exec(line);
    if (match === null) return undefined;
    const [, version = "", status = "", reason = ""] = match;
    return { kind: "response", version, status: Number(status), reason };
  }
  const match = requestLine.exec(trimSpace(line));
  if (match === null) return undefined;
  const [, method = "", uri = "", version = ""] = match;
  // Trailing white space is not legal (§7.1): the URI carries it on, and is refused for it.
  return isToken(method) ? { kind: "request", version, method, uri: line.endsWith(" ") ? `${uri} ` : uri } : undefined;
}

/** @param from Where the first header line begins. @param end Where the last one ends, before its CRLF. */
function readHeaders(text: string, from: number, end: number): HeaderField[] | HeadFault {
  const headers: HeaderField[] = [];
  let name = "";
  let value = "";
  for (let at = from; at < end; ) {
    const cr = text.indexOf("\r", at);
    // A lone CR or LF copied into a response would begin a line of its own there.
    if (text.indexOf("\n", at) !== cr + 1) return "line-break";
    const code = text.charCodeAt(at);
    if (code === 0x20 || code === 0x09) {
      if (name === "") return "header-line";
      // §7.3.1: a line that begins with white space continues the one before; the fold counts as one space.
      value = trimSpace(`${value} ${trimSpace(text.slice(at, cr))}`);
    } else {
      if (name !== "") headers.push({ name, value });
      const colon = text.indexOf(":", at);
      if (colon < 0 || colon > cr) return "header-line";
      const written = trimSpace(text.slice(at, colon));
      name = canonicalName(written);
      if (name === "" || !isToken(written)) return "header-line";
      value = trimSpace(text.slice(colon + 1, cr));
      if (headers.length >= maxHeaders) return "too-many-headers";
    }
    at = cr + 2;
  }
  if (name !== "") headers.push({ name, value });
  return headers;
}
