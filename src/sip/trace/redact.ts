/**
 * A SIP message as agency IT may read it: who talks to whom is masked, and so is what opens anything. What is not known
 * to be harmless is shown by its name and length only. Pure.
 */
import { splitList, trimSpace } from "../message/grammar.ts";
import { readHead, type StartLine } from "../message/head.ts";
import { spelledName } from "../message/header-names.ts";

const mask = "***";

/** Shown as they are: nothing in them names a person. */
const plain = new Set(
  "accept accept-encoding allow allow-events call-id content-encoding content-length content-type cseq date event expires max-forwards min-se privacy proxy-require rack recv-info require retry-after rseq server session-expires subscription-state supported timestamp unsupported user-agent via".split(
    " ",
  ),
);

/** Shown without names, users and what else could be told by them. */
const addresses = new Set(
  "contact diversion from history-info p-asserted-identity p-called-party-id p-preferred-identity record-route refer-to referred-by remote-party-id route to".split(
    " ",
  ),
);

const credentials = new Set(["authorization", "proxy-authenticate", "proxy-authorization", "www-authenticate"]);

/** @param datagram One whole message as it was on the wire. Never throws. */
export function redactMessage(datagram: Uint8Array): string {
  const head = readHead(datagram);
  if (head === "keep-alive") return "[keep-alive]";
  if (typeof head === "string") return `[${datagram.length} octets, not SIP: ${head}]`;
  const lines = [startLine(head.start)];
  let type = "";
  for (const { name, value } of head.headers) {
    if (name === "content-type") type = trimSpace(value.split(";", 1)[0] ?? "").toLowerCase();
    lines.push(`${spelledName(name)}: ${headerValue(name, value)}`);
  }
  const body = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength).subarray(head.bodyAt);
  if (body.length === 0) return lines.join("\n");
  lines.push("", type === "application/sdp" ? redactSdp(body.toString("latin1")) : `[${body.length} octets]`);
  return lines.join("\n");
}

function startLine(start: StartLine): string {
  if (start.kind === "response") {
    // A phrase of words only; with digits in it, it could be anybody's number.
    const phrase = /^[A-Za-z /'-]{0,40}$/.test(start.reason) ? start.reason : mask;
    return `SIP/${start.version} ${start.status} ${phrase}`;
  }
  return `${start.method} ${maskUri(start.uri)} SIP/${start.version}`;
}

function headerValue(name: string, value: string): string {
  if (plain.has(name)) return value;
  if (addresses.has(name)) return splitList(value).map(maskAddress).join(", ");
  if (credentials.has(name)) return maskCredentials(value);
  return `[${value.length} octets]`;
}

/** Without display name, user and URI headers; of the parameters only those that name nobody. */
function maskAddress(address: string): string {
  const open = address.lastIndexOf("<");
  const close = address.indexOf(">", open);
  if (open < 0 || close < 0) {
    const [uri = "", ...params] = address.split(";");
    return `${maskUri(trimSpace(uri))}${keptParams(params)}`;
  }
  return `<${maskUri(address.slice(open + 1, close))}>${keptParams(
    address
      .slice(close + 1)
      .split(";")
      .slice(1),
  )}`;
}

/** sip:user:password@host;parameters?headers: host, port and harmless parameters remain. */
function maskUri(uri: string): string {
  const [, scheme = "", rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):([\s\S]*)$/.exec(uri) ?? [];
  if (!/^sips?$/i.test(scheme)) return `${scheme === "" ? "" : `${scheme}:`}${mask}`;
  const at = rest.lastIndexOf("@");
  const [place = "", ...params] = (rest.slice(at + 1).split("?", 1)[0] ?? "").split(";");
  // Escaped or not, a host is made of these; anything else is somebody's invention.
  const host = /^[A-Za-z0-9.:[\]-]*$/.test(place) ? place : mask;
  return `${scheme}:${at < 0 ? "" : `${mask}@`}${host}${keptParams(params)}`;
}

const harmless =
  /^[ \t]*(tag|lr|transport|expires|q|ob|rport|privacy|party|screen|reason|counter|index|refresher)(=|$)/i;

function keptParams(params: readonly string[]): string {
  return params
    .filter((param) => harmless.test(param) && !/["<>@]/.test(param))
    .map((param) => `;${trimSpace(param)}`)
    .join("");
}

/** Which realm asks, and how; never who answers or with what. */
function maskCredentials(value: string): string {
  const [scheme = ""] = value.split(/[ \t]/, 1);
  const said = value.match(/\b(realm|algorithm|qop|stale)=("[^"]*"|[^",\s]+)/gi) ?? [];
  return `${scheme} ${[...said, mask].join(", ")}`;
}

const plainAttributes =
  /^a=(rtpmap|fmtp|ptime|maxptime|sendrecv|sendonly|recvonly|inactive|rtcp|rtcp-mux|rtcp-fb|setup|mid|group|extmap)(:|$)/;

/** RFC 8866: addresses, ports and codecs remain; keys (RFC 4568, RFC 8839) and free text do not. */
function redactSdp(sdp: string): string {
  return sdp
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map(sdpLine)
    .join("\n");
}

function sdpLine(line: string): string {
  if (/^[vctmb]=/.test(line) || plainAttributes.test(line)) return line;
  if (line.startsWith("o=")) return `o=${mask} ${line.slice(2).split(" ").slice(1).join(" ")}`;
  const suite = /^a=crypto:([0-9]+) ([A-Za-z0-9_]+)/.exec(line);
  if (suite !== null) return `a=crypto:${suite[1]} ${suite[2]} ${mask}`;
  const [, key] = /^a=(ice-ufrag|ice-pwd|fingerprint|key-mgmt|candidate|ssrc):/.exec(line) ?? [];
  return key === undefined ? `${line.slice(0, 2)}${mask}` : `a=${key}:${mask}`;
}
