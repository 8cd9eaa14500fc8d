/** Where a REFER of ours sends a caller (RFC 3515 §2.1, RFC 3891 §6.1, RFC 3892): the allow-list decides, here too. */
import type { Dialog } from "../dialog/dialog.ts";
import { type AllowedTarget, isAllowed } from "../leg/allow-list.ts";
import { targetUri, userPart, type WayOut } from "../leg/way-out.ts";
import type { HeaderField } from "../message/message.ts";

/**
 * @param replaces Our dialog with the one who is to be talked to: whoever calls him takes our place in it.
 * @throws Error for a target that the allow-list has not made.
 */
export function referHeaders(
  target: AllowedTarget,
  way: WayOut,
  identity: string,
  replaces: Dialog | undefined,
): HeaderField[] {
  if (!isAllowed(target)) throw new Error("a REFER to nobody whom the allow-list has");
  const uri = targetUri(target.extension, way);
  const to = replaces === undefined ? uri : `${uri}?Replaces=${escapeHeader(replacesValue(replaces))}`;
  return [
    { name: "refer-to", value: `<${to}>` },
    { name: "referred-by", value: `<sip:${userPart(identity)}@${way.domain}>` },
  ];
}

/** RFC 3891 §6.1: the tags as he sees them, to whom it is sent in the end: his own is the to-tag. */
function replacesValue({ callId, localTag, remoteTag }: Dialog): string {
  return `${callId};to-tag=${remoteTag ?? "0"};from-tag=${localTag}`;
}

/** RFC 3261 §25.1: all but the unreserved; of what a URI's header may have unescaped, some is read otherwise by some. */
function escapeHeader(value: string): string {
  return value.replace(
    /[^A-Za-z0-9\-_.!~*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
}
