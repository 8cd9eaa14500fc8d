/** The Via header (RFC 3261 §20.42, RFC 3581). */
import { formatParams, type Params, parseDecimal, parseParams, splitList } from "./grammar.ts";

export type Via = {
  /** "2.0"; that of another version is kept for the 505 that answers it. */
  readonly version: string;
  /** Upper case: UDP, TCP, TLS, … */
  readonly transport: string;
  /** As on the wire, IPv6 with brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
};

const viaParm =
  /^SIP[ \t]*\/[ \t]*([0-9]+\.[0-9]+)[ \t]*\/[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]+(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?:[ \t]*:[ \t]*([0-9]{1,5}))?[ \t]*((?:;[\s\S]*)?)$/i;

/** One element of a Via header. */
export function parseVia(value: string): Via | undefined {
  const match = viaParm.exec(value);
  if (match === null) return undefined;
  const [, version = "", transport = "", host = "", portText, paramText = ""] = match;
  const port = portText === undefined ? undefined : parseDecimal(portText, 65_535);
  const params = parseParams(paramText);
  if (params === undefined || (portText !== undefined && port === undefined)) return undefined;
  return { version, transport: transport.toUpperCase(), host, port, params };
}

export function formatVia({ version, transport, host, port, params }: Via): string {
  return `SIP/${version}/${transport} ${host}${port === undefined ? "" : `:${port}`}${formatParams(params)}`;
}

/** The first element of a Via header line, which may hold several. */
export function topViaOf(line: string): string {
  return line.includes(",") ? (splitList(line)[0] ?? "") : line;
}
