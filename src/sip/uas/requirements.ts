/** What a request must be before anything is done for it (RFC 3261 §8.2). The first failing check answers. */
import { sdpOf, sdpType } from "../message/body.ts";
import { trimSpace } from "../message/grammar.ts";
import { header, headerList, type SipRequest } from "../message/message.ts";
import { sipUriIn, tagOf } from "../message/name-addr.ts";
import { parseSipUri, schemeOf } from "../message/uri.ts";
import { hasBranch } from "../transaction/key.ts";
import { allowedMethods, allowHeader, type ResponseSpec, supportedHeader, supportedTags } from "./responses.ts";

/** Methods that are known and not served: 405. What is not even known is 501 (RFC 3261 §8.2.1, §21.5.2). */
const knownMethods = ["REGISTER", "SUBSCRIBE", "PUBLISH", "MESSAGE"];

const badRequest: ResponseSpec = { status: 400, reason: "Bad Request" };

/** Outside a dialog: which methods are served, and for which kinds of address. */
export function checkMethodAndScheme({ method, uri }: SipRequest): ResponseSpec | undefined {
  if (knownMethods.includes(method)) return { status: 405, reason: "Method Not Allowed", headers: [allowHeader] };
  if (method === "REFER") return { status: 603, reason: "Decline" };
  if (!allowedMethods.split(", ").includes(method)) {
    return { status: 501, reason: "Not Implemented", headers: [allowHeader] };
  }
  // RFC 3261 §8.2.2.1. `sips` may not be served over UDP (§26.2.2).
  const scheme = schemeOf(uri);
  return scheme === "sip" || scheme === "tel" ? undefined : { status: 416, reason: "Unsupported URI Scheme" };
}

/** For every request but ACK and CANCEL (RFC 3261 §8.2.2.3: Require is ignored in those). */
export function checkHeaders(request: SipRequest): ResponseSpec | undefined {
  const unknown = headerList(request, "require").filter((tag) => !supportedTags.includes(tag.toLowerCase()));
  if (unknown.length > 0) {
    const headers = [{ name: "unsupported", value: unknown.join(", ") }];
    return { status: 420, reason: "Bad Extension", headers };
  }
  // RFC 3891 §3: in any other request it means nothing, and must not be passed over.
  if (request.method !== "INVITE" && header(request, "replaces") !== undefined) return badRequest;
  if (request.method === "INVITE" && !hasUsableRoutes(request)) return badRequest;
  return request.method === "INVITE" || request.method === "UPDATE" ? checkContact(request) : undefined;
}

/** RFC 3261 §12.1.1: they become the way of our own requests, the first of them perhaps its Request-URI (§12.2.1.1). */
function hasUsableRoutes(invite: SipRequest): boolean {
  return headerList(invite, "record-route").every((value) => sipUriIn(value) !== undefined);
}

/** RFC 3261 §8.1.1.8: exactly one, a SIP URI. RFC 2543 peers may leave it out: then From is the target. */
function checkContact(request: SipRequest): ResponseSpec | undefined {
  const [first, second] = headerList(request, "contact");
  if (first === undefined) {
    if (request.method !== "INVITE" || tagOf(request.to) !== undefined) return undefined;
    return hasBranch(request.via) || !isTarget(request.from.uri) ? badRequest : undefined;
  }
  return second === undefined && sipUriIn(first) !== undefined ? undefined : badRequest;
}

/** Whether our own requests can be for it. */
function isTarget(uri: string): boolean {
  return parseSipUri(uri) !== undefined || schemeOf(uri) === "tel";
}

/** For an initial INVITE: what it brings, and whether it can take what our answer is (RFC 3261 §8.2.3, §20.1). */
export function checkContent(invite: SipRequest): ResponseSpec | undefined {
  if (sdpOf(invite).kind === "unsupported") {
    const headers = [
      { name: "accept", value: sdpType },
      { name: "accept-encoding", value: "identity" },
    ];
    return { status: 415, reason: "Unsupported Media Type", headers };
  }
  if (header(invite, "accept") === undefined || headerList(invite, "accept").some(takesSdp)) return undefined;
  return {
    status: 406,
    reason: "Not Acceptable",
    headers: [{ name: "warning", value: '399 gatehouse "the answer is application/sdp"' }],
  };
}

function takesSdp(range: string): boolean {
  const media = trimSpace(range.split(";", 1)[0] ?? "").toLowerCase();
  return media === sdpType || media === "application/*" || media === "*/*";
}

/** The answer to OPTIONS (RFC 3261 §11.2). */
export const capabilities: ResponseSpec = {
  status: 200,
  reason: "OK",
  headers: [
    allowHeader,
    { name: "accept", value: sdpType },
    { name: "accept-encoding", value: "identity" },
    { name: "accept-language", value: "en" },
    supportedHeader,
  ],
};
