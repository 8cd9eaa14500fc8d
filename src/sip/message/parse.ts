/**
 * One datagram → one SIP message (RFC 3261 §7, §18.3). Nothing here throws: what is malformed becomes a fault to be
 * counted and, where a request is whole enough to be answered, the refusal that RFC 3261 asks for.
 */
import { isToken, parseDecimal } from "./grammar.ts";
import { type HeadFault, readHead, type StartLine } from "./head.ts";
import type { CSeq, HeaderField, SipMessage } from "./message.ts";
import { type NameAddr, parseNameAddr } from "./name-addr.ts";
import { parseSipUri, schemeOf } from "./uri.ts";
import { parseVia, topViaOf, type Via } from "./via.ts";

export type ParseFault =
  | HeadFault
  | "keep-alive"
  | "version"
  | "request-uri"
  | "status-code"
  | "content-length"
  | "missing-header"
  | "repeated-header"
  | "via"
  | "from"
  | "to"
  | "cseq"
  | "cseq-method"
  | "max-forwards";

export type Refusal = { readonly status: number; readonly reason: string; readonly headers: readonly HeaderField[] };

export type Parsed =
  | { readonly ok: true; readonly message: SipMessage }
  /** `refusal`: what a request of this kind may be answered with; `headers` are those to copy from. */
  | { readonly ok: false; readonly fault: ParseFault; readonly refusal: (Refusal & { readonly via: Via }) | undefined };

type Once = "from" | "to" | "call-id" | "cseq" | "content-length" | "max-forwards";

/** Headers that every message needs, or that may come once only. */
type Essentials = { [name in Once]: string | undefined } & { via: string | undefined; repeated: boolean };

/** @param datagram One whole UDP payload. Not copied: `body` is a view into it. */
export function parseMessage(datagram: Uint8Array): Parsed {
  const head = readHead(datagram);
  if (head === "keep-alive") return { ok: false, fault: "keep-alive", refusal: undefined };
  if (typeof head === "string") return { ok: false, fault: head, refusal: undefined };
  const { start, headers } = head;
  const found = essentials(headers);
  const read = readEssentials(start, found, datagram.length - head.bodyAt);
  if (typeof read === "string") return { ok: false, fault: read, refusal: refusalOf(start, headers, found, read) };
  const { length, ...fields } = read;
  // RFC 3261 §18.3: over UDP the body ends where Content-Length says; what follows is discarded, without it the body
  // reaches to the end of the datagram.
  const body = datagram.subarray(head.bodyAt, length === undefined ? undefined : head.bodyAt + length);
  if (start.kind === "request") {
    return { ok: true, message: { kind: "request", method: start.method, uri: start.uri, headers, body, ...fields } };
  }
  return {
    ok: true,
    message: { kind: "response", status: start.status, reason: start.reason, headers, body, ...fields },
  };
}

function essentials(headers: readonly HeaderField[]): Essentials {
  const found: Essentials = {
    via: undefined,
    from: undefined,
    to: undefined,
    "call-id": undefined,
    cseq: undefined,
    "content-length": undefined,
    "max-forwards": undefined,
    repeated: false,
  };
  for (const { name, value } of headers) {
    switch (name) {
      case "via":
        found.via ??= value;
        break;
      case "from":
      case "to":
      case "call-id":
      case "cseq":
      case "content-length":
      case "max-forwards":
        if (found[name] !== undefined) found.repeated = true;
        found[name] = value;
        break;
      default:
        break;
    }
  }
  return found;
}

type Read = { via: Via; from: NameAddr; to: NameAddr; callId: string; cseq: CSeq; length: number | undefined };

function readEssentials(start: StartLine, found: Essentials, available: number): Read | ParseFault {
  if (start.version !== "2.0") return "version";
  const { from: fromText, to: toText, cseq: cseqText, via: viaText } = found;
  const callId = found["call-id"];
  if (!fromText || !toText || !callId || !cseqText || !viaText) return "missing-header";
  if (found.repeated) return "repeated-header";
  const via = parseVia(topViaOf(viaText));
  if (via === undefined) return "via";
  const from = parseParty(fromText);
  if (from === undefined) return "from";
  const to = parseParty(toText);
  if (to === undefined) return "to";
  const cseq = parseCSeq(cseqText);
  if (cseq === undefined) return "cseq";
  const length = parseLength(found["content-length"], available);
  if (length === "bad") return "content-length";
  return startFault(start, cseq, found["max-forwards"]) ?? { via, from, to, callId, cseq, length };
}

/** From or To. RFC 3261 §25.1: a tag has a value; one without could neither be told from none nor be given ours. */
function parseParty(text: string): NameAddr | undefined {
  const party = parseNameAddr(text);
  return party?.params.has("tag") && party.params.get("tag") === undefined ? undefined : party;
}

function startFault(start: StartLine, cseq: CSeq, maxForwards: string | undefined): ParseFault | undefined {
  if (start.kind === "response") return start.status >= 100 && start.status <= 699 ? undefined : "status-code";
  // RFC 3261 §8.1.1.5: the method in CSeq is that of the request.
  if (cseq.method !== start.method) return "cseq-method";
  if (maxForwards !== undefined && parseDecimal(maxForwards, 255) === undefined) return "max-forwards"; // §20.22
  return isRequestUri(start.uri) ? undefined : "request-uri";
}

/** §7.1: no white space and no "<>" around the Request-URI; §19.1.1: no headers in a SIP one. */
function isRequestUri(uri: string): boolean {
  const scheme = schemeOf(uri);
  if (scheme !== "sip" && scheme !== "sips") return scheme !== undefined && !/[ \t<>"]/.test(uri);
  const parsed = parseSipUri(uri);
  return parsed !== undefined && parsed.headers === undefined;
}

/** RFC 3261 §8.1.1.5: below 2^31. */
function parseCSeq(text: string): CSeq | undefined {
  const space = text.search(/[ \t]/);
  if (space < 0) return undefined;
  const number = parseDecimal(text.slice(0, space), 2 ** 31 - 1);
  const method = text.slice(space).replace(/^[ \t]+/, "");
  return number === undefined || !isToken(method) ? undefined : { number, method };
}

/** RFC 3261 §18.3: a request that claims more than the datagram holds is refused with 400, a response discarded. */
function parseLength(text: string | undefined, available: number): number | undefined | "bad" {
  if (text === undefined) return undefined;
  return parseDecimal(text, available) ?? "bad";
}

/** Only a request with a usable Via can be answered, and an ACK never is (RFC 3261 §17.1.1.3). */
function refusalOf(start: StartLine, headers: readonly HeaderField[], found: Essentials, fault: ParseFault) {
  if (start.kind !== "request" || start.method === "ACK" || found.via === undefined) return undefined;
  const via = parseVia(topViaOf(found.via));
  if (via === undefined) return undefined;
  const status = fault === "version" ? 505 : 400;
  return { status, reason: status === 505 ? "Version Not Supported" : "Bad Request", headers, via };
}
