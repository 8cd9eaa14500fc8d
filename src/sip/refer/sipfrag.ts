/** What a NOTIFY says of our REFER (RFC 3515 §2.4.4, §2.4.5; RFC 3420; RFC 6665 §4.1.3). */
import { parseParams, trimSpace } from "../message/grammar.ts";
import { header, type SipRequest } from "../message/message.ts";

export type ReferNews = {
  /** The `id` of its Event: the CSeq number of the REFER that it is about, where it names one. */
  readonly id: string | undefined;
  /** Of the status line in its body; undefined where there is none. */
  readonly status: number | undefined;
  /** Whether it is the last one. */
  readonly terminated: boolean;
  /** Of a subscription that goes on. */
  readonly expiresSeconds: number | undefined;
};

/** What is longer is no status line. */
const maxStatusLine = 512;

/** Undefined: it is about something else. */
export function parseReferNotify(notify: SipRequest): ReferNews | undefined {
  const [event = "", ...eventParams] = split(header(notify, "event"));
  if (event.toLowerCase() !== "refer") return undefined;
  const params = parseParams(eventParams.map((param) => `;${param}`).join(""));
  const [state = "", ...stateParams] = split(header(notify, "subscription-state"));
  const expires = parseParams(stateParams.map((param) => `;${param}`).join(""))?.get("expires");
  return {
    id: params?.get("id"),
    status: statusIn(notify),
    terminated: state.toLowerCase() === "terminated",
    expiresSeconds: expires !== undefined && /^[0-9]{1,7}$/.test(expires) ? Number(expires) : undefined,
  };
}

function split(value: string | undefined): string[] {
  return (value ?? "").split(";").map(trimSpace);
}

function statusIn(notify: SipRequest): number | undefined {
  const type = trimSpace((header(notify, "content-type") ?? "").split(";", 1)[0] ?? "").toLowerCase();
  if (type !== "message/sipfrag") return undefined;
  const { buffer, byteOffset, byteLength } = notify.body;
  const text = Buffer.from(buffer, byteOffset, Math.min(byteLength, maxStatusLine)).toString("latin1");
  const status = /^(?:\r?\n)*SIP\/2\.0 ([1-6][0-9]{2})(?:[ \r\n]|$)/i.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}
