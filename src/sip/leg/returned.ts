/**
 * Whether an INVITE is a leg of ours that comes back: an extension that forwards its calls to us when nobody answers.
 * Answered, we would talk to ourselves; so it is busy (telephony.md, *Loops*).
 */
import { headerList, type SipRequest } from "../message/message.ts";
import { parseNameAddr } from "../message/name-addr.ts";
import { asRequestUri, userOf } from "../message/uri.ts";
import { callerOf, normaliseNumber } from "../uas/identity.ts";

/** A leg that rings. */
export type Ringing = {
  readonly trunk: string;
  readonly identity: string;
  readonly extension: string;
  /** Of the caller for whom it rings; undefined where it is withheld. */
  readonly callerNumber: string | undefined;
};

/** Who a call says it is from, or by whom it was forwarded. */
const places = ["p-asserted-identity", "diversion", "remote-party-id"] as const;
const maxNamed = 32;
/** "asterisk", "unknown" and "s" are what a PBX calls all of whom its line tells nothing: they are not one caller. */
const someones = /^\+?[0-9]{3,}$/;

/** @returns Those of `ringing` that it may be. */
export function returnedLegs<R extends Ringing>(invite: SipRequest, trunk: string, ringing: readonly R[]): R[] {
  const candidates = ringing.filter((leg) => leg.trunk === trunk);
  if (candidates.length === 0) return [];
  const named = namedIn(invite);
  const caller = callerOf(invite).number;
  const ours = candidates.filter(
    ({ identity, callerNumber = "" }) =>
      named.has(comparable(identity)) || (someones.test(callerNumber) && comparable(callerNumber) === caller),
  );
  // Where several ring, the one whose extension did the forwarding is the one.
  const forwarded = ours.filter(({ extension }) => named.has(comparable(extension)));
  return forwarded.length > 0 ? forwarded : ours;
}

function namedIn(invite: SipRequest): Set<string> {
  const named = new Set<string>();
  const add = (uri: string) => {
    const user = userOf(asRequestUri(uri));
    if (user !== undefined) named.add(comparable(user));
  };
  add(invite.from.uri);
  const addAll = (values: readonly string[]) => {
    for (const value of values.slice(0, maxNamed)) {
      const address = parseNameAddr(value);
      if (address !== undefined) add(address.uri);
    }
  };
  for (const place of places) addAll(headerList(invite, place));
  // RFC 7044 §5: its last entry is whom the call is for now. That is us, in every call that has one.
  addAll(headerList(invite, "history-info").slice(0, -1));
  return named;
}

function comparable(user: string): string {
  return normaliseNumber(user.toLowerCase());
}
