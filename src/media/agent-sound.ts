/** What one caller hears of us: prompts, and the ringing tone where there are none. Never into his own words. */
import type { SpeechEvent } from "./hearing.ts";
import type { FromMedia, RateHz, ToMedia } from "./messages.ts";
import { type Appended, createPlayout, type PlayoutEvent } from "./playout.ts";
import { createRingback } from "./ringback.ts";

type Of<K extends ToMedia["kind"]> = Extract<ToMedia, { kind: K }>;

export type AgentSound = {
  /** The next frame in `into`, silence included. @param atMs on the call's clock, which it turns. */
  fill(into: Int16Array, rateHz: RateHz, atMs: number): void;
  play(message: Of<"play">): Appended;
  /** At once, before it is told to anybody: his speech holds what he may interrupt. */
  callerSpeaks(event: SpeechEvent): void;
  release(message: Of<"release">): void;
  /** The words up to that pause are known, and whether they are a turn: nothing is presumed any more. */
  heardOut(message: Of<"wait">): void;
  drop(playId: number): void;
  /** Ends all that is playing or waits, and holds nothing any more. */
  silence(): void;
  ringback(on: boolean): void;
};

/** The utterance that holds our voice. `pause`: he is silent now, for that time; undefined while he speaks. */
type Hold = {
  utteranceId: number;
  pause: number | undefined;
  overSinceMs: number | undefined;
  /** A short sound of which nothing is known by then is taken for a cough until more is. */
  presumedMs: number | undefined;
};

/** Nobody says what an utterance was so long after its end: whoever should have is gone, and silence is worst of all. */
const undecidedMs = 5_000;
/** Longer is hardly a cough or "mm-hm". */
const shortSoundMs = 450;
/** After its pause, which comes 128 ms after its end: the voice is to go on within 300 ms of that. */
const presumedAfterMs = 130;
const samplesPerMs = 16;

/** @param aroundMs Of the sound that a pause is told with: what was kept from before the onset, and the silence. */
export function createAgentSound(callId: string, aroundMs: number, emit: (event: FromMedia) => void): AgentSound {
  const playout = createPlayout();
  const tone = createRingback();
  let isRinging = false;
  let nowMs = 0;
  let held: Hold | undefined;

  function report(events: readonly PlayoutEvent[]): void {
    for (const event of events) {
      const { playId } = event;
      if (event.kind === "started") emit({ kind: "play-started", callId, playId, atMs: nowMs });
      else emit({ kind: "play-ended", callId, playId, playedMs: event.playedMs, completed: event.completed });
    }
  }

  function hold(utteranceId: number): void {
    held = { utteranceId, pause: undefined, overSinceMs: undefined, presumedMs: undefined };
    for (const { playId, playedMs } of playout.hold()) emit({ kind: "play-held", callId, playId, playedMs });
  }

  function goOn(): void {
    held = undefined;
    playout.release();
  }

  return {
    /** Each time from the beginning of a ring. */
    fill(into, rateHz, atMs) {
      nowMs = atMs;
      if (held?.overSinceMs !== undefined && nowMs - held.overSinceMs >= undecidedMs) goOn();
      if (held?.presumedMs !== undefined && nowMs >= held.presumedMs) goOn();
      into.fill(0);
      if (isRinging && !playout.isPlaying) tone.fill(into, rateHz);
      report(playout.pull(into, rateHz));
      if (playout.isPlaying) tone.restart();
    },
    play: (message) => playout.append(message),
    callerSpeaks(event) {
      switch (event.kind) {
        case "speech-started":
        case "resumed":
          return hold(event.utteranceId);
        case "paused":
          if (held?.utteranceId !== event.utteranceId) return;
          held.pause = event.pause;
          if (event.samples.length <= (aroundMs + shortSoundMs) * samplesPerMs)
            held.presumedMs = nowMs + presumedAfterMs;
          return;
        case "utterance":
          if (held?.utteranceId === event.utteranceId) held.overSinceMs = nowMs;
      }
    },
    release({ utteranceId, pause }) {
      if (held?.utteranceId === utteranceId && held.pause === pause) goOn();
    },
    heardOut({ utteranceId, pause }) {
      if (held?.utteranceId === utteranceId && (pause === undefined || held.pause === pause))
        held.presumedMs = undefined;
    },
    drop: (playId) => report(playout.drop(playId)),
    silence() {
      report(playout.dropAll());
      goOn();
    },
    ringback(on) {
      if (on && !isRinging) tone.restart();
      isRinging = on;
    },
  };
}
