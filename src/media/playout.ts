/**
 * What a call has still to say: prompts in the order in which their first sound came, each in one or more chunks.
 * Counted in samples of 8000 Hz, one byte each.
 */
import { encode, transcode } from "./g711.ts";
import type { CodecName, PlayableAudio } from "./messages.ts";

export type PlayoutEvent =
  | { kind: "started"; playId: number }
  | { kind: "ended"; playId: number; playedSamples: number; completed: boolean; byCaller: boolean };

type Chunk = { codec: CodecName; bytes: Uint8Array };
type Play = {
  playId: number;
  interruptible: boolean;
  chunks: Chunk[];
  /** Into the first chunk. */
  offset: number;
  playedSamples: number;
  isStarted: boolean;
  isClosed: boolean;
};

export type Appended = "appended" | "over" | "full";

export type Playout = {
  /** @returns "over" if this prompt has ended already (it was interrupted), "full" if the sound was dropped. */
  append(
    chunk: { playId: number; audio: PlayableAudio | undefined; last: boolean; interruptible: boolean },
    codec: CodecName,
  ): Appended;
  /** Overwrites the beginning of `into` with what is to be said next; the rest is left as it is. */
  pull(into: Uint8Array, codec: CodecName): PlayoutEvent[];
  /** Drops prompts, playing or waiting: all, or those that the caller may interrupt. */
  stop(which: "all" | "interruptible", byCaller: boolean): PlayoutEvent[];
  readonly isPlaying: boolean;
};

/** Two minutes: more than anybody listens to. */
const mostSamples = 120 * 8000;
const rememberedEnds = 256;

export function createPlayout(): Playout {
  let plays: Play[] = [];
  let waiting = 0;
  const ended = new Set<number>();

  function end(play: Play, completed: boolean, byCaller: boolean): PlayoutEvent {
    ended.add(play.playId);
    const [oldest] = ended;
    if (ended.size > rememberedEnds && oldest !== undefined) ended.delete(oldest);
    waiting -= unplayed(play);
    return { kind: "ended", playId: play.playId, playedSamples: play.playedSamples, completed, byCaller };
  }

  /** Moves what fits of `play` into `into`. */
  function take(play: Play, into: Uint8Array, codec: CodecName): number {
    let at = 0;
    while (at < into.length) {
      const chunk = play.chunks[0];
      if (chunk === undefined) break;
      const part = chunk.bytes.subarray(play.offset, play.offset + into.length - at);
      into.set(transcode(chunk.codec, codec, part), at);
      at += part.length;
      play.offset += part.length;
      if (play.offset < chunk.bytes.length) continue;
      play.chunks.shift();
      play.offset = 0;
    }
    play.playedSamples += at;
    waiting -= at;
    return at;
  }

  return {
    append({ playId, audio, last, interruptible }, codec) {
      if (ended.has(playId)) return "over";
      let play = plays.find((other) => other.playId === playId);
      if (play === undefined) {
        play = { playId, interruptible, chunks: [], offset: 0, playedSamples: 0, isStarted: false, isClosed: false };
        plays.push(play);
      }
      play.isClosed ||= last;
      const chunk = audio && chunkOf(audio, codec);
      if (chunk === undefined || chunk.bytes.length === 0) return "appended";
      if (waiting + chunk.bytes.length > mostSamples) return "full";
      play.chunks.push(chunk);
      waiting += chunk.bytes.length;
      return "appended";
    },
    pull(into, codec) {
      const events: PlayoutEvent[] = [];
      for (let at = 0; ; ) {
        const play = plays[0];
        if (play === undefined) return events;
        const taken = take(play, into.subarray(at), codec);
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

function unplayed(play: Play): number {
  return play.chunks.reduce((total, chunk) => total + chunk.bytes.length, 0) - play.offset;
}

function chunkOf(audio: PlayableAudio, codec: CodecName): Chunk {
  if (audio.kind === "encoded") return { codec: audio.codec, bytes: audio.bytes };
  return { codec, bytes: encode(codec, audio.samples) };
}
