/** Silence at the ends of a clause: a voice's own varies, ours is chosen by punctuation. Pure. */

import { joined } from "./join.ts";

const frameMs = 5;
/** Below the loudest frame by this much is silence; soft beginnings (an f, an h) lie above. */
const silentDb = -42;
/** Kept on either side of what was found, so that no soft onset or breath of an ending is cut. */
const marginMs = 20;

/** Samples of a clause as they are made → the same without the silence at either end. */
export type Trimmer = {
  /** @returns what is certain to be kept by now: sound comes behind it, or it is what is kept behind sound. */
  push(samples: Float32Array): Float32Array;
  end(): Float32Array;
};

/** @param silence Mean power of a frame, of samples −1…1: what is no louder is silence. */
export function createTrimmer(rateHz: number, silence: number): Trimmer {
  const frameSamples = frameSamplesAt(rateHz);
  const marginSamples = Math.round((marginMs * rateHz) / 1000);
  /** Of the clause, from sample `heldFrom` on: what is neither given out nor given up. */
  let held: Float32Array = new Float32Array(0);
  let heldFrom = 0;
  /** Frames before it are looked at. */
  let frame = 0;
  let hasSound = false;
  let keepTo = 0;

  const release = (from: number, to: number) => {
    const out = held.subarray(Math.max(0, from - heldFrom), Math.max(0, to - heldFrom));
    const next = Math.max(heldFrom, Math.min(to, heldFrom + held.length));
    held = held.subarray(next - heldFrom);
    heldFrom = next;
    return out;
  };
  const look = (samples: Float32Array) => {
    const at = frame * frameSamples;
    frame++;
    if (powerOf(samples) <= silence) return;
    if (!hasSound) release(0, at - marginSamples);
    hasSound = true;
    keepTo = at + frameSamples + marginSamples;
  };

  return {
    push(samples) {
      held = joined([held, samples]);
      const end = heldFrom + held.length;
      while ((frame + 1) * frameSamples <= end) {
        const from = frame * frameSamples - heldFrom;
        look(held.subarray(from, from + frameSamples));
      }
      if (hasSound) return release(heldFrom, Math.min(keepTo, frame * frameSamples));
      release(0, frame * frameSamples - marginSamples); // no sound can make it count any more
      return held.subarray(0, 0);
    },
    end() {
      const rest = held.subarray(Math.max(0, frame * frameSamples - heldFrom));
      if (rest.length > 0) look(rest);
      return hasSound ? release(heldFrom, keepTo) : held.subarray(0, 0);
    },
  };
}

/** The whole of a clause without its silent ends; empty if there is no sound in it. */
export function trimmed(samples: Float32Array, rateHz: number): Float32Array {
  const trimmer = createTrimmer(rateHz, silenceOf(samples, rateHz));
  return joined([trimmer.push(samples), trimmer.end()]);
}

/** Of a clause that is there as a whole: its own loudest frame counts. */
export function silenceOf(samples: Float32Array, rateHz: number): number {
  const frameSamples = frameSamplesAt(rateHz);
  let loudest = 0;
  for (let at = 0; at < samples.length; at += frameSamples)
    loudest = Math.max(loudest, powerOf(samples.subarray(at, at + frameSamples)));
  return silenceBelow(loudest);
}

/** @param loudest Mean power of the loudest frame. */
export const silenceBelow = (loudest: number): number => Math.max(1e-9, loudest * 10 ** (silentDb / 10));

const frameSamplesAt = (rateHz: number): number => Math.round((frameMs * rateHz) / 1000);

const powerOf = (frame: Float32Array): number => frame.reduce((sum, x) => sum + x * x, 0) / frame.length;
