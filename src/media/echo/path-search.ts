/**
 * Looks for our own sound in what is heard: a lag at which the two are alike, and then the proof of it, a filter that
 * learns the latest sound over again at that lag. What it foresees of each block before it has learned it cannot be chance:
 * of another's voice it foresees nothing.
 */
import { createLagSearch } from "./lag-search.ts";
import { createPathFilter, type PathFilter, pathBlocks } from "./path-filter.ts";
import { blockMs, type Timeline } from "./timeline.ts";

export type FoundPath = {
  lagMs: number;
  /** By so much what is said is held back for the filter. */
  lagSamples: number;
  /** Has learned already. */
  filter: PathFilter;
  /** Share of the sound's power that it did not foresee. */
  left: number;
};

/** The same way, so much longer. It may then begin before what it is held back for: the filter misses that part. */
export const shifted = (path: FoundPath, samples: number, rateHz: number): FoundPath => ({
  ...path,
  lagMs: path.lagMs + (1000 * samples) / rateHz,
  lagSamples: path.lagSamples + samples,
});

export type PathSearch = {
  /** The next frame of both; they are taken from the timeline. */
  follow(heard: Int16Array): void;
  /** @param withinMs of the latest sound. @param besidesMs a lag that is known to be wrong. */
  find(withinMs: number, besidesMs?: number): FoundPath | undefined;
  /** Whether a path that was right once is right again: it learns nothing by that. */
  holds(path: FoundPath, withinMs: number): boolean;
  clear(): void;
};

/** Before the strongest part of an echo there may be a weaker one. */
const leadMs = 15;
/** Likeness from which a lag is tried, and what of the sound's power must then be foreseen: half of it. */
const [worthTrying, mostLeft] = [6, 0.5];
/** Nearer than this to the lag that is wrong, it is the same one. */
const sameMs = 4;

export function createPathSearch(timeline: Timeline): PathSearch {
  const { rateHz, blockSamples } = timeline;
  const perMs = rateHz / 1000;
  const lags = createLagSearch(rateHz);
  const [echo, left] = [new Float64Array(blockSamples), new Float64Array(blockSamples)];
  let spare: PathFilter | undefined;

  /** @returns what share of the sound's power `filter` did not foresee. @param learns from it as well. */
  function rehearse(filter: PathFilter, lag: number, withinMs: number, learns = true): number {
    const blocks = Math.floor(Math.min(withinMs * perMs, timeline.heardEnd) / blockSamples);
    const first = timeline.heardEnd - blocks * blockSamples;
    let [error, power] = [1e-12, 1e-12];
    filter.prime(timeline.saidBefore(first - lag, pathBlocks * blockSamples));
    for (let end = first + blockSamples; end <= timeline.heardEnd; end += blockSamples) {
      filter.predict(timeline.saidBefore(end - lag, blockSamples), echo);
      const heard = timeline.heardBefore(end, blockSamples);
      let [e, y] = [0, 0];
      for (let n = 0; n < blockSamples; n++) {
        const value = heard[n] as number;
        const rest = value - (echo[n] as number);
        left[n] = rest;
        e += rest * rest;
        y += value * value;
      }
      if (learns) filter.learn(left);
      // What was learned last counts most.
      error = 0.85 * error + e;
      power = 0.85 * power + y;
    }
    return error / power;
  }

  /** Of what is heard, divided by what was said that long before. */
  function powerRatio(lagMs: number, withinMs: number): number {
    const heard = powerOf(timeline.heardBefore(timeline.heardEnd, withinMs * perMs));
    const said = powerOf(timeline.saidBefore(timeline.heardEnd - lagMs * perMs, withinMs * perMs));
    return Math.min(1, heard / (said + 1e-9));
  }

  return {
    follow: (heard) => lags.push(timeline.saidBefore(timeline.heardEnd, heard.length), heard),
    find(withinMs, besidesMs) {
      const { lagMs, score } = lags.search(withinMs);
      if (score < worthTrying) return undefined;
      if (besidesMs !== undefined && Math.abs(lagMs - besidesMs) < sameMs) return undefined;
      const lagSamples = Math.max(0, Math.floor((lagMs - leadMs) / blockMs)) * blockSamples;
      const filter = spare ?? createPathFilter(blockSamples);
      spare = filter;
      filter.reset(powerRatio(lagMs, withinMs));
      const share = rehearse(filter, lagSamples, withinMs);
      if (share > mostLeft) return undefined;
      spare = undefined;
      return { lagMs, lagSamples, filter, left: share };
    },
    holds({ filter, lagSamples }, withinMs) {
      return rehearse(filter, Math.max(0, lagSamples), withinMs, false) <= mostLeft;
    },
    clear: lags.clear,
  };
}

function powerOf(samples: Float32Array): number {
  let sum = 0;
  for (const x of samples) sum += x * x;
  return sum / Math.max(1, samples.length);
}
