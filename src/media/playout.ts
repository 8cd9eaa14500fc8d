/**
 * What a call has still to say: prompts in the order in which their first sound came, each in one or more chunks. PCM,
 * brought to the rate of the call as it is pulled.
 */
import { decode } from "./g711.ts";
import type { PlayableAudio, RateHz } from "./messages.ts";
import { createRateConverter } from "./rate-converter.ts";

export type PlayoutEvent =
  | { kind: "started"; playId: number }
  | { kind: "ended"; playId: number; playedMs: number; completed: boolean; byCaller: boolean };

type Chunk = { rateHz: RateHz; samples: Int16Array };
type Play = {
  playId: number;
  interruptible: boolean;
  chunks: Chunk[];
  /** Into the first chunk. */
  offset: number;
  playedMs: number;
  isStarted: boolean;
  isClosed: boolean;
};

export type Appended = "appended" | "over" | "full";

export type Playout = {
  /** @returns "over" if this prompt has ended already (it was interrupted), "full" if the sound was dropped. */
  append(chunk: { playId: number; audio: PlayableAudio | undefined; last: boolean; interruptible: boolean }): Appended;
  /** Overwrites the beginning of `into` (whole ms) with what is to be said next; the rest is left as it is. */
  pull(into: Int16Array, rateHz: RateHz): PlayoutEvent[];
  /** Drops prompts, playing or waiting: all, or those that the caller may interrupt. */
  stop(which: "all" | "interruptible", byCaller: boolean): PlayoutEvent[];
  readonly isPlaying: boolean;
};

/** Two minutes: more than anybody listens to. */
const mostMs = 120_000;
const rememberedEnds = 256;

export function createPlayout(): Playout {
  let plays: Play[] = [];
  let waitingMs = 0;
  const ended = new Set<number>();
  // One filter for all that is said in a call: prompts begin and end in silence, and follow one another without a seam.
  const convert = createRateConverter();

  function end(play: Play, completed: boolean, byCaller: boolean): PlayoutEvent {
    ended.add(play.playId);
    const [oldest] = ended;
    if (ended.size > rememberedEnds && oldest !== undefined) ended.delete(oldest);
    waitingMs -= unplayedMs(play);
    return { kind: "ended", playId: play.playId, playedMs: play.playedMs, completed, byCaller };
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
      play.playedMs += (1000 * part.length) / chunk.rateHz;
      waitingMs -= (1000 * part.length) / chunk.rateHz;
      if (play.offset < chunk.samples.length) continue;
      play.chunks.shift();
      play.offset = 0;
    }
    return at;
  }

  return {
    append({ playId, audio, last, interruptible }) {
      if (ended.has(playId)) return "over";
      let play = plays.find((other) => other.playId === playId);
      if (play === undefined) {
        play = { playId, interruptible, chunks: [], offset: 0, playedMs: 0, isStarted: false, isClosed: false };
        plays.push(play);
      }
      play.isClosed ||= last;
      const chunk = audio && chunkOf(audio);
      if (chunk === undefined || chunk.samples.length === 0) return "appended";
      if (waitingMs + lengthMs(chunk) > mostMs) return "full";
      play.chunks.push(chunk);
      waitingMs += lengthMs(chunk);
      return "appended";
    },
    pull(into, rateHz) {
      const events: PlayoutEvent[] = [];
      for (let at = 0; ; ) {
        const play = plays[0];
        if (play === undefined) return events;
        const taken = take(play, into.subarray(at), rateHz);
        at += taken;
        if (taken > 0 && !play.isStarted) {
          play.isStarted = true;
          events.push({ kind: "started", playId: play.playId });
        }
        // An open prompt keeps its turn while its next clause is being made.
        if (play.chunks.length > 0 || !play.isClosed) return events;
        plays.shift();
        events.push(end(play, true, false));
      }
    },
    stop(which, byCaller) {
      const stopped = plays.filter((play) => which === "all" || play.interruptible);
      plays = plays.filter((play) => !stopped.includes(play));
      return stopped.map((play) => end(play, false, byCaller));
    },
    get isPlaying() {
      return plays.some((play) => play.isStarted);
    },
  };
}

function lengthMs({ rateHz, samples }: Chunk): number {
  return (1000 * samples.length) / rateHz;
}

function unplayedMs(play: Play): number {
  const offsetMs = (1000 * play.offset) / (play.chunks[0]?.rateHz ?? 8000);
  return play.chunks.reduce((total, chunk) => total + lengthMs(chunk), 0) - offsetMs;
}

function chunkOf(audio: PlayableAudio): Chunk {
  if (audio.kind === "pcm") return audio;
  const samples = new Int16Array(audio.bytes.length);
  decode(audio.codec, audio.bytes, samples);
  return { rateHz: 8000, samples };
}
