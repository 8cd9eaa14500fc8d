/** INVITE with Replaces (RFC 3891 §3): which of our dialogs it names, and whether the new one may take its place. */
import { parseParams } from "../message/grammar.ts";
import { headerLines, type SipRequest } from "../message/message.ts";
import { noTransaction, type ResponseSpec } from "../uas/responses.ts";
import type { CallState } from "./call-state.ts";

export type Replaces = {
  readonly callId: string;
  /** Ours is its to-tag: it is written as the one who gets it sees the dialog. */
  readonly localTag: string;
  /** Undefined for a peer of RFC 2543, which it calls "0". */
  readonly remoteTag: string | undefined;
  readonly earlyOnly: boolean;
};

export const badReplaces: ResponseSpec = { status: 400, reason: "Bad Request" };

/** Undefined where there is none; "bad" for two of them, or one that is malformed. */
export function replacesOf(invite: SipRequest): Replaces | "bad" | undefined {
  const [value, another] = headerLines(invite, "replaces");
  if (value === undefined) return undefined;
  if (another !== undefined || value.includes(",")) return "bad";
  const semicolon = value.indexOf(";");
  const params = semicolon < 0 ? undefined : parseParams(value.slice(semicolon));
  const callId = value.slice(0, Math.max(semicolon, 0)).trimEnd();
  const localTag = params?.get("to-tag");
  const remoteTag = params?.get("from-tag");
  if (params === undefined || callId === "" || !localTag || !remoteTag) return "bad";
  return {
    callId,
    localTag,
    remoteTag: remoteTag === "0" ? undefined : remoteTag,
    earlyOnly: params.has("early-only"),
  };
}

/** Why that dialog may not be replaced; undefined: it may. */
export function refusalToReplace(state: CallState | undefined, earlyOnly: boolean): ResponseSpec | undefined {
  if (state === undefined) return noTransaction;
  // RFC 3891 §3: a dialog that has ended is declined; an early one may only be replaced by whom its INVITE came from.
  if (state.phase === "over") return { status: 603, reason: "Decline" };
  if (state.phase === "proceeding") return noTransaction;
  // Whoever has not acknowledged our 2xx has no dialog yet to give away, and its owner has not begun.
  if (!state.confirmed) return noTransaction;
  return earlyOnly ? { status: 486, reason: "Busy Here" } : undefined;
}
