/** name-addr and addr-spec: From, To, Contact, Route, Record-Route, P-Asserted-Identity (RFC 3261 §20.10, §25.1). */
import { type Params, parseParams, trimSpace, unquote } from "./grammar.ts";
import { parseSipUri, schemeOf } from "./uri.ts";

export type NameAddr = {
  /** Byte string, quotes and escapes resolved; undefined where there is none. */
  readonly display: string | undefined;
  /** As on the wire. */
  readonly uri: string;
  readonly params: Params;
};

const badInUri = /[ \t<>"]/;

export function parseNameAddr(value: string): NameAddr | undefined {
  const open = bracketAt(value);
  if (open === undefined) return undefined;
  return open < 0 ? parseAddrSpec(value) : parseBracketed(value, open);
}

function parseBracketed(value: string, open: number): NameAddr | undefined {
  const close = value.indexOf(">", open);
  if (close < 0) return undefined;
  // "< sip:a@b >" is not legal, but means only one thing (RFC 4475 §3.1.2.15).
  const uri = trimSpace(value.slice(open + 1, close));
  const params = parseParams(trimSpace(value.slice(close + 1)));
  if (params === undefined || !isUri(uri)) return undefined;
  const display = trimSpace(value.slice(0, open));
  return { display: display === "" ? undefined : unquote(display), uri, params };
}

/** Without brackets what follows ";" belongs to the header, and "?" or "," cannot be in it (RFC 3261 §20.10). */
function parseAddrSpec(value: string): NameAddr | undefined {
  const semicolon = value.indexOf(";");
  const uri = trimSpace(semicolon < 0 ? value : value.slice(0, semicolon));
  const params = parseParams(semicolon < 0 ? "" : value.slice(semicolon));
  if (params === undefined || uri.includes("?") || uri.includes(",") || !isUri(uri)) return undefined;
  return { display: undefined, uri, params };
}

/** Where "<" stands outside a quoted string; -1 for none; undefined where a quoted string does not end. */
function bracketAt(value: string): number | undefined {
  if (!value.startsWith('"')) {
    const open = value.indexOf("<");
    const quote = value.indexOf('"');
    // A quote amid unquoted words of a display name is nothing that could be copied on safely.
    return quote >= 0 && quote < open ? undefined : open;
  }
  for (let at = 1; at < value.length; at += 1) {
    if (value[at] === "\\") at += 1;
    else if (value[at] === '"') {
      const open = value.indexOf("<", at);
      return open > 0 && trimSpace(value.slice(at + 1, open)) === "" ? open : undefined;
    }
  }
  return undefined;
}

function isUri(uri: string): boolean {
  return schemeOf(uri) !== undefined && !badInUri.test(uri);
}

/** Its URI, if that is a SIP one: what else could our requests be sent to? */
export function sipUriIn(value: string): string | undefined {
  const uri = parseNameAddr(value)?.uri;
  return uri === undefined || parseSipUri(uri) === undefined ? undefined : uri;
}

export function tagOf(address: NameAddr): string | undefined {
  return address.params.get("tag");
}
