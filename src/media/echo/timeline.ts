/** What was said and what was heard of late, on one count of samples: the n-th of either is of the same time. */
import type { RateHz } from "../messages.ts";
import { createSampleRing } from "../sample-ring.ts";
import { longestLagMs } from "./lag-search.ts";
import { pathBlocks } from "./path-filter.ts";

export const blockMs = 10;
/** What was said longer ago than this comes back no more. */
export const tailMs = longestLagMs + pathBlocks * blockMs;

export type Timeline = {
  said(frame: Int16Array): void;
  heard(frame: Int16Array): void;
  /** The `count` samples before `end`, −1…1; before the first there was silence. */
  saidBefore(end: number, count: number): Float32Array;
  heardBefore(end: number, count: number): Float32Array;
  readonly rateHz: RateHz;
  readonly blockSamples: number;
  readonly saidEnd: number;
  readonly heardEnd: number;
};

/** @param keptMs of what was heard. */
export function createTimeline(rateHz: RateHz, keptMs: number): Timeline {
  const perMs = rateHz / 1000;
  const saidRing = createSampleRing((tailMs + keptMs) * perMs);
  const heardRing = createSampleRing(keptMs * perMs);
  let [saidEnd, heardEnd] = [0, 0];
  return {
    said(frame) {
      saidRing.push(scaled(frame));
      saidEnd += frame.length;
    },
    heard(frame) {
      heardRing.push(scaled(frame));
      heardEnd += frame.length;
      // Before the first packet came nothing was sent, as it was not known where to.
      if (saidEnd >= heardEnd) return;
      saidRing.push(new Float32Array(heardEnd - saidEnd));
      saidEnd = heardEnd;
    },
    saidBefore: (end, count) => padded(saidRing.slice(end - count, end), count),
    heardBefore: (end, count) => padded(heardRing.slice(end - count, end), count),
    rateHz,
    blockSamples: blockMs * perMs,
    get saidEnd() {
      return saidEnd;
    },
    get heardEnd() {
      return heardEnd;
    },
  };
}

function scaled(frame: Int16Array): Float32Array {
  const samples = new Float32Array(frame.length);
  for (let n = 0; n < frame.length; n++) samples[n] = (frame[n] ?? 0) / 32_768;
  return samples;
}

function padded(samples: Float32Array, length: number): Float32Array {
  if (samples.length === length) return samples;
  const whole = new Float32Array(length);
  whole.set(samples, length - samples.length);
  return whole;
}
