/** SIP and tel URIs (RFC 3261 §19.1, RFC 3966). Byte strings throughout. */
import { parseDecimal } from "./grammar.ts";

export type SipUri = {
  readonly scheme: "sip" | "sips";
  /** Unescaped; without password. */
  readonly user: string | undefined;
  /** Lower case, without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** As on the wire, with its leading ";", or "". */
  readonly params: string;
  /** What follows "?" (RFC 3261 §19.1.1: not allowed in a Request-URI), or undefined. */
  readonly headers: string | undefined;
};

const schemeOnly = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const sipUri =
  /^(sips?):(?:([^@<>" \t]+)@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?((?:;[^?<>" \t]*)?)(?:\?([^<>" \t]*))?$/i;

/** RFC 5118 §4.10: the grammar of RFC 3261 lets a third colon stand before an IPv4 address; it is to be borne. */
const threeColons = /:::(?=[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$)/;

/** Lower case, or undefined where there is none. */
export function schemeOf(uri: string): string | undefined {
  return schemeOnly.exec(uri)?.[1]?.toLowerCase();
}

export function parseSipUri(uri: string): SipUri | undefined {
  const match = sipUri.exec(uri);
  if (match === null) return undefined;
  const [, scheme = "", userinfo, host = "", portText, params = "", headers] = match;
  const port = portText === undefined ? undefined : parseDecimal(portText, 65_535);
  if (portText !== undefined && port === undefined) return undefined;
  return {
    scheme: scheme.toLowerCase() === "sips" ? "sips" : "sip",
    user: userinfo === undefined ? undefined : unescapeUri(userinfo.split(":", 1)[0] ?? ""),
    host: (host.startsWith("[") ? host.slice(1, -1).replace(threeColons, "::") : host).toLowerCase(),
    port,
    params,
    headers,
  };
}

/** User of a SIP URI, number of a tel URI (with its phone-context where it has one), both without parameters. */
export function userOf(uri: string): string | undefined {
  if (schemeOf(uri) === "tel") return telNumber(uri);
  const user = parseSipUri(uri)?.user;
  return user?.split(";", 1)[0];
}

/** RFC 3966 §5.1.5: a local number means something only together with its context; a "+44" context makes it global. */
function telNumber(uri: string): string | undefined {
  const [number = "", ...params] = uri.slice(4).split(";");
  if (!/^[+0-9A-Fa-f*#().-]+$/.test(number)) return undefined;
  const context = params.find((param) => /^phone-context=\+/i.test(param))?.slice("phone-context=".length);
  return context === undefined || number.startsWith("+") ? number : context + number;
}

/** The transport that the URI asks for (RFC 3261 §19.1.1): `sips` is TLS; undefined where it names none. */
export function transportOf({ scheme, params }: SipUri): string | undefined {
  return /;transport=([A-Za-z]+)/i.exec(params)?.[1]?.toLowerCase() ?? (scheme === "sips" ? "tls" : undefined);
}

/** Whether the first hop routes loosely (RFC 3261 §16.12: the `lr` parameter). */
export function hasLr(uri: string): boolean {
  return /;lr(?=[;=?]|$)/i.test(parseSipUri(uri)?.params ?? "");
}

/** RFC 3261 §19.1.1: neither headers nor the method parameter may stand in a Request-URI. */
export function asRequestUri(uri: string): string {
  return (uri.split("?", 1)[0] ?? uri).replace(/;method=[^;]*/i, "");
}

function unescapeUri(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
