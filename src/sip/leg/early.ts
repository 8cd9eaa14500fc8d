/** Requests of the other side while our INVITE still waits for its 2xx (RFC 3261 §12.2.2, §15; RFC 3311 §5.2). */
import { sdpOf } from "../message/body.ts";
import type { SipRequest } from "../message/message.ts";
import { capabilities } from "../uas/requirements.ts";
import { allowHeader, noTransaction, type ResponseSpec, supportedHeader } from "../uas/responses.ts";

export function answerEarly(request: SipRequest, contact: string): ResponseSpec {
  switch (request.method) {
    case "UPDATE":
      // RFC 3311 §5.2: our offer has no answer yet, so theirs cannot be made.
      if (sdpOf(request).kind !== "none") return { status: 491, reason: "Request Pending" };
      return {
        status: 200,
        reason: "OK",
        headers: [{ name: "contact", value: contact }, allowHeader, supportedHeader],
      };
    case "OPTIONS":
      return capabilities;
    case "INFO":
      return { status: 200, reason: "OK" };
    case "REFER":
      return { status: 603, reason: "Decline" };
    default:
      // RFC 3261 §15: the callee may not send BYE before its 2xx; of PRACK and NOTIFY there is nothing that they belong to.
      return noTransaction;
  }
}
