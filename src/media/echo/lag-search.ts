/**
 * Whether, and how much later, one sound is in another: their generalised cross-correlation (C. H. Knapp, G. C. Carter,
 * 1976), whitened in part, as voices have little above 1 kHz and that little tells lags best. In 4 kHz, which is enough
 * for a path to be found to within a block.
 */
import { createRealFft } from "./real-fft.ts";

const searchRateHz = 4000;
const perMs = searchRateHz / 1000;
/** Of what was heard last, so much is looked for … */
const nearMs = 384;
/** … among all that was said so much before it at the most. */
export const longestLagMs = 640;
const size = (nearMs + longestLagMs) * perMs;
const [fromHz, toHz] = [250, 1800];
/** 0: plain correlation; 1: phases only. */
const whitening = 0.75;

export type Likeness = {
  lagMs: number;
  /** The peak in units of what all lags have on average: about 4 where the two have nothing to do with one another. */
  score: number;
};

export type LagSearch = {
  /** The same time of both, of the call's rate, each of its own scale. */
  push(said: Float32Array, heard: Int16Array): void;
  /** @param withinMs of what was heard last, 384 at most. */
  search(withinMs: number): Likeness;
  clear(): void;
};

export function createLagSearch(rateHz: number): LagSearch {
  const fft = createRealFft(size);
  const bins = size / 2 + 1;
  const [far, near] = [createHistory(rateHz, size), createHistory(rateHz, nearMs * perMs)];
  const time = new Float64Array(size);
  const [farReal, farImaginary] = [new Float64Array(bins), new Float64Array(bins)];
  const [real, imaginary] = [new Float64Array(bins), new Float64Array(bins)];

  function correlate(nearSamples: number): void {
    far.latest(time, 0, size);
    fft.forward(time, farReal, farImaginary);
    time.fill(0);
    near.latest(time, size - nearSamples, nearSamples);
    fft.forward(time, real, imaginary);
    const first = Math.round((fromHz * size) / searchRateHz);
    const last = Math.round((toHz * size) / searchRateHz);
    for (let k = 0; k < bins; k++) {
      const a = real[k] as number;
      const b = imaginary[k] as number;
      const c = farReal[k] as number;
      const d = farImaginary[k] as number;
      const r = a * c + b * d;
      const i = b * c - a * d;
      const weight = k < first || k > last ? 0 : (r * r + i * i + 1e-12) ** (-whitening / 2);
      real[k] = r * weight;
      imaginary[k] = i * weight;
    }
    fft.inverse(real, imaginary, time);
  }

  return {
    push(said, heard) {
      far.push(said);
      near.push(heard);
    },
    search(withinMs) {
      correlate(withinMs * perMs);
      let [sum, peak, at] = [0, 0, 0];
      for (let lag = 0; lag < longestLagMs * perMs; lag++) {
        const value = time[lag] as number;
        sum += value * value;
        if (Math.abs(value) <= peak) continue;
        peak = Math.abs(value);
        at = lag;
      }
      const average = Math.sqrt(sum / (longestLagMs * perMs)) + 1e-30;
      return { lagMs: at / perMs, score: peak / average };
    },
    clear() {
      far.clear();
      near.clear();
    },
  };
}

type History = {
  push(samples: Int16Array | Float32Array): void;
  latest(into: Float64Array, at: number, count: number): void;
  clear(): void;
};

/** The last `length` samples of 4 kHz of what is pushed at `rateHz`. */
function createHistory(rateHz: number, length: number): History {
  const down = rateHz / searchRateHz;
  const taps = lowPass(down);
  const line = new Float64Array(taps.length);
  const kept = new Float64Array(length);
  let [end, at, phase] = [0, 0, 0];
  return {
    push(samples) {
      for (let n = 0; n < samples.length; n++) {
        line[at] = samples[n] ?? 0;
        at = (at + 1) % line.length;
        phase = (phase + 1) % down;
        if (phase !== 0) continue;
        let sum = 0;
        for (let k = 0; k < taps.length; k++) sum += (taps[k] as number) * (line[(at + k) % line.length] as number);
        kept[end] = sum;
        end = (end + 1) % length;
      }
    },
    latest(into, to, count) {
      for (let n = 0; n < count; n++) into[to + n] = kept[(end + length - count + n) % length] as number;
    },
    clear() {
      line.fill(0);
      kept.fill(0);
    },
  };
}

function lowPass(down: number): Float64Array {
  const half = 8 * down;
  return Float64Array.from({ length: 2 * half - 1 }, (_, n) => {
    const t = n + 1 - half;
    const cut = 0.92 / down;
    const sinc = t === 0 ? cut : Math.sin(Math.PI * cut * t) / (Math.PI * t);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * t) / half));
  });
}
