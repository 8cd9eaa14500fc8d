/** REGISTER as we send it (RFC 3261 §10.2), and what its answer says. The only request that we make outside a dialog. */
import { contactAt, type Endpoint, hostPort, viaTransport } from "../endpoint.ts";
import { byteString, parseDecimal } from "../message/grammar.ts";
import { type HeaderField, header, headerLines, headerList, type SipResponse } from "../message/message.ts";
import { parseNameAddr } from "../message/name-addr.ts";
import { serialise } from "../message/serialise.ts";
import { parseSipUri } from "../message/uri.ts";
import { sameAddress } from "../peers.ts";
import type { RegistrationSettings } from "../ports.ts";
import { allowHeader } from "../uas/responses.ts";
import { authorizationField, type Challenge, chooseChallenge } from "./digest.ts";
import type { RegisterAnswer } from "./machine.ts";

export type RegisterParts = {
  readonly local: Endpoint;
  readonly branch: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly cseq: number;
  readonly expiresSeconds: number;
  readonly auth: { readonly challenge: Challenge; readonly count: number; readonly cnonce: string } | undefined;
  readonly userAgent: string | undefined;
};

/** RFC 3261 §10.2: the Request-URI is the domain, From and To are who we are, Contact is where. */
export function buildRegister(settings: RegistrationSettings, parts: RegisterParts): Uint8Array {
  const { local, branch, callId, cseq, expiresSeconds, auth } = parts;
  const domain = settings.domain.includes(":") ? `[${settings.domain}]` : settings.domain;
  const uri = `sip:${domain}`;
  const user = userPart(settings.extension);
  const who = `<sip:${user}@${domain}>`;
  const headers: HeaderField[] = [
    { name: "via", value: `SIP/2.0/${viaTransport(local)} ${hostPort(local)};branch=${branch};rport` },
    { name: "max-forwards", value: "70" },
    { name: "from", value: `${who};tag=${parts.fromTag}` },
    { name: "to", value: who },
    { name: "call-id", value: callId },
    { name: "cseq", value: `${cseq} REGISTER` },
    { name: "contact", value: contactAt(local, user) },
    { name: "expires", value: String(expiresSeconds) },
    allowHeader,
  ];
  if (auth !== undefined) {
    const credentials = { username: settings.authId, password: settings.password };
    headers.push(authorizationField(auth, credentials, uri, "REGISTER"));
  }
  if (parts.userAgent !== undefined) headers.push({ name: "user-agent", value: parts.userAgent });
  return serialise(`REGISTER ${uri} SIP/2.0`, headers);
}

/** RFC 3261 §25.1: what may not stand in the user of a URI is escaped. */
function userPart(extension: string): string {
  return byteString(extension).replace(
    /[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
}

const longestSeconds = 2 ** 32 - 1;

export function readAnswer(response: SipResponse, local: Endpoint): RegisterAnswer {
  const proxy = response.status === 407;
  const challenges = headerLines(response, proxy ? "proxy-authenticate" : "www-authenticate");
  const seconds = (name: string) => {
    // Retry-After may have a comment or parameters behind its number (RFC 3261 §20.33).
    const digits = /^[0-9]+/.exec(header(response, name) ?? "")?.[0];
    return digits === undefined ? undefined : parseDecimal(digits, longestSeconds);
  };
  return {
    status: response.status,
    challenge: chooseChallenge(challenges, proxy),
    grantedSeconds: grantedTo(local, response) ?? seconds("expires"),
    minExpiresSeconds: seconds("min-expires"),
    retryAfterSeconds: seconds("retry-after"),
  };
}

/** RFC 3261 §10.2.4: all bindings are listed, each with its time; ours is the one with our address. */
function grantedTo(local: Endpoint, response: SipResponse): number | undefined {
  for (const value of headerList(response, "contact")) {
    const contact = parseNameAddr(value);
    const uri = contact && parseSipUri(contact.uri);
    if (uri === undefined || !sameAddress(uri.host, local.address) || uri.port !== local.port) continue;
    return parseDecimal(contact?.params.get("expires") ?? "", longestSeconds);
  }
  return undefined;
}
