/**
 * The ringing tone of the United Kingdom, made and not played from a file: 400 and 450 Hz together, 0.4 s on, 0.2 s off,
 * 0.4 s on, 2 s off (ITU-T E.180 supplement 2; BT SIN 350).
 */
import type { RateHz } from "./messages.ts";

export type Ringback = {
  /** Overwrites `into` with what comes next. */
  fill(into: Int16Array, rateHz: RateHz): void;
  /** The next sample is the first of a ring. */
  restart(): void;
};

const tonesHz = [400, 450] as const;
const burstsMs = [
  { from: 0, to: 400 },
  { from: 600, to: 1000 },
] as const;
/** Whole periods of both tones fit into it, so that it joins without a seam. */
const cadenceMs = 3000;
/** −20 dBFS each: as loud as exchanges send it. */
const amplitude = 3200;
/** Of each edge: a tone that begins at once clicks. */
const rampMs = 5;

export function createRingback(): Ringback {
  let atMs = 0;
  return {
    fill(into, rateHz) {
      const stepMs = 1000 / rateHz;
      for (let i = 0; i < into.length; i++) {
        const gain = gainAt(atMs);
        into[i] = gain === 0 ? 0 : Math.round(gain * amplitude * toneAt(atMs / 1000));
        atMs = (atMs + stepMs) % cadenceMs;
      }
    },
    restart() {
      atMs = 0;
    },
  };
}

function gainAt(ms: number): number {
  const burst = burstsMs.find(({ from, to }) => ms >= from && ms < to);
  return burst === undefined ? 0 : Math.min(1, (ms - burst.from) / rampMs, (burst.to - ms) / rampMs);
}

const toneAt = (seconds: number): number => tonesHz.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * seconds), 0);
