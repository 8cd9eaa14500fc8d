/**
 * What a call has still to say: prompts in the order in which their first sound came, each in one or more chunks. PCM,
 * brought to the rate of the call as it is pulled. While the caller speaks, what he may interrupt is held where it was.
 */
import { fadeIn, fadeOut } from "./fade.ts";
import { decode } from "./g711.ts";
import type { PlayableAudio, RateHz } from "./messages.ts";
import { quietPlaceBefore } from "./quiet-place.ts";
import { createRateConverter } from "./rate-converter.ts";

export type PlayoutEvent =
  | { kind: "started"; playId: number }
  | { kind: "ended"; playId: number; playedMs: number; completed: boolean };

/** `playedMs`: up to where it has been played, what was played twice counted once. */
export type HeldPrompt = { playId: number; playedMs: number };

type Chunk = { rateHz: RateHz; samples: Int16Array };
type Play = {
  playId: number;
  interruptible: boolean;
  chunks: Chunk[];
  /** Into the first chunk; and where that was gone on from last, than which it never goes back farther. */
  offset: number;
  resumedAt: number;
  /** Of the whole prompt: where it is, and how far it has been. */
  atMs: number;
  playedMs: number;
  /** Said twice so far. */
  repeatedMs: number;
  isStarted: boolean;
  isClosed: boolean;
};

export type Appended = "appended" | "over" | "full";

export type Playout = {
  /** @returns "over" if this prompt has ended already (it was dropped), "full" if the sound was dropped. */
  append(chunk: {
    playId: number;
    audio: PlayableAudio | undefined;
    joins?: boolean;
    last: boolean;
    interruptible: boolean;
  }): Appended;
  /** Overwrites the beginning of `into` (whole ms) with what is to be said next; the rest is left as it is. */
  pull(into: Int16Array, rateHz: RateHz): PlayoutEvent[];
  /**
   * From now on nothing is said that the caller may interrupt, nor what is appended; the voice fades within 8 ms.
   * @returns the prompts that are held, and how much of each was heard. Again while held: none.
   */
  hold(): HeldPrompt[];
  /** They go on, from a quiet place a little before where they were. */
  release(): void;
  /** Ends one prompt, or all of them, playing or waiting. */
  drop(playId: number): PlayoutEvent[];
  dropAll(): PlayoutEvent[];
  /** Something is being said, or is held in the middle. */
  readonly isPlaying: boolean;
};

/** Two minutes: more than anybody listens to. */
const mostMs = 120_000;
const rememberedEnds = 256;
const fadeMs = 8;
/** Of one prompt: a line that crackles on and on must not keep it from its end. */
const mostRepeatedMs = 1_500;

export function createPlayout(): Playout {
  let plays: Play[] = [];
  let waitingMs = 0;
  let isHeld = false;
  /** What was being said when it was held, and is not silent yet. */
  let fading: Play | undefined;
  /** Goes on from the middle: its first sound is to rise from silence. */
  let rising: Play | undefined;
  const ended = new Set<number>();
  // One filter for all that is said in a call: prompts begin and end in silence, and follow one another without a seam.
  const convert = createRateConverter();

  function end(play: Play, completed: boolean): PlayoutEvent {
    plays = plays.filter((other) => other !== play);
    if (fading === play) fading = undefined;
    if (rising === play) rising = undefined;
    ended.add(play.playId);
    const [oldest] = ended;
    if (ended.size > rememberedEnds && oldest !== undefined) ended.delete(oldest);
    waitingMs -= unplayedMs(play);
    return { kind: "ended", playId: play.playId, playedMs: play.playedMs, completed };
  }

  /** Moves what fits of `play` into `into`. @returns samples of `into`. */
  function take(play: Play, into: Int16Array, rateHz: RateHz): number {
    let at = 0;
    while (at < into.length) {
      const chunk = play.chunks[0];
      if (chunk === undefined) break;
      const wanted = Math.ceil(((into.length - at) * chunk.rateHz) / rateHz);
      const part = chunk.samples.subarray(play.offset, play.offset + wanted);
      const converted = convert(part, chunk.rateHz, rateHz).subarray(0, into.length - at);
      into.set(converted, at);
      at += converted.length;
      play.offset += part.length;
      play.atMs += (1000 * part.length) / chunk.rateHz;
      play.playedMs = Math.max(play.playedMs, play.atMs);
      waitingMs -= (1000 * part.length) / chunk.rateHz;
      if (play.offset < chunk.samples.length) continue;
      play.chunks.shift();
      play.offset = 0;
      play.resumedAt = 0;
    }
    return at;
  }

  /** The last few milliseconds of what is held, so that nothing clicks. They are heard, and said again. */
  function fade(into: Int16Array, rateHz: RateHz): void {
    const play = fading;
    fading = undefined;
    if (play === undefined) return;
    const tail = into.subarray(0, (fadeMs * rateHz) / 1000);
    fadeOut(tail.subarray(0, take(play, tail, rateHz)));
  }

  function pullNext(play: Play, into: Int16Array, rateHz: RateHz, events: PlayoutEvent[]): number {
    const taken = take(play, into, rateHz);
    if (rising === play && taken > 0) {
      rising = undefined;
      fadeIn(into.subarray(0, Math.min(taken, (fadeMs * rateHz) / 1000)));
    }
    if (taken > 0 && !play.isStarted) {
      play.isStarted = true;
      events.push({ kind: "started", playId: play.playId });
    }
    return taken;
  }

  /** Where a clause was broken off, back to a quiet place; between clauses is one. */
  function rewind(play: Play): void {
    const chunk = play.chunks[0];
    if (chunk === undefined || !play.isStarted || play.offset === 0) return;
    const from = Math.max(play.resumedAt, quietPlaceBefore(chunk.samples, play.offset, chunk.rateHz));
    const againMs = (1000 * (play.offset - from)) / chunk.rateHz;
    rising = play;
    if (play.repeatedMs + againMs > mostRepeatedMs) return;
    play.repeatedMs += againMs;
    play.offset = from;
    play.resumedAt = from;
    play.atMs -= againMs;
    waitingMs += againMs;
  }

  const dropped = (those: readonly Play[]): PlayoutEvent[] => those.map((play) => end(play, false));

  return {
    append({ playId, audio, joins = false, last, interruptible }) {
      if (ended.has(playId)) return "over";
      let play = plays.find((other) => other.playId === playId);
      if (play === undefined) {
        play = newPlay(playId, interruptible);
        plays.push(play);
      }
      play.isClosed ||= last;
      const chunk = audio && chunkOf(audio);
      if (chunk === undefined || chunk.samples.length === 0) return "appended";
      if (waitingMs + lengthMs(chunk) > mostMs) return "full";
      waitingMs += lengthMs(chunk);
      const before = joins ? play.chunks.at(-1) : undefined;
      // A chunk is a clause: where one is broken off, it is gone back in it and no farther.
      if (before?.rateHz === chunk.rateHz) before.samples = joinedSamples(before.samples, chunk.samples);
      else play.chunks.push(chunk);
      return "appended";
    },
    pull(into, rateHz) {
      fade(into, rateHz);
      const events: PlayoutEvent[] = [];
      for (let at = 0; ; ) {
        // What must be heard in full overtakes what is held.
        const play = plays.find(({ interruptible }) => !isHeld || !interruptible);
        if (play === undefined) return events;
        at += pullNext(play, into.subarray(at), rateHz, events);
        // An open prompt keeps its turn while its next clause is being made.
        if (play.chunks.length > 0 || !play.isClosed) return events;
        events.push(end(play, true));
      }
    },
    hold() {
      if (isHeld) return [];
      isHeld = true;
      const held = plays.filter(({ interruptible }) => interruptible);
      const [first] = plays;
      if (first?.interruptible && first.isStarted) fading = first;
      return held.map(({ playId, playedMs }) => ({ playId, playedMs }));
    },
    release() {
      if (!isHeld) return;
      isHeld = false;
      fading = undefined;
      const first = plays.find(({ interruptible }) => interruptible);
      if (first !== undefined) rewind(first);
    },
    drop: (playId) => dropped(plays.filter((play) => play.playId === playId)),
    dropAll: () => dropped([...plays]),
    get isPlaying() {
      return plays.some((play) => play.isStarted);
    },
  };
}

function newPlay(playId: number, interruptible: boolean): Play {
  const place = { offset: 0, resumedAt: 0, atMs: 0, playedMs: 0, repeatedMs: 0 };
  return { playId, interruptible, chunks: [], ...place, isStarted: false, isClosed: false };
}

function lengthMs({ rateHz, samples }: Chunk): number {
  return (1000 * samples.length) / rateHz;
}

function unplayedMs(play: Play): number {
  const offsetMs = (1000 * play.offset) / (play.chunks[0]?.rateHz ?? 8000);
  return play.chunks.reduce((total, chunk) => total + lengthMs(chunk), 0) - offsetMs;
}

function joinedSamples(first: Int16Array, second: Int16Array): Int16Array {
  const both = new Int16Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function chunkOf(audio: PlayableAudio): Chunk {
  if (audio.kind === "pcm") return { rateHz: audio.rateHz, samples: audio.samples };
  const samples = new Int16Array(audio.bytes.length);
  decode(audio.codec, audio.bytes, samples);
  return { rateHz: 8000, samples };
}
