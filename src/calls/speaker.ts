/** Speaks one call's prompts: from the cache where they are fixed, otherwise clause by clause from the voice. */
import { AppError } from "../app-error.ts";
import type { CodecName, FromMedia, PlayableAudio, ToMedia } from "../media/messages.ts";
import type { Synthesiser } from "../speech/ports.ts";
import type { CallEvent, Say } from "./machine.ts";

/** Prompts rendered at start, encoded for the wire. */
export type PreparedPrompts = { get(text: string, codec: CodecName): Uint8Array | undefined };

type Speaking = { abort: AbortController; madeMs: number; handedOver: boolean; say: Say };

const samplesPerMs = 8;

export function createSpeaker(
  callId: string,
  codec: CodecName,
  ports: {
    media: { send(message: ToMedia): void };
    speech: Synthesiser;
    prompts: PreparedPrompts;
    signal: AbortSignal;
    ended(event: CallEvent): void;
    failed(error: unknown): void;
  },
) {
  const speaking = new Map<number, Speaking>();
  /** Clauses reach the Worker in the order of the prompts, whichever voice finishes first. */
  let last: Promise<void> = Promise.resolve();

  function hand(entry: Speaking, audio: PlayableAudio | undefined, isLast: boolean): void {
    entry.handedOver = true;
    if (audio)
      entry.madeMs +=
        audio.kind === "encoded" ? audio.bytes.length / samplesPerMs : audio.samples.length / samplesPerMs;
    ports.media.send({
      kind: "play",
      callId,
      playId: entry.say.playId,
      audio,
      last: isLast,
      interruptible: entry.say.interruptible,
    });
  }

  /** Nothing of it will be heard, or nothing more: the machine is told unless the Worker will. */
  function end(entry: Speaking, byCaller: boolean): void {
    if (entry.handedOver || !speaking.delete(entry.say.playId)) return;
    ports.ended({ kind: "play-ended", playId: entry.say.playId, completed: false, byCaller, heardShare: 0 });
  }

  async function render(entry: Speaking): Promise<void> {
    const { say, abort } = entry;
    const signal = AbortSignal.any([abort.signal, ports.signal]);
    const cached = say.fixed ? ports.prompts.get(say.text, codec) : undefined;
    if (cached) return hand(entry, { kind: "encoded", codec, bytes: cached }, true);
    try {
      for await (const samples of ports.speech.synthesise(say.text, signal)) {
        if (signal.aborted) return;
        hand(entry, { kind: "pcm", rateHz: 8000, samples }, false);
      }
      hand(entry, undefined, true);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AppError)) throw error;
      await retry(entry, signal);
    }
  }

  /** The voice died: its successor says the whole prompt again; failing that, what was made is all there is. */
  async function retry(entry: Speaking, signal: AbortSignal): Promise<void> {
    if (entry.handedOver) return hand(entry, undefined, true);
    try {
      for await (const samples of ports.speech.synthesise(entry.say.text, signal)) {
        if (signal.aborted) return;
        hand(entry, { kind: "pcm", rateHz: 8000, samples }, false);
      }
      hand(entry, undefined, true);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AppError)) throw error;
      if (entry.handedOver) hand(entry, undefined, true);
      else end(entry, false);
    }
  }

  return {
    speak(say: Say): void {
      const entry: Speaking = { abort: new AbortController(), madeMs: 0, handedOver: false, say };
      speaking.set(say.playId, entry);
      const before = last;
      last = before.then(() => (speaking.get(say.playId) === entry ? render(entry) : undefined)).catch(ports.failed);
    },
    cancel(playId: number): void {
      const entry = speaking.get(playId);
      if (!entry) return;
      entry.abort.abort();
      if (entry.handedOver)
        hand(entry, undefined, true); // the Worker ends what it has
      else end(entry, true);
    },
    playEnded(event: Extract<FromMedia, { kind: "play-ended" }>): void {
      const entry = speaking.get(event.playId);
      if (!entry) return;
      speaking.delete(event.playId);
      entry.abort.abort();
      const heardShare = entry.madeMs === 0 ? 0 : Math.min(1, event.playedMs / entry.madeMs);
      ports.ended({
        kind: "play-ended",
        playId: event.playId,
        completed: event.completed,
        byCaller: event.byCaller,
        heardShare,
      });
    },
  };
}
