/** Session timers (RFC 4028): what a request asks for, what we agree to, and when which side has to act. Pure. */
import { parseDecimal } from "../message/grammar.ts";
import { type HeaderField, header, headerList, type SipMessage, type SipRequest } from "../message/message.ts";
import type { ResponseSpec } from "../uas/responses.ts";

/** What both sides have agreed: the session ends unless it is refreshed within the interval. */
export type SessionTerms = {
  readonly intervalSeconds: number;
  readonly weRefresh: boolean;
  /** The Min-SE of a 422 that we got; it is repeated in every refresh of the dialog (RFC 4028 §7.4). */
  readonly learntMinSeconds?: number;
};

/** RFC 4028 §4: no interval below this may be used. */
export const leastSessionSeconds = 90;
const mostSessionSeconds = 2 ** 31;

type Refresher = "uac" | "uas";

type Asked = { readonly seconds: number | undefined; readonly refresher: Refresher | undefined };

export function supportsTimer(message: SipMessage): boolean {
  return headerList(message, "supported").some((tag) => tag.toLowerCase() === "timer");
}

/** Seconds. */
function minSessionOf(message: SipMessage): number | undefined {
  return parseDecimal((header(message, "min-se") ?? "").split(";", 1)[0]?.trim() ?? "", mostSessionSeconds);
}

function askedBy(message: SipMessage): Asked {
  const [seconds = "", ...params] = (header(message, "session-expires") ?? "").split(";").map((part) => part.trim());
  const named = params.map((param) => /^refresher[ \t]*=[ \t]*(uac|uas)$/i.exec(param)?.[1]?.toLowerCase());
  const refresher = named.find((name) => name !== undefined);
  return {
    seconds: parseDecimal(seconds, mostSessionSeconds),
    refresher: refresher === "uac" || refresher === "uas" ? refresher : undefined,
  };
}

/** RFC 4028 §9: an interval below ours is refused, but only to a peer that understands the refusal. */
export function tooShort(request: SipRequest, minSeconds: number): ResponseSpec | undefined {
  const { seconds } = askedBy(request);
  if (seconds === undefined || seconds >= minSeconds || !supportsTimer(request)) return undefined;
  const headers = [{ name: "min-se", value: String(minSeconds) }];
  return { status: 422, reason: "Session Interval Too Small", headers };
}

/**
 * What our 2xx to this request agrees to (RFC 4028 §9, table 2). No timer is begun that the peer did not ask for; one
 * that runs goes on through a re-INVITE or UPDATE that does not mention it.
 */
export function agreeTo(
  request: SipRequest,
  minSeconds: number,
  current: SessionTerms | undefined,
): SessionTerms | undefined {
  const { seconds, refresher } = askedBy(request);
  const theyCan = supportsTimer(request);
  if (seconds === undefined) return current && { ...current, weRefresh: current.weRefresh || !theyCan };
  // A peer that cannot refresh leaves it to us; one that can and does not say who should, does it itself.
  const weRefresh = !theyCan || refresher === "uas";
  return { ...current, intervalSeconds: Math.max(seconds, minSeconds), weRefresh };
}

/** For our 2xx. RFC 4028 §9: a peer that is to refresh must know that it is to. */
export function agreedHeaders(terms: SessionTerms | undefined): HeaderField[] {
  if (terms === undefined) return [];
  const { intervalSeconds, weRefresh } = terms;
  const expires = { name: "session-expires", value: `${intervalSeconds};refresher=${weRefresh ? "uas" : "uac"}` };
  return weRefresh ? [expires] : [expires, { name: "require", value: "timer" }];
}

/** For our refresh. RFC 4028 §7.4: the role stays with us, and so is named. */
export function refreshHeaders({ intervalSeconds, learntMinSeconds }: SessionTerms): HeaderField[] {
  const expires = { name: "session-expires", value: `${intervalSeconds};refresher=uac` };
  return learntMinSeconds === undefined ? [expires] : [expires, { name: "min-se", value: String(learntMinSeconds) }];
}

/** RFC 4028 §7.3: the terms to try again with after a 422; undefined where it asks for nothing that can be done. */
export function afterTooShort(response: SipMessage, sent: SessionTerms): SessionTerms | undefined {
  const least = minSessionOf(response);
  if (least === undefined || least <= sent.intervalSeconds) return undefined;
  return { ...sent, intervalSeconds: least, learntMinSeconds: least };
}

/** What the 2xx to our refresh says. RFC 4028 §7.2: a peer without timers leaves the refreshing to us. */
export function confirmedBy(response: SipMessage, sent: SessionTerms): SessionTerms {
  const { seconds, refresher } = askedBy(response);
  if (seconds === undefined) return sent;
  return { ...sent, intervalSeconds: Math.max(seconds, leastSessionSeconds), weRefresh: refresher !== "uas" };
}

/** What the 2xx to an INVITE of ours asks for (RFC 4028 §7.2); undefined: no timer. */
export function grantedBy(response: SipMessage): SessionTerms | undefined {
  const { seconds, refresher } = askedBy(response);
  if (seconds === undefined) return undefined;
  return { intervalSeconds: Math.max(seconds, leastSessionSeconds), weRefresh: refresher !== "uas" };
}

/** RFC 4028 §10: half the interval leaves time for a second attempt. */
export function refreshAfterMs({ intervalSeconds }: SessionTerms): number {
  return intervalSeconds * 500;
}

/** RFC 4028 §10: BYE leaves before the session expires: by a third of the interval, 32 s at most. */
export function endAfterMs({ intervalSeconds }: SessionTerms): number {
  return (intervalSeconds - Math.min(32, intervalSeconds / 3)) * 1_000;
}
