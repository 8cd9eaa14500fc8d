/**
 * The INVITE that begins a leg (RFC 3261 §13.2.1): the only place in the program that begins a dialog. scripts/build
 * refuses one that has a second such place, or this one without the look at the allow-list before it.
 */
import { contactAt, type Endpoint, hostPort, viaTransport } from "../endpoint.ts";
import { sdpType } from "../message/body.ts";
import type { HeaderField } from "../message/message.ts";
import { serialise } from "../message/serialise.ts";
import { authorizationField, type Challenge } from "../registration/digest.ts";
import { allowHeader, supportedHeader } from "../uas/responses.ts";
import { type AllowedTarget, isAllowed } from "./allow-list.ts";
import { targetUri, userPart, type WayOut } from "./way-out.ts";

/** Our half of a dialog that may come about. */
export type LegIdentity = {
  readonly callId: string;
  readonly localTag: string;
  /** Header values; From with our tag. */
  readonly localParty: string;
  readonly remoteParty: string;
  readonly asserted: string;
  readonly contact: string;
  /** The Request-URI. */
  readonly remoteTarget: string;
};

export type InviteParts = {
  readonly local: Endpoint;
  readonly branch: string;
  readonly cseq: number;
  readonly offer: string;
  readonly auth: { readonly challenge: Challenge; readonly count: number; readonly cnonce: string } | undefined;
  /** Of the session timer, where the PBX has refused to go without (RFC 4028 §7.1). */
  readonly session: readonly HeaderField[];
  readonly userAgent: string | undefined;
};

/** @param identity The user part of who we say we are. */
export function identityOf(
  target: AllowedTarget,
  identity: string,
  way: WayOut,
  { callId, localTag, local }: { callId: string; localTag: string; local: Endpoint },
): LegIdentity {
  const us = `<sip:${userPart(identity)}@${way.domain}>`;
  const remoteTarget = targetUri(target.extension, way);
  return {
    callId,
    localTag,
    localParty: `${us};tag=${localTag}`,
    remoteParty: `<sip:${userPart(target.extension)}@${way.domain}>`,
    asserted: us,
    contact: contactAt(local, userPart(identity)),
    remoteTarget,
  };
}

/**
 * @param target Decides where it goes: the Request-URI is made of it, whatever the rest says.
 * @throws Error for a target that the allow-list has not made.
 */
export function beginLeg(target: AllowedTarget, way: WayOut, who: LegIdentity, parts: InviteParts): Uint8Array {
  if (!isAllowed(target)) throw new Error("an INVITE to nobody whom the allow-list has");
  const uri = targetUri(target.extension, way);
  const { local, branch, cseq, auth, userAgent } = parts;
  const headers: HeaderField[] = [
    { name: "via", value: `SIP/2.0/${viaTransport(local)} ${hostPort(local)};branch=${branch};rport` },
    { name: "max-forwards", value: "70" },
    { name: "from", value: who.localParty },
    { name: "to", value: who.remoteParty },
    { name: "call-id", value: who.callId },
    { name: "cseq", value: `${cseq} INVITE` },
    { name: "contact", value: who.contact },
    { name: "p-asserted-identity", value: who.asserted },
    allowHeader,
    supportedHeader,
    ...parts.session,
  ];
  if (auth !== undefined && way.credentials !== undefined) {
    headers.push(authorizationField(auth, way.credentials, uri, "INVITE"));
  }
  if (userAgent !== undefined) headers.push({ name: "user-agent", value: userAgent });
  return serialise(`INVITE ${uri} SIP/2.0`, headers, { contentType: sdpType, text: parts.offer });
}
