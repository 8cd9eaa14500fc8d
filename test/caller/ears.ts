/** When the other side has finished a turn: it has spoken, and then been silent for a while. Counts samples. */

import { isLoud } from "./loudness.ts";

export type Turn = { samples: Int16Array; fromMs: number; toMs: number };

const frameMs = 20;

/** `hear` is given frames of 20 ms in order; it returns the turn that just ended, if one did. */
export function createEars(silenceMs: number) {
  const kept: Int16Array[] = [];
  let atMs = 0;
  let fromMs: number | undefined;
  let lastSpeechMs = 0;

  return {
    nowMs: () => atMs,
    hear(frame: Int16Array): Turn | undefined {
      atMs += frameMs;
      kept.push(frame);
      if (isLoud(frame)) {
        fromMs ??= atMs;
        lastSpeechMs = atMs;
      }
      if (fromMs === undefined) {
        if (kept.length > 25) kept.shift();
        return undefined;
      }
      if (atMs - lastSpeechMs < silenceMs) return undefined;
      const turn = { samples: join(kept), fromMs, toMs: lastSpeechMs };
      kept.length = 0;
      fromMs = undefined;
      return turn;
    },
  };
}

function join(frames: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    out.set(frame, at);
    at += frame.length;
  }
  return out;
}
