/** A PBX as `Legs` shows it, a media Worker and a voice: scripted, so that a test can turn every screw. */

import { AppError } from "../../../src/app-error.ts";
import type { FromMedia, ToMedia } from "../../../src/media/messages.ts";
import { answerOffer, makeOffer, type OurSide } from "../../../src/media/sdp.ts";
import type { ClientLegHandlers, LegRequest, Legs, ReferHandlers, ReferTarget } from "../../../src/sip/leg-ports.ts";
import type { Transcript } from "../../../src/speech/ports.ts";
import { transcript } from "../harness.ts";

export function legSwitch() {
  const placed: { request: LegRequest; handlers: ClientLegHandlers; hungUp: boolean }[] = [];
  const referred: { target: ReferTarget; handlers: ReferHandlers }[] = [];
  const legs: Legs = {
    placeLeg(request, handlers) {
      const leg = { request, handlers, hungUp: false };
      placed.push(leg);
      return {
        id: `dialog-${placed.length}`,
        hangUp() {
          if (leg.hungUp) return;
          leg.hungUp = true;
          handlers.ended("we-hung-up");
        },
      };
    },
    refer: (_callId, target, handlers) => void referred.push({ target, handlers }),
  };
  const theirs: OurSide = { address: "192.0.2.7", port: 7000, codecs: ["PCMU"], sessionId: 9, version: 1 };
  return {
    legs,
    placed,
    referred,
    answer() {
      const leg = placed.at(-1);
      const answered = leg && answerOffer(leg.request.offer, theirs);
      if (answered?.ok) leg?.handlers.answered(answered.sdp);
    },
  };
}

export function legMedia() {
  const sent: ToMedia[] = [];
  const handlers = new Map<string, (event: FromMedia) => void>();
  let isFull = false;
  return {
    sent,
    handlers,
    refuse() {
      isFull = true;
    },
    port: {
      open: (_callId: string, _address: string) =>
        isFull ? Promise.reject(new AppError("media_failed", "no port")) : Promise.resolve({ port: 30_000 }),
      send: (message: ToMedia) => void sent.push(message),
      onEvent(callId: string, handler: (event: FromMedia) => void) {
        handlers.set(callId, handler);
        return () => void handlers.delete(callId);
      },
    },
    of: <K extends ToMedia["kind"]>(kind: K) =>
      sent.filter((message): message is Extract<ToMedia, { kind: K }> => message.kind === kind),
  };
}

/** Says one sample for anything, hears what it is told to. */
export function legSpeech() {
  let next: Transcript = transcript("");
  let isDead = false;
  return {
    hears(text: string) {
      next = transcript(text);
    },
    dies() {
      isDead = true;
    },
    port: {
      transcribe: async () => next,
      async *speak() {
        if (isDead) throw new AppError("speech_failed", "the voice is gone");
        yield { samples: new Int16Array(8), endsClause: true };
      },
    },
  };
}

export const newLegSide = () => {
  const side = { address: "192.0.2.9", codecs: ["PCMA", "PCMU"] as const, sessionId: 5 };
  return { address: side.address, ours: (port: number, version: number): OurSide => ({ ...side, port, version }) };
};

export const anyOffer = () => makeOffer(newLegSide().ours(30_000, 1));
