/** A new INVITE takes the place of a dialog that is there (RFC 3891 §3): its owner goes on, with whom it brings. */
import { contactAt, type Endpoint } from "../endpoint.ts";
import { sdpOf } from "../message/body.ts";
import type { SipRequest } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import type { ServerCallHandlers } from "../ports.ts";
import type { Timers } from "../timers.ts";
import { openCall } from "./call.ts";
import { dialogKey } from "./dialog.ts";
import type { DialogEntry, Dialogs } from "./dialogs.ts";

export type TakeoverPorts = {
  dialogs: Dialogs;
  timers: Timers;
  localEndpoint(remote: Endpoint): Endpoint;
  minSessionSeconds: number;
};

/** The INVITE that wants to, with its transaction, our tag for it and where it came from. */
export type Taker = {
  readonly invite: SipRequest;
  readonly transaction: string;
  readonly localTag: string;
  readonly source: Endpoint;
};

/** Answers the INVITE; what its owner cannot take is 488, and leaves everything as it was. */
export function takeOver(
  old: DialogEntry,
  { invite, transaction, localTag, source }: Taker,
  ports: TakeoverPorts,
): void {
  const { dialogs } = ports;
  const local = ports.localEndpoint(source);
  const body = sdpOf(invite);
  const offer = body.kind === "sdp" ? body.sdp : undefined;
  const { state, effects } = openCall(invite, transaction, {
    localTag,
    contact: contactAt(local),
    offered: offer !== undefined,
    expiresMs: undefined,
    minSessionSeconds: ports.minSessionSeconds,
  });
  const next: DialogEntry = {
    ...old,
    key: dialogKey(invite.callId, localTag, tagOf(invite.from)),
    source,
    local,
    timers: ports.timers.set(),
    inputs: [],
    stepping: true,
    state,
    handlers: undefined,
    reason: undefined,
  };
  dialogs.add(next, effects);
  const given = dialogs.guarded(old, (handlers) =>
    offer === undefined ? (handlers.reoffer?.() ?? old.state.localSdp) : handlers.reoffered(offer),
  );
  // Its owner may have hung up at the sight of it.
  if (given === undefined || old.handlers === undefined || old.state.phase !== "established") {
    next.inputs.push({ kind: "reject", response: { status: 488, reason: "Not Acceptable Here" } });
    return dialogs.start(next);
  }
  next.handlers = continued(old.handlers);
  old.handlers = undefined;
  old.moved(next);
  next.inputs.push({ kind: "answer", sdp: given });
  dialogs.start(next);
  dialogs.post(old, {
    kind: "hang-up",
    reason: "we-hung-up",
    unanswered: { status: 487, reason: "Request Terminated" },
  });
}

/** The call is under way: that the new 2xx is acknowledged is no news, but an answer to our offer is. */
function continued(handlers: ServerCallHandlers): ServerCallHandlers {
  return {
    reoffered: (sdp) => handlers.reoffered(sdp),
    reoffer: () => handlers.reoffer?.(),
    reanswered: (sdp) => handlers.reanswered?.(sdp),
    digit: (digit, durationMs) => handlers.digit?.(digit, durationMs),
    ended: (reason) => handlers.ended(reason),
    acknowledged(sdp) {
      if (sdp !== undefined) handlers.reanswered?.(sdp);
    },
  };
}
