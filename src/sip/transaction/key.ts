/** Which transaction a message belongs to (RFC 3261 §17.1.3, §17.2.3). */
import type { SipMessage, SipRequest } from "../message/message.ts";
import { header } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { Via } from "../message/via.ts";

const cookie = "z9hG4bK";

/** Whether the branch is one of RFC 3261. The bare cookie names nothing (RFC 4475 §3.2.1). */
export function hasBranch({ params }: Via): boolean {
  const branch = params.get("branch");
  return branch?.startsWith(cookie) === true && branch.length > cookie.length;
}

/** @param method That of the transaction looked for: INVITE for its ACK and its CANCEL. */
export function serverKey(request: SipRequest, method: string = request.method): string {
  const { via } = request;
  if (hasBranch(via)) return `${via.params.get("branch")} ${via.host.toLowerCase()}:${via.port ?? ""} ${method}`;
  // RFC 2543 peers: URI, tags, Call-ID, CSeq and top Via together. The To tag is left out: an ACK carries the one that
  // the response gave.
  const { uri, from, callId, cseq } = request;
  return `2543 ${uri} ${tagOf(from)} ${callId} ${cseq.number} ${header(request, "via")} ${method}`;
}

/** A response belongs to the request of ours with its branch and method. */
export function clientKey({ via, cseq }: Pick<SipMessage, "via" | "cseq">): string {
  return `${via.params.get("branch")} ${cseq.method}`;
}

/** RFC 3261 §8.2.2.2: the same for the same request arriving over two ways. */
export function mergeKey({ from, callId, cseq }: SipRequest): string {
  return `${callId} ${tagOf(from)} ${cseq.number} ${cseq.method}`;
}
