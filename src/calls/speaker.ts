/** Speaks one call's prompts: from the cache where they are fixed, otherwise clause by clause from the voice. */
import { AppError } from "../app-error.ts";
import { codecs } from "../media/codecs.ts";
import type { CodecName, FromMedia, PlayableAudio, ToMedia } from "../media/messages.ts";
import type { LiveVoice } from "../speech/ports.ts";
import { heardWords, spokenMs } from "./heard-words.ts";
import type { CallEvent, HeardPart, Say } from "./machine.ts";

/** Prompts rendered at start, as ready for the codec as they can be. */
export type PreparedPrompts = { get(text: string, codec: CodecName): PlayableAudio | undefined };

type Speaking = { abort: AbortController; madeMs: number; isMade: boolean; handedOver: boolean; say: Say };

/** A voice that died is replaced at once; one that keeps dying is given a little time, then the caller is told. */
const pausesMs = [0, 500, 1_500];
/** Silence after which the caller hears that we are still there, and again after the second. */
const lateMs = 1_800;
const stillLateMs = 3_500;
const mostFillers = 3;
/** What was said before may not have ended yet. */
const lookAgainMs = 300;

export function createSpeaker(
  callId: string,
  codec: CodecName,
  ports: {
    media: { send(message: ToMedia): void };
    speech: LiveVoice;
    prompts: PreparedPrompts;
    /** What is said while the voice takes its time, if it is among the prompts. */
    filler?: string;
    signal: AbortSignal;
    schedule(afterMs: number, fire: () => void): () => void;
    /** And what has been heard so far of a prompt that is held. */
    ended(event: CallEvent): void;
    failed(error: unknown): void;
  },
) {
  /** As wide as the call: it is made at this rate and changed no more. */
  const { rateHz } = codecs[codec];
  const speaking = new Map<number, Speaking>();
  /** Clauses reach the Worker in the order of the prompts, whichever voice finishes first. */
  let last: Promise<void> = Promise.resolve();
  /** Below all prompts of the call: nobody asks what became of a filler. */
  let lastFillerId = 0;

  /** @param joins In the middle of a clause. */
  function hand(entry: Speaking, audio: PlayableAudio | undefined, isLast: boolean, joins = false): void {
    entry.handedOver = true;
    entry.isMade = isLast;
    if (audio) entry.madeMs += lengthMs(audio);
    ports.media.send({
      kind: "play",
      callId,
      playId: entry.say.playId,
      audio,
      ...(joins ? { joins } : {}),
      last: isLast,
      interruptible: entry.say.interruptible,
    });
  }

  /** Nothing of it will be heard: the machine is told here, as the Worker knows nothing of it. */
  function end(entry: Speaking, why: "cancelled" | "voice-failed"): void {
    if (entry.handedOver || !speaking.delete(entry.say.playId)) return;
    const { playId } = entry.say;
    if (why === "voice-failed") ports.ended({ kind: "voice-failed", playId });
    else ports.ended({ kind: "play-ended", playId, completed: false, heardShare: 0, heardText: "" });
  }

  /** While its end is still being made, how long it will be is guessed from its words. */
  function heardPart({ madeMs, isMade, say }: Speaking, playedMs: number): HeardPart {
    const wholeMs = isMade ? madeMs : Math.max(madeMs, spokenMs(say.text));
    const heardShare = wholeMs === 0 ? 0 : Math.min(1, playedMs / wholeMs);
    return { heardShare, heardText: heardWords(say.text, heardShare) };
  }

  /** @returns what ends it. */
  function fillIn(entry: Speaking): () => void {
    let cancel: () => void = () => undefined;
    let said = 0;
    const look = () => {
      const audio = ports.filler === undefined ? undefined : ports.prompts.get(ports.filler, codec);
      if (audio === undefined || entry.handedOver || said >= mostFillers) return;
      const [first] = speaking.keys();
      const isNext = first === entry.say.playId;
      if (isNext) {
        said++;
        const playId = --lastFillerId;
        ports.media.send({ kind: "play", callId, playId, audio, last: true, interruptible: false });
      }
      cancel = ports.schedule(isNext ? stillLateMs : lookAgainMs, look);
    };
    cancel = ports.schedule(lateMs, look);
    return () => cancel();
  }

  async function render(entry: Speaking): Promise<void> {
    const { say, abort } = entry;
    const signal = AbortSignal.any([abort.signal, ports.signal]);
    const cached = say.fixed ? ports.prompts.get(say.text, codec) : undefined;
    if (cached) return hand(entry, cached, true);
    const enough = fillIn(entry);
    try {
      await speakClauses(entry, signal);
    } finally {
      enough();
    }
  }

  async function speakClauses(entry: Speaking, signal: AbortSignal): Promise<void> {
    const { say } = entry;
    /** Clauses that were made to their end. One that broke off is said again: half a number is worse than one said twice. */
    let made = 0;
    for (const pauseMs of [...pausesMs, undefined]) {
      try {
        let clause = 0;
        let joins = false;
        for await (const { samples, endsClause } of ports.speech.speak(say.text, signal, rateHz)) {
          if (signal.aborted) return;
          const isNew = clause >= made; // what is not was said by the voice that died
          if (endsClause) clause++;
          if (!isNew) continue;
          made = clause;
          hand(entry, { kind: "pcm", rateHz, samples }, false, joins);
          joins = !endsClause;
        }
        return hand(entry, undefined, true);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof AppError)) throw error;
        if (pauseMs !== undefined) await pause(pauseMs, signal);
        if (signal.aborted) return;
      }
    }
    // What was made is all there is.
    if (entry.handedOver) hand(entry, undefined, true);
    else end(entry, "voice-failed");
  }

  function pause(afterMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = ports.schedule(afterMs, resolve);
      signal.addEventListener(
        "abort",
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
    });
  }

  return {
    speak(say: Say): void {
      const entry: Speaking = { abort: new AbortController(), madeMs: 0, isMade: false, handedOver: false, say };
      speaking.set(say.playId, entry);
      const before = last;
      last = before.then(() => (speaking.get(say.playId) === entry ? render(entry) : undefined)).catch(ports.failed);
    },
    cancel(playId: number): void {
      const entry = speaking.get(playId);
      if (!entry) return;
      entry.abort.abort();
      if (entry.handedOver) ports.media.send({ kind: "drop", callId, playId });
      else end(entry, "cancelled");
    },
    playHeld({ playId, playedMs }: Extract<FromMedia, { kind: "play-held" }>): void {
      const entry = speaking.get(playId);
      if (entry) ports.ended({ kind: "play-held", playId, playedMs, ...heardPart(entry, playedMs) });
    },
    playEnded(event: Extract<FromMedia, { kind: "play-ended" }>): void {
      const entry = speaking.get(event.playId);
      if (!entry) return;
      speaking.delete(event.playId);
      entry.abort.abort();
      const { playId, completed } = event;
      const heard = completed ? { heardShare: 1, heardText: entry.say.text } : heardPart(entry, event.playedMs);
      ports.ended({ kind: "play-ended", playId, completed, ...heard });
    },
  };
}

function lengthMs(audio: PlayableAudio): number {
  return audio.kind === "encoded" ? audio.bytes.length / 8 : (1000 * audio.samples.length) / audio.rateHz;
}
