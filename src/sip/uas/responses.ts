/** Responses as a user agent server makes them (RFC 3261 §8.2.6, §18.2; RFC 3581 §4). */
import { defaultPortOf, type Endpoint, isReliable } from "../endpoint.ts";
import { splitList } from "../message/grammar.ts";
import type { HeaderField } from "../message/message.ts";
import { type Body, serialise } from "../message/serialise.ts";
import { formatVia, type Via } from "../message/via.ts";
import { sameAddress } from "../peers.ts";

export type ResponseSpec = {
  readonly status: number;
  readonly reason: string;
  /** Beyond those that every response copies. */
  readonly headers?: readonly HeaderField[];
  readonly body?: Body;
};

/** What a response needs of its request: also of one too broken to be a SipRequest. */
/** RFC 3261 §12.2.2: what belongs to nothing that is there. */
export const noTransaction: ResponseSpec = { status: 481, reason: "Call/Transaction Does Not Exist" };

export type Answerable = { readonly headers: readonly HeaderField[]; readonly via: Via };

/**
 * The methods served here, in Allow (RFC 3261 §20.5). REFER is not among them: it is declined. NOTIFY tells what became
 * of a REFER of ours.
 */
export const allowedMethods = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, NOTIFY";

export const allowHeader: HeaderField = { name: "allow", value: allowedMethods };

/** Option tags understood (RFC 3262, RFC 4028, RFC 3891). */
export const supportedTags: readonly string[] = ["100rel", "timer", "replaces"];

export const supportedHeader: HeaderField = { name: "supported", value: supportedTags.join(", ") };

/** RFC 3261 §21.5.4, §14.2: seconds. */
export function retryAfter(seconds: number): HeaderField {
  return { name: "retry-after", value: String(seconds) };
}

/** @param toTag Ours, added where the To header has none yet; undefined for a 100 (§8.2.6.2). */
export function buildResponse(
  request: Answerable,
  source: Endpoint,
  spec: ResponseSpec,
  toTag: string | undefined,
  server: string | undefined,
): Uint8Array {
  const headers: HeaderField[] = [];
  let topSeen = false;
  for (const { name, value } of request.headers) {
    if (name === "via") {
      headers.push({ name, value: topSeen ? value : withTop(value, receivedVia(request.via, source)) });
      topSeen = true;
    } else if (name === "to") {
      const tagged = toTag === undefined || /;[ \t]*tag[ \t]*=/i.test(value);
      headers.push({ name, value: tagged ? value : `${value};tag=${toTag}` });
    } else if (copied.has(name) || (name === "timestamp" && spec.status === 100)) {
      headers.push({ name, value });
    }
  }
  if (spec.headers) headers.push(...spec.headers);
  if (server !== undefined) headers.push({ name: "server", value: server });
  return serialise(`SIP/2.0 ${spec.status} ${spec.reason}`, headers, spec.body);
}

const copied = new Set(["from", "call-id", "cseq"]);

/**
 * RFC 3261 §18.2.1: `received` where the sender's address is not what its Via says; RFC 3581 §4: always, together with
 * the port, where it asks for `rport`.
 */
function receivedVia(via: Via, source: Endpoint): Via {
  const asked = via.params.has("rport");
  if (!asked && sameAddress(via.host.replace(/^\[|\]$/g, ""), source.address)) return via;
  const params = new Map(via.params);
  params.set("received", source.address);
  if (asked) params.set("rport", String(source.port));
  return { ...via, params };
}

function withTop(line: string, top: Via): string {
  const rest = line.includes(",") ? splitList(line).slice(1) : [];
  return [formatVia(top), ...rest].join(", ");
}

/**
 * RFC 3261 §18.2.2, RFC 3581 §4: back to the address that the request came from; to its port if `rport` was asked for,
 * else to the port in Via. Over a stream: by the connection it came by, or, where that is closed, by a new one to the
 * port in Via. A `maddr` is not obeyed: nothing leaves for an address that is no peer's.
 */
export function responseTarget({ via }: Answerable, source: Endpoint): Endpoint {
  if (via.params.has("rport") && !isReliable(source)) return source;
  return { ...source, port: via.port === undefined || via.port === 0 ? defaultPortOf(source.transport) : via.port };
}
