/** The way by which the legs of a trunk go: to its PBX, and nowhere else. */
import { type Endpoint, hostPort } from "../endpoint.ts";
import type { Credentials } from "../registration/digest.ts";

export type WayOut = {
  /** The PBX's end. */
  readonly flow: Endpoint;
  /** Host of the Request-URI, with a port where that is not the usual one: "pbx.office.lan", "[2001:db8::1]:5070". */
  readonly domain: string;
  /** For the challenges of this realm; undefined: none is answered. */
  readonly credentials: (Credentials & { readonly realm: string }) | undefined;
};

/** What makes and opens ways; the user agent has the sockets. */
export type WaysOut = {
  /** Rejects where there is none: not registered, no such name, nobody listens. */
  open(trunk: string): Promise<WayOut>;
  /** Nothing came back by it (RFC 3263 §4.3): where a name leads to several servers, the next way is another. */
  avoid?(flow: Endpoint): void;
};

/** @param extension Of the characters that the allow-list lets through: none but "#" needs an escape. */
export function targetUri(extension: string, { domain, flow }: Pick<WayOut, "domain" | "flow">): string {
  const transport = flow.transport === undefined ? "" : `;transport=${flow.transport}`;
  return `sip:${userPart(extension)}@${domain}${transport}`;
}

/** RFC 3261 §25.1: "#" may not stand in a user part as it is. */
export function userPart(extension: string): string {
  return extension.replaceAll("#", "%23");
}

/** Host of a Request-URI for a PBX that was configured by where it listens. @param port 0: none was named. */
export function domainAt(host: string, port: number, usualPort: number): string {
  if (port !== 0 && port !== usualPort) return hostPort({ address: host, port });
  return host.includes(":") ? `[${host}]` : host;
}
