/** The session description within a request's body (RFC 3261 §7.4, RFC 5621). */
import { parseParams, trimSpace, unquote } from "./grammar.ts";
import { canonicalName } from "./header-names.ts";
import { header, type SipMessage } from "./message.ts";

export type SdpBody =
  | { readonly kind: "none" }
  | { readonly kind: "sdp"; readonly sdp: string }
  /** Neither SDP nor anything that may be ignored: 415. */
  | { readonly kind: "unsupported" };

export const sdpType = "application/sdp";

/** A multipart body is searched one level deep; parts beyond this many are not looked at. */
const maxParts = 8;

export function sdpOf(request: SipMessage): SdpBody {
  if (request.body.length === 0) return { kind: "none" };
  const encoding = header(request, "content-encoding");
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") return { kind: "unsupported" };
  const type = readContentType(header(request, "content-type") ?? "");
  if (type?.media === sdpType) return { kind: "sdp", sdp: utf8(request.body) };
  if (type?.media.startsWith("multipart/")) {
    const boundary = type.boundary;
    const sdp = boundary === undefined ? undefined : sdpPart(utf8(request.body), boundary);
    if (sdp !== undefined) return { kind: "sdp", sdp };
  }
  // RFC 3261 §20.11: a body that the sender marks as optional may be ignored.
  const optional = /;[ \t]*handling[ \t]*=[ \t]*optional/i.test(header(request, "content-disposition") ?? "");
  return optional ? { kind: "none" } : { kind: "unsupported" };
}

function readContentType(value: string): { media: string; boundary: string | undefined } | undefined {
  const semicolon = value.indexOf(";");
  const media = (semicolon < 0 ? value : value.slice(0, semicolon)).split("/").map(trimSpace).join("/");
  const params = parseParams(semicolon < 0 ? "" : value.slice(semicolon));
  const boundary = params?.get("boundary");
  return { media: media.toLowerCase(), boundary: boundary === undefined ? undefined : unquote(boundary) };
}

/** RFC 2046 §5.1: parts begin after a line of "--" and the boundary; each has headers, an empty line and a body. */
function sdpPart(body: string, boundary: string): string | undefined {
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`, maxParts + 1).slice(1);
  for (const part of parts) {
    const end = part.indexOf("\r\n\r\n");
    if (end < 0 || part.startsWith("--")) continue;
    for (const line of part.slice(0, end).split("\r\n")) {
      const colon = line.indexOf(":");
      if (colon < 0 || canonicalName(trimSpace(line.slice(0, colon))) !== "content-type") continue;
      if (readContentType(trimSpace(line.slice(colon + 1)))?.media === sdpType) return part.slice(end + 4);
    }
  }
  return undefined;
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
