/**
 * Where calls arrive: decides whether and on which line a call is taken, negotiates its media, runs it, and lets
 * running calls end when the appliance stops.
 */
import type { CodecName, FromMedia, MediaStats, NegotiatedMedia, Protection, ToMedia } from "../media/messages.ts";
import { answerOffer, makeOffer, type OurSide, readAnswer } from "../media/sdp.ts";
import type { EndReason, OnInvite, ServerCall, ServerCallHandlers } from "../sip/ports.ts";
import { normaliseNumber } from "../sip/uas/identity.ts";
import { createCallKeys, type SrtpPorts } from "./call-keys.ts";
import type { AfterCall } from "./ports.ts";
import { mediaReanswered } from "./reanswered.ts";
import type { RunningCall } from "./run-call.ts";
import { createLegSide } from "./transfer/leg-side.ts";
import type { LegSide } from "./transfer/ports.ts";

export type Line = { number: string; kind: "reception" | "echo" };

export type MediaPort = {
  open(callId: string, address: string): Promise<{ port: number }>;
  send(message: ToMedia): void;
  onEvent(callId: string, handler: (event: FromMedia) => void): () => void;
};

export type SwitchboardPorts = {
  media: MediaPort;
  /** `*` is the line of every number that has none of its own. */
  lines: readonly Line[];
  codecs: readonly CodecName[];
  srtp: SrtpPorts;
  /** Right now. */
  maxCalls(): number;
  /** Address for RTP and for the SDP; undefined: the one that the INVITE reached. */
  mediaAddress: string | undefined;
  /** `newLegSide`: what a leg of that call's trunk is offered. */
  runCall(
    call: ServerCall,
    media: NegotiatedMedia,
    line: string,
    after: AfterCall,
    newLegSide: () => LegSide,
  ): RunningCall;
  failed(callId: string, error: unknown): void;
  schedule(afterMs: number, fire: () => void): () => void;
};

export type CallSummary = {
  callId: string;
  line: string;
  kind: Line["kind"];
  phase: string;
  /** As agreed; of a handshake it says nothing yet. */
  encryption: Protection;
};

export interface Switchboard {
  onInvite: OnInvite;
  /** Asked before a call rings. 486 without Retry-After when full: the PBX then overflows to humans (telephony.md, *Full*). */
  admit(): { ok: true } | { ok: false; status: number; reason: string };
  calls(): CallSummary[];
  /** Calls refused because so many were running already. */
  refusedFull(): number;
  /** The Worker died: every call that had media in it ends. */
  mediaLost(): void;
  /** Resolves when no call is left; after `boundMs` the rest is hung up. */
  drain(boundMs: number): Promise<void>;
}

/** The Worker answers `close` at once; if it does not, the call's rows are closed without its figures. */
const closingBoundMs = 2_000;

type Held = { call: ServerCall; line: Line; running: RunningCall | undefined; gone: boolean; encryption: Protection };

export function createSwitchboard(ports: SwitchboardPorts): Switchboard {
  const held = new Map<string, Held>();
  let emptied: (() => void)[] = [];
  let refusedFull = 0;

  function leave(callId: string): void {
    held.delete(callId);
    if (held.size > 0) return;
    for (const wake of emptied) wake();
    emptied = [];
  }

  function lineOf(called: string): Line | undefined {
    const { lines } = ports;
    // A PBX says 020 7946 0100, +442079460100 or 00442079460100 for the same line, and not always the same.
    const dialled = normaliseNumber(called);
    return (
      lines.find(({ number }) => number === called) ??
      lines.find(({ number }) => normaliseNumber(number) === dialled) ??
      lines.find(({ number }) => number === "*")
    );
  }

  function onInvite(call: ServerCall): ServerCallHandlers {
    const line = lineOf(call.called);
    if (!line) {
      call.reject(404, "Not Found");
      return ignoring;
    }
    const entry: Held = { call, line, running: undefined, gone: false, encryption: "none" };
    held.set(call.id, entry);
    return takeCall(entry, ports, () => leave(call.id));
  }

  return {
    onInvite,
    admit() {
      if (held.size < ports.maxCalls()) return { ok: true };
      refusedFull += 1;
      return { ok: false, status: 486, reason: "Busy Here" };
    },
    refusedFull: () => refusedFull,
    calls: () =>
      [...held.values()].map(({ call, line, running, encryption }) => ({
        callId: call.id,
        line: line.number,
        kind: line.kind,
        phase: running?.state().phase ?? line.kind,
        encryption,
      })),
    mediaLost() {
      for (const { call } of held.values()) call.hangUp();
    },
    async drain(boundMs) {
      if (held.size === 0) return;
      const empty = new Promise<void>((resolve) => emptied.push(resolve));
      const cancel = ports.schedule(boundMs, () => {
        for (const { call } of held.values()) call.hangUp();
      });
      const giveUp = ports.schedule(boundMs + 5_000, () => {
        for (const wake of emptied) wake();
      });
      await empty;
      cancel();
      giveUp();
    },
  };
}

const ignoring: ServerCallHandlers = {
  acknowledged: () => undefined,
  reoffered: () => undefined,
  ended: () => undefined,
};

/** One call's way from INVITE to its last word; every path ends in `leave`. */
function takeCall(entry: Held, ports: SwitchboardPorts, leave: () => void): ServerCallHandlers {
  const { call, line } = entry;
  const sessionId = Number.parseInt(call.id.slice(0, 8), 16);
  let version = 1;
  let ours: { address: string; port: number } | undefined;
  /** What the sound of the call runs on. */
  let current: NegotiatedMedia | undefined;
  /** Whether our last description was an offer, of all that we can. */
  let ourLastIsOffer = call.offer === undefined;
  let closed: ((stats: MediaStats | undefined) => void) | undefined;
  const stopListening = ports.media.onEvent(call.id, (event) => {
    if (event.kind === "closed" && closed) closed(event.stats);
    else if (event.kind === "closed")
      call.hangUp(); // a fault closed its media: nobody would hear us any more
    else entry.running?.media(event);
    if (event.kind === "fault") ports.failed(call.id, new Error(event.message));
    if (event.kind === "inactive" && !entry.running) call.hangUp();
  });

  const keysFor = createCallKeys({ byTls: call.transport === "tls", trunk: call.trunk }, ports.srtp);
  const local = (address: string, port: number): OurSide => {
    const encryption = keysFor(current);
    const side = { address, port, codecs: [...ports.codecs], sessionId, version };
    return encryption === undefined ? side : { ...side, encryption };
  };

  function agree(media: NegotiatedMedia): void {
    current = media;
    entry.encryption = media.dtls ? "dtls" : media.srtp ? "sdes" : "none";
  }

  function begin(media: NegotiatedMedia): void {
    agree(media);
    if (line.kind === "echo") ports.media.send({ kind: "start", callId: call.id, media, mode: "echo" });
    else {
      const after: AfterCall = { ended: (close) => whenClosed(close) };
      entry.running = ports.runCall(call, media, line.number, after, () =>
        createLegSide(call.trunk, ports.mediaAddress ?? call.localAddress, ports),
      );
    }
  }

  /** The last second of sound comes before `closed`; only then are recording and row sealed. */
  function whenClosed(close: (quality: Record<string, number>) => void): void {
    const cancel = ports.schedule(closingBoundMs, () => closed?.(undefined));
    closed = (stats) => {
      closed = undefined;
      cancel();
      stopListening();
      try {
        close(qualityOf(stats));
      } catch (error) {
        ports.failed(call.id, error);
      } finally {
        leave();
      }
    };
  }

  async function answer(): Promise<void> {
    const address = ports.mediaAddress ?? call.localAddress;
    const { port } = await ports.media.open(call.id, address);
    ours = { address, port };
    if (entry.gone) return closeMedia();
    if (call.offer === undefined) return call.answer(makeOffer(local(address, port)));
    const answered = answerOffer(call.offer, local(address, port));
    if (!answered.ok) {
      call.reject(answered.status, answered.reason);
      return;
    }
    begin(answered.media); // before it is answered: a call that cannot be kept goes to people
    call.answer(answered.sdp);
  }

  /** A session that was changed: the same call goes on, over other addresses or in another direction. */
  function restart(media: NegotiatedMedia): void {
    agree(media);
    const mode = line.kind === "echo" ? "echo" : "converse";
    ports.media.send({ kind: "start", callId: call.id, media, mode });
  }

  function closeMedia(): void {
    whenClosed(() => undefined);
    ports.media.send({ kind: "close", callId: call.id });
  }

  answer().catch((error: unknown) => {
    ports.failed(call.id, error);
    call.reject(500, "Server Internal Error");
  });

  return {
    acknowledged(sdp) {
      if (call.offer === undefined && !entry.running && ours) {
        const read = sdp === undefined ? undefined : readAnswer(sdp, local(ours.address, ours.port));
        if (!read?.ok) return call.hangUp();
        try {
          begin(read.media);
        } catch (error) {
          ports.failed(call.id, error);
          return call.hangUp();
        }
      }
      entry.running?.acknowledged();
    },
    reoffered(sdp) {
      if (!ours) return undefined;
      // RFC 3264 §8: one more for each description of ours that is another. What is refused (T.38) gets none.
      const answered = answerOffer(sdp, { ...local(ours.address, ours.port), version: version + 1 });
      if (!answered.ok) return undefined;
      version += 1;
      ourLastIsOffer = false;
      restart(answered.media);
      return answered.sdp;
    },
    reoffer() {
      if (!ours) return undefined;
      // RFC 3261 §14.2: as for a new call. Our last description may be one of a hold, which this is often the end of.
      version += 1;
      ourLastIsOffer = true;
      return makeOffer(local(ours.address, ours.port));
    },
    reanswered(sdp) {
      const next = ours && mediaReanswered(sdp, local(ours.address, ours.port), current, ourLastIsOffer);
      if (next !== undefined) restart(next); // a new start finds the caller's source anew
    },
    digit(digit, durationMs) {
      entry.running?.media({ kind: "digit", callId: call.id, digit, durationMs });
    },
    ended(reason) {
      if (entry.gone) return;
      entry.gone = true;
      if (entry.running) entry.running.ended(endedBy(reason));
      else if (ours) closeMedia();
      else whenClosed(() => undefined); // still opening: `answer` closes what it gets
    },
  };
}

function endedBy(reason: EndReason): "caller" | "gatehouse" {
  return reason === "caller-hung-up" || reason === "cancelled" ? "caller" : "gatehouse";
}

/** As a row has it, which knows numbers only: 0 was not encrypted. */
const srtpFigure = { none: 0, sdes: 1, dtls: 2 };

/** Figures of one call for its row; see MediaStats for units. */
function qualityOf(stats: MediaStats | undefined): Record<string, number> {
  if (!stats) return {};
  const { received, lost, late, sent, jitterMs, concealedMs, atPeer, protection } = stats;
  return {
    ...{ received, lost, late, sent, jitterMs, concealedMs },
    ...(protection && { srtp: srtpFigure[protection] }),
    ...(atPeer && { peerLost: atPeer.lost, peerJitterMs: atPeer.jitterMs }),
    ...(atPeer?.roundTripMs !== undefined && { roundTripMs: atPeer.roundTripMs }),
  };
}
