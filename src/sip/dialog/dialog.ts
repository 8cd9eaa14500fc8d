/** A dialog as the user agent server keeps it (RFC 3261 §12). */
import {
  type HeaderField,
  header,
  headerLines,
  headerList,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from "../message/message.ts";
import { parseNameAddr, sipUriIn, tagOf } from "../message/name-addr.ts";
import { type Body, serialise } from "../message/serialise.ts";
import { asRequestUri, hasLr } from "../message/uri.ts";

export type Dialog = {
  readonly callId: string;
  readonly localTag: string;
  /** RFC 2543 peers have none. */
  readonly remoteTag: string | undefined;
  /** Header values, tags included: what our requests carry as From and as To. */
  readonly localParty: string;
  readonly remoteParty: string;
  /** URI that our requests are for. */
  readonly remoteTarget: string;
  /** name-addr values, in the order of our Route headers. */
  readonly routeSet: readonly string[];
  /** Last number used by us, and last seen from the peer. */
  readonly localCseq: number;
  readonly remoteCseq: number;
};

export function dialogKey(callId: string, localTag: string, remoteTag: string | undefined): string {
  return `${callId} ${localTag} ${remoteTag ?? ""}`;
}

/**
 * RFC 3261 §12.1.1. The route set is the Record-Route as it stands (in our requests the proxy nearest to us comes
 * first, as it does in theirs to us).
 */
export function openDialog(invite: SipRequest, localTag: string): Dialog {
  return {
    callId: invite.callId,
    localTag,
    remoteTag: tagOf(invite.from),
    localParty: `${header(invite, "to") ?? ""};tag=${localTag}`,
    remoteParty: header(invite, "from") ?? "",
    remoteTarget: contactUri(invite) ?? invite.from.uri,
    routeSet: headerList(invite, "record-route"),
    localCseq: 0,
    remoteCseq: invite.cseq.number,
  };
}

/**
 * RFC 3261 §12.1.2, of a response to the INVITE of a leg: the route set is the Record-Route in reverse order.
 * @param asked Our side: Call-ID, From with its tag, where it went, and the CSeq number of the INVITE.
 */
export function dialogOfAnswer(
  asked: Pick<Dialog, "callId" | "localTag" | "localParty" | "remoteTarget" | "localCseq">,
  response: SipResponse,
): Dialog {
  return {
    callId: asked.callId,
    localTag: asked.localTag,
    remoteTag: tagOf(response.to),
    localParty: asked.localParty,
    remoteParty: header(response, "to") ?? "",
    remoteTarget: contactUri(response) ?? asked.remoteTarget,
    routeSet: headerList(response, "record-route")
      .filter((route) => sipUriIn(route) !== undefined)
      .reverse(),
    localCseq: asked.localCseq,
    remoteCseq: -1, // the peer's first number may be 0
  };
}

/**
 * The one Contact of a message that makes or refreshes a dialog; undefined where there is none or it is no SIP URI
 * (RFC 3261 §12.1.1): it becomes the Request-URI of what we send.
 */
export function contactUri(message: SipMessage): string | undefined {
  const first = headerList(message, "contact")[0];
  return first === undefined ? undefined : sipUriIn(first);
}

/** RFC 3261 §12.1.1: copied as they stand into every response that makes the dialog. */
export function recordRoutes(invite: SipRequest): HeaderField[] {
  return headerLines(invite, "record-route").map((value) => ({ name: "record-route", value }));
}

export type OwnRequest = {
  /** The dialog with the CSeq number used up. */
  readonly dialog: Dialog;
  readonly bytes: Uint8Array;
};

/** URI of the next hop of our requests (RFC 3261 §12.2.1.1). */
export function nextHopOf(dialog: Dialog): string {
  return routed(dialog).nextHop;
}

/** The Request-URI of our requests, which the answer to a challenge covers. */
export function nextTarget(dialog: Dialog): string {
  return routed(dialog).uri;
}

/** Who sends: `transport` as Via writes it, `sentBy` is host and port of ours for the Via header. */
export type Sender = {
  readonly transport: "UDP" | "TCP" | "TLS";
  readonly sentBy: string;
  readonly branch: string;
  readonly userAgent: string | undefined;
};

export type RequestParts = {
  readonly headers?: readonly HeaderField[];
  readonly body?: Body;
  /** Of an ACK: that of its INVITE (RFC 3261 §13.2.2.4). Otherwise the next one. */
  readonly cseq?: number;
};

/**
 * A request of ours within the dialog (RFC 3261 §12.2.1.1): the only place that makes requests, and what it makes
 * belongs to a dialog that the peer began. scripts/build refuses a program with a second such place.
 * @throws Error for an INVITE whose To would have no tag: that would be the beginning of a call.
 */
export function requestWithin(
  dialog: Dialog,
  method: string,
  { transport, sentBy, branch, userAgent }: Sender,
  parts: RequestParts = {},
): OwnRequest {
  if (method === "INVITE" && dialog.remoteTag === undefined) throw new Error("an INVITE outside of a dialog");
  const cseq = parts.cseq ?? dialog.localCseq + 1;
  const { uri, routes } = routed(dialog);
  const headers: HeaderField[] = [
    { name: "via", value: `SIP/2.0/${transport} ${sentBy};branch=${branch};rport` },
    ...routes.map((value) => ({ name: "route", value })),
    { name: "max-forwards", value: "70" },
    { name: "from", value: dialog.localParty },
    { name: "to", value: dialog.remoteParty },
    { name: "call-id", value: dialog.callId },
    { name: "cseq", value: `${cseq} ${method}` },
  ];
  if (userAgent !== undefined) headers.push({ name: "user-agent", value: userAgent });
  if (parts.headers !== undefined) headers.push(...parts.headers);
  const bytes = serialise(`${method} ${uri} SIP/2.0`, headers, parts.body);
  return { dialog: { ...dialog, localCseq: Math.max(cseq, dialog.localCseq) }, bytes };
}

function routed({ routeSet, remoteTarget }: Dialog): { uri: string; routes: readonly string[]; nextHop: string } {
  const target = asRequestUri(remoteTarget);
  const first = routeSet[0] === undefined ? undefined : parseNameAddr(routeSet[0])?.uri;
  if (first === undefined) return { uri: target, routes: [], nextHop: target };
  // A loose router: the request is for the target, and the routes say by which way.
  if (hasLr(first)) return { uri: target, routes: routeSet, nextHop: first };
  // A strict router of RFC 2543 wants to be the Request-URI; the target travels as the last route.
  const uri = asRequestUri(first);
  return { uri, routes: [...routeSet.slice(1), `<${remoteTarget}>`], nextHop: uri };
}
