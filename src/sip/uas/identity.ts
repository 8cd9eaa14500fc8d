/** Who calls, and who was called: as a PBX that we trust says it (RFC 3325, RFC 3323; Remote-Party-ID is older). */
import { textOf, trimSpace } from "../message/grammar.ts";
import { headerLines, headerList, type SipRequest } from "../message/message.ts";
import { type NameAddr, parseNameAddr } from "../message/name-addr.ts";
import { asRequestUri, parseSipUri, schemeOf, userOf } from "../message/uri.ts";
import type { CalledHeader, CallerIdentity } from "../ports.ts";

/** What is longer is no name and no number; it would only fill logs and screens. */
const longestText = 128;
const withheldCaller: CallerIdentity = { number: undefined, display: undefined, withheld: true };

/** P-Asserted-Identity, then Remote-Party-ID, then From. */
export function callerOf(invite: SipRequest): CallerIdentity {
  const remoteParty = headerList(invite, "remote-party-id").map(parseNameAddr).find(isCalling);
  if (isPrivate(invite, remoteParty)) return withheldCaller;
  const asserted = headerList(invite, "p-asserted-identity").flatMap((value) => parseNameAddr(value) ?? []);
  // RFC 3325 §9.1: there may be a SIP and a tel identity; the one with a number says more.
  const chosen = asserted.find(({ uri }) => schemeOf(uri) === "tel") ?? asserted[0] ?? remoteParty ?? invite.from;
  return { number: numberOf(chosen), display: displayOf(chosen) ?? displayOf(asserted[0]), withheld: false };
}

/**
 * The number dialled, unescaped: of the first place in that order which names one. The Request-URI is right on an IP
 * trunk; to a registered extension it is our own Contact, and what was dialled stands elsewhere.
 */
export function calledOf(invite: SipRequest, order: readonly CalledHeader[] = ["request-uri"]): string {
  for (const place of order) {
    const called = readable(calledIn(invite, place));
    if (called !== undefined) return called;
  }
  return "";
}

function calledIn(invite: SipRequest, place: CalledHeader): string | undefined {
  switch (place) {
    case "request-uri":
      return userOf(invite.uri);
    case "to":
      return userOf(invite.to.uri);
    case "p-called-party-id": // RFC 7315 §4.2: the address that the last proxy found before it put our Contact there.
      return userIn(headerList(invite, place)[0]);
    case "diversion": // RFC 5806 §4: whoever diverts puts theirs on top, so the number dialled at first is the last one.
      return userIn(headerList(invite, place).at(-1));
    case "history-info": // RFC 7044 §5: the oldest entry is the number dialled at first.
      return userIn(headerList(invite, place)[0]);
  }
}

function userIn(value: string | undefined): string | undefined {
  const address = value === undefined ? undefined : parseNameAddr(value);
  return address && userOf(asRequestUri(address.uri));
}

function isCalling(remoteParty: NameAddr | undefined): boolean {
  return remoteParty !== undefined && (remoteParty.params.get("party") ?? "calling").toLowerCase() === "calling";
}

/**
 * RFC 3323 §4.2, RFC 3325 §9.3: `id`, `user` and `header` hide the caller; `session`, `critical` and `none` do not. A
 * From that RFC 3323 §4.1.1.3 makes
 * anonymous withholds too, whatever number the network asserts beside it.
 */
function isPrivate(invite: SipRequest, remoteParty: NameAddr | undefined): boolean {
  const values = headerLines(invite, "privacy")
    .join(";")
    .toLowerCase()
    .split(/[;, \t]+/);
  if (values.some((value) => ["id", "user", "header"].includes(value))) {
    return true;
  }
  const restricted = remoteParty?.params.get("privacy")?.toLowerCase();
  if (restricted !== undefined && restricted !== "off" && restricted !== "none") return true;
  const { uri, display } = invite.from;
  const from = parseSipUri(uri);
  if (from?.host === "anonymous.invalid" || from?.user?.toLowerCase() === "anonymous") return true;
  return display?.toLowerCase() === "anonymous";
}

function numberOf({ uri }: NameAddr): string | undefined {
  const user = readable(userOf(uri));
  return user === undefined ? undefined : normaliseNumber(user);
}

/**
 * UK numbers to E.164 (Ofcom's plan: +44 and nine or ten digits): "0207 123 4567", "0044…", "+44 (0)20…" become
 * "+44207…". Other international numbers get their "+"; short numbers of the office and names stay as they are.
 */
export function normaliseNumber(given: string): string {
  const digits = given.replace(/[\s().-]/g, "");
  if (!/^\+?[0-9]+$/.test(digits)) return given;
  if (/^(\+|00)440?[1-9][0-9]{8,9}$/.test(digits)) return digits.replace(/^(\+|00)440?/, "+44");
  if (/^0[1-9][0-9]{8,9}$/.test(digits)) return `+44${digits.slice(1)}`;
  if (/^00[1-9][0-9]{6,14}$/.test(digits)) return `+${digits.slice(2)}`;
  return digits;
}

function displayOf(address: NameAddr | undefined): string | undefined {
  return readable(address?.display);
}

/** As text, without control characters, at most so long; undefined where nothing is left. */
function readable(bytes: string | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const text = trimSpace(textOf(bytes).replace(/\p{Cc}/gu, "")).slice(0, longestText);
  return text === "" ? undefined : text;
}
