/** A script's moves as sound, made before the call: what is sent does not depend on how busy the machine is then. */
import { louder } from "../../caller/difficult.ts";
import { isLoud, rms } from "../../caller/loudness.ts";
import { cough, joined, silence } from "../../caller/noises.ts";
import type { Mouth } from "../../caller/voice.ts";
import { type Move, type Piece, type Script, type SoundKind, sideVoice } from "./script.ts";

export const frameSamples = 160;
export const frameMs = 20;

/** Frames of 20 ms, `to` not included. */
export type Span = { from: number; to: number };

export type Pause = Span & { ms: number };

/** `heard`: from its first frame that is heard to its last. */
export type Rendered = { samples: Int16Array; heard: Span; pauses: readonly Pause[] };

/** Of someone who talks behind the caller: −15 dB. */
const asideGain = 10 ** (-15 / 20);

export function rendered(move: Move, { voice }: Script, mouth: Mouth): Rendered {
  switch (move.kind) {
    case "turn":
      return spoken(move.pieces, (words) => mouth(words, voice));
    case "barge-in":
      return spoken([{ words: move.words }], (words) => mouth(words, voice));
    case "sound":
      return noise(soundOf(move, voice, mouth));
    case "silence":
      return { samples: silence(0), heard: { from: 0, to: 0 }, pauses: [] };
  }
}

function soundOf(move: { sound: SoundKind; words: string; variant: number }, voice: string, mouth: Mouth): Int16Array {
  switch (move.sound) {
    case "cough":
      return cough(16_000, move.variant);
    case "backchannel":
      return mouth(move.words, voice);
    case "side talk":
      return louder(mouth(move.words, sideVoice), asideGain);
  }
}

/** Words and the pauses between them: what is too soft to be heard at the ends of the words is part of the pause. */
function spoken(pieces: readonly Piece[], say: (words: string) => Int16Array): Rendered {
  const parts: Int16Array[] = [];
  const pauses: Pause[] = [];
  let frames = 0;
  let lastLoud = 0;
  let pauseMs = 0;
  for (const piece of pieces) {
    if ("pauseMs" in piece) {
      pauseMs = piece.pauseMs;
      continue;
    }
    const words = whole(say(piece.words));
    const loud = loudSpan(words);
    if (pauseMs > 0) {
      const quiet = Math.max(0, pauseMs / frameMs - (frames - lastLoud) - loud.from);
      parts.push(silence(quiet * frameMs));
      frames += quiet;
      pauses.push({ ms: pauseMs, from: lastLoud, to: frames + loud.from });
    }
    parts.push(words);
    lastLoud = frames + loud.to;
    frames += words.length / frameSamples;
  }
  const samples = joined(...parts);
  return { samples, heard: loudSpan(samples), pauses };
}

/** Softer than speech is heard as well: within 26 dB of its own loudest. */
function noise(samples: Int16Array): Rendered {
  const padded = whole(samples);
  const levels = framesOf(padded).map(rms);
  const least = Math.max(...levels) / 20;
  return { samples: padded, heard: spanOf(levels.map((level) => level > least)), pauses: [] };
}

const loudSpan = (samples: Int16Array): Span => spanOf(framesOf(samples).map(isLoud));

function spanOf(isHeard: readonly boolean[]): Span {
  return { from: Math.max(0, isHeard.indexOf(true)), to: isHeard.lastIndexOf(true) + 1 };
}

export function framesOf(samples: Int16Array): Int16Array[] {
  return Array.from({ length: samples.length / frameSamples }, (_, i) =>
    samples.subarray(i * frameSamples, (i + 1) * frameSamples),
  );
}

function whole(samples: Int16Array): Int16Array {
  const out = new Int16Array(Math.ceil(samples.length / frameSamples) * frameSamples);
  out.set(samples);
  return out;
}
