/**
 * One consult leg: its sound, its dialog, what is said to it and heard from it. What it comes to goes to the transfer
 * machine; nothing of it is recorded or kept.
 */
import type { FromMedia, NegotiatedMedia } from "../../media/messages.ts";
import { answerOffer, makeOffer, readAnswer } from "../../media/sdp.ts";
import type { ClientLeg, LegRequest } from "../../sip/leg-ports.ts";
import type { Transcript } from "../../speech/ports.ts";
import { mediaReanswered } from "../reanswered.ts";
import { createSpeaker } from "../speaker.ts";
import { createTranscriptions } from "../transcriptions.ts";
import { readLegAnswer } from "./answers.ts";
import { ringMs, type TransferEvent } from "./machine.ts";
import type { LegPorts } from "./ports.ts";

export type Leg = {
  /** Of its media: for the bridge. */
  readonly mediaId: string;
  /** Of its dialog; undefined before it is placed. */
  dialogId(): string | undefined;
  say(text: string): void;
  press(digit: string, durationMs: number): void;
  /** Nothing more comes of it. Idempotent. */
  hangUp(): void;
};

/** An answer to a question put by a machine is short, and so is the wait for its end. */
const silenceMs = 300;

/** Whom to call, and for what. */
export type LegTarget = Pick<LegRequest, "purpose" | "forCall" | "trunk" | "extension">;

export function placeLeg(
  target: LegTarget,
  ports: LegPorts,
  happened: (event: TransferEvent) => void,
  keyPressed: (digit: string, durationMs: number) => void,
): Leg {
  const mediaId = ports.newId();
  const side = ports.newLegSide();
  const abort = new AbortController();
  let client: ClientLeg | undefined;
  let speaker: ReturnType<typeof createSpeaker> | undefined;
  let port = 0;
  let current: NegotiatedMedia | undefined;
  let version = 1;
  /** Whether our last description was an offer, of all that we can. */
  let ourLastIsOffer = true;
  let isOver = false;
  let playId = 0;
  let isSaying = false;
  const listening = createLegListening(mediaId, ports, abort.signal, happened, () => isSaying);

  const stopListening = ports.media.onEvent(mediaId, (event) => {
    if (isOver) return;
    if (event.kind === "digit") keyPressed(event.digit, event.durationMs);
    else if (event.kind === "play-ended") speaker?.playEnded(event);
    else if (event.kind === "closed" || event.kind === "inactive") happened({ kind: "no-media" });
    else listening.media(event);
  });

  async function begin(): Promise<void> {
    const opened = await ports.media.open(mediaId, side.address);
    if (isOver) return ports.media.send({ kind: "close", callId: mediaId });
    port = opened.port;
    client = ports.legs.placeLeg(
      { ...target, offer: makeOffer(side.ours(port, version, current)), ringMs },
      {
        ringing: () => undefined, // the caller hears our own tone: what a PBX plays to us is not for him
        answered,
        reoffered,
        reoffer,
        reanswered,
        digit: (digit, durationMs) => !isOver && keyPressed(digit, durationMs),
        ended(end) {
          if (!isOver) happened({ kind: "leg-ended", end });
          client = undefined;
          hangUp();
        },
      },
    );
  }

  function start(media: NegotiatedMedia): void {
    current = media;
    ports.media.send({ kind: "start", callId: mediaId, media, mode: "converse" });
  }

  function answered(sdp: string): void {
    if (isOver) return;
    const read = readAnswer(sdp, side.ours(port, version, current));
    if (!read.ok) return happened({ kind: "no-media" });
    start(read.media);
    speaker = createSpeaker(mediaId, read.media.codec, {
      ...ports,
      signal: abort.signal,
      failed,
      ended(event) {
        isSaying = false;
        if (event.kind === "play-ended" || event.kind === "voice-failed")
          happened({ kind: "said", spoken: event.kind === "play-ended" && event.completed });
      },
    });
    happened({ kind: "answered" });
  }

  function reoffered(sdp: string): string | undefined {
    if (isOver) return undefined;
    const answer = answerOffer(sdp, side.ours(port, version + 1, current));
    if (!answer.ok) return undefined;
    version += 1;
    ourLastIsOffer = false;
    start(answer.media);
    return answer.sdp;
  }

  /** RFC 3261 §14.2: as for a new call. */
  function reoffer(): string | undefined {
    if (isOver || current === undefined) return undefined;
    version += 1;
    ourLastIsOffer = true;
    return makeOffer(side.ours(port, version, current));
  }

  /** Whom the PBX has put in the place of the one who answered, or where it has moved him to. */
  function reanswered(sdp: string): void {
    if (isOver) return;
    const next = mediaReanswered(sdp, side.ours(port, version, current), current, ourLastIsOffer);
    if (next !== undefined) start(next);
  }

  /** A fault of this leg ends this leg: the caller is given back. */
  function failed(error: unknown): void {
    ports.failed(error);
    happened({ kind: "no-media" });
  }

  function hangUp(): void {
    if (isOver) return;
    isOver = true;
    abort.abort();
    stopListening();
    ports.media.send({ kind: "close", callId: mediaId });
    client?.hangUp();
  }

  begin().catch((error: unknown) => {
    if (!isOver) failed(error);
  });

  return {
    mediaId,
    dialogId: () => client?.id,
    say(text) {
      isSaying = true;
      speaker?.speak({ playId: ++playId, sayId: playId, text, fixed: false, interruptible: false });
    },
    press: (digit, durationMs) => ports.media.send({ kind: "press", callId: mediaId, digit, durationMs }),
    hangUp,
  };
}

/** The words of whoever is at the other end. At most one utterance at a time; what fails is asked again by the machine. */
function createLegListening(
  mediaId: string,
  ports: LegPorts,
  signal: AbortSignal,
  happened: (event: TransferEvent) => void,
  isSaying: () => boolean,
) {
  let texts = new Map<number, Transcript>();
  let final: number | undefined;
  let utteranceId = 0;
  let whileSaying = false;
  const transcriptions = createTranscriptions(mediaId, {
    speech: ports.speech,
    signal,
    failed: ports.failed,
    done(event) {
      if (event.kind !== "transcribed" || event.utteranceId !== utteranceId) return;
      texts.set(event.pause, event.transcript);
      settle();
    },
  });

  function settle(): void {
    const transcript = final === undefined ? undefined : texts.get(final);
    if (transcript === undefined) return;
    final = undefined;
    if (transcript.text !== "" && !transcript.doubtful)
      happened({ kind: "words", answer: readLegAnswer(transcript.text), whileSaying });
  }

  return {
    media(event: FromMedia): void {
      switch (event.kind) {
        case "speech-started":
          texts = new Map();
          final = undefined;
          utteranceId = event.utteranceId;
          whileSaying = isSaying();
          return;
        case "paused":
          ports.media.send({
            kind: "wait",
            callId: mediaId,
            utteranceId: event.utteranceId,
            silenceMs,
            pause: event.pause,
          });
          return transcriptions.start({ ...event, kind: "transcribe", priority: "speculative" });
        case "resumed":
          return transcriptions.cancel(event.utteranceId);
        case "utterance":
          final = event.pause; // cut at its longest it has none, and is no answer
          transcriptions.hasten(event.utteranceId);
          return settle();
        default:
      }
    },
  };
}
