/** A SIP message in memory (RFC 3261 §7). Header text is a byte string, one character per octet: see grammar.ts. */
import { splitList } from "./grammar.ts";
import type { NameAddr } from "./name-addr.ts";
import type { Via } from "./via.ts";

/** `name`: lower case, long form. `value`: unfolded, without white space around it. */
export type HeaderField = { readonly name: string; readonly value: string };

export type CSeq = { readonly number: number; readonly method: string };

type Common = {
  readonly headers: readonly HeaderField[];
  /** A view into the datagram. */
  readonly body: Uint8Array;
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: CSeq;
};

export type SipRequest = Common & {
  readonly kind: "request";
  readonly method: string;
  /** Request-URI as on the wire. */
  readonly uri: string;
};

export type SipResponse = Common & { readonly kind: "response"; readonly status: number; readonly reason: string };

export type SipMessage = SipRequest | SipResponse;

type Headed = { readonly headers: readonly HeaderField[] };

/** The first of that name. */
export function header(message: Headed, name: string): string | undefined {
  return message.headers.find((field) => field.name === name)?.value;
}

/** All of that name, in order, as they stand. */
export function headerLines(message: Headed, name: string): string[] {
  return message.headers.filter((field) => field.name === name).map(({ value }) => value);
}

/** All elements of all headers of that name (RFC 3261 §7.3.1: commas and repeated headers mean the same). */
export function headerList(message: Headed, name: string): string[] {
  return headerLines(message, name)
    .flatMap(splitList)
    .filter((value) => value !== "");
}
