/**
 * Our own voice, as it comes back from a telephone on speaker: found, taken out, and told from the caller's. Counts
 * samples and knows no clock; it works only while we speak and until the last echo of it has gone by. Where nothing of ours
 * comes back, what is heard is passed on as it is.
 */
import type { MediaStats, RateHz } from "../messages.ts";
import { createSampleRing } from "../sample-ring.ts";
import { createLagSearch, longestLagMs } from "./lag-search.ts";
import { createPathFilter, pathBlocks } from "./path-filter.ts";
import { createResidualGate } from "./residual-gate.ts";
import type { Verdict } from "./verdict.ts";

export type Cleaned = {
  /** Without our echo; the very frame that was given, where there is none. Valid until the next call. */
  samples: Int16Array;
  verdict: Verdict;
};

export type EchoCanceller = {
  /** What leaves in a frame: whole tens of ms. Every frame, silence included. */
  said(frame: Int16Array): void;
  /** What has come in the same time. */
  heard(frame: Int16Array): Cleaned;
  readonly rateHz: RateHz;
  /** Undefined while no echo was found. */
  readonly stats: MediaStats["echo"];
};

const blockMs = 10;
/** −54 dBFS: of what we say, less is silence; of what comes, less is not searched. */
const loudPeak = 64;
const [searchedPeak, searchEveryMs, searchSeldomMs] = [100, 60, 120];
/** Before the strongest part of an echo there may be a weaker one. */
const leadMs = 15;
/** Likeness from which a lag is tried, and what of the sound must then be foreseen by its path: 3 dB. */
const [worthTrying, provenGain] = [6, 2];
const triedMs = 240;
/** So much said in a call without an echo: there is none. */
const provenSilentMs = 1000;

type Path = { lagMs: number; lagBlocks: number };

export function createEchoCanceller(rateHz: RateHz): EchoCanceller {
  const perMs = rateHz / 1000;
  const blockSamples = blockMs * perMs;
  const tailMs = longestLagMs + pathBlocks * blockMs;
  const saidRing = createSampleRing((tailMs + triedMs + 200) * perMs);
  const heardRing = createSampleRing((triedMs + 200) * perMs);
  const search = createLagSearch(rateHz);
  const gate = createResidualGate(rateHz);
  let filter = createPathFilter(blockSamples);
  let spare = createPathFilter(blockSamples);
  const [echo, left] = [new Float64Array(blockSamples), new Float64Array(blockSamples)];
  let path: Path | undefined;
  let [saidEnd, heardEnd] = [0, 0];
  /** Until when what is heard may be an echo. */
  let busyUntil = 0;
  let wasBusy = false;
  let saidMs = 0;
  let sinceSearchMs = 0;
  let isFaithful = true;
  let [errorSum, heardSum, echoSum] = [0, 0, 0];
  let cleaned = new Int16Array(0);
  let cancelledMs = 0;

  const blockAt = (ring: typeof saidRing, end: number) => ring.slice(end - blockSamples, end);

  /** Lets a fresh path learn the latest sound at this lag. @returns what share of the sound's power it did not foresee. */
  function rehearse(candidate: typeof filter, lagBlocks: number, fromMs: number): number {
    const blocks = Math.floor(Math.min(fromMs * perMs, heardEnd) / blockSamples);
    const lag = lagBlocks * blockSamples;
    let [error, power] = [1e-12, 1e-12];
    const first = heardEnd - blocks * blockSamples;
    candidate.prime(
      padded(saidRing.slice(first - lag - pathBlocks * blockSamples, first - lag), pathBlocks * blockSamples),
    );
    for (let end = first + blockSamples; end <= heardEnd; end += blockSamples) {
      candidate.predict(padded(blockAt(saidRing, end - lag), blockSamples), echo);
      const heard = blockAt(heardRing, end);
      let [e, y] = [0, 0];
      for (let n = 0; n < blockSamples; n++) {
        const value = heard[n] ?? 0;
        const rest = value - (echo[n] as number);
        left[n] = rest;
        e += rest * rest;
        y += value * value;
      }
      candidate.learn(left);
      // What was learned last counts most.
      error = 0.85 * error + e;
      power = 0.85 * power + y;
    }
    return error / power;
  }

  function seek(): boolean {
    const { lagMs, score } = search.search();
    if (score < worthTrying) return false;
    const lagBlocks = Math.max(0, Math.floor((lagMs - leadMs) / blockMs));
    spare.reset(powerRatio(lagMs));
    const left = rehearse(spare, lagBlocks, triedMs);
    if (left * provenGain > 1) return false;
    [filter, spare] = [spare, filter];
    path = { lagMs, lagBlocks };
    gate.reset(2 * left);
    return true;
  }

  /** Of what is heard, divided by what was said that long before. */
  function powerRatio(lagMs: number): number {
    const heard = powerOf(heardRing.slice(heardEnd - triedMs * perMs, heardEnd));
    const end = heardEnd - lagMs * perMs;
    const saidThen = powerOf(saidRing.slice(end - triedMs * perMs, end));
    return Math.min(1, heard / (saidThen + 1e-9));
  }

  function cancel(frame: Int16Array, { lagBlocks }: Path): Cleaned {
    if (cleaned.length !== frame.length) cleaned = new Int16Array(frame.length);
    let verdict: Verdict = "echo";
    const start = heardEnd - frame.length;
    for (let at = 0; at + blockSamples <= frame.length; at += blockSamples) {
      const end = start + at + blockSamples;
      filter.predict(padded(blockAt(saidRing, end - lagBlocks * blockSamples), blockSamples), echo);
      let [e, y, p] = [0, 0, 0];
      for (let n = 0; n < blockSamples; n++) {
        const value = (frame[at + n] ?? 0) / 32_768;
        const rest = value - (echo[n] as number);
        left[n] = rest;
        e += rest * rest;
        y += value * value;
        p += (echo[n] as number) ** 2;
      }
      errorSum = 0.8 * errorSum + e;
      heardSum = 0.8 * heardSum + y;
      echoSum = 0.8 * echoSum + p;
      filter.learn(left);
      const judged = gate.judge(echo, left);
      if (verdict !== "caller" && judged !== "echo") verdict = judged;
      write(frame, at, e <= y);
    }
    cancelledMs += frame.length / perMs;
    return { samples: cleaned, verdict };
  }

  /** What is left where that is less than what came; from one to the other within the block. */
  function write(frame: Int16Array, at: number, isBetter: boolean): void {
    for (let n = 0; n < blockSamples; n++) {
      const value = frame[at + n] ?? 0;
      const share = isFaithful === isBetter ? (isBetter ? 1 : 0) : isBetter ? n / blockSamples : 1 - n / blockSamples;
      cleaned[at + n] = Math.round(value - 32_768 * share * (echo[n] as number));
    }
    isFaithful = isBetter;
  }

  function said(frame: Int16Array): void {
    saidRing.push(Float32Array.from(frame, (x) => x / 32_768));
    saidEnd += frame.length;
    if (!isLoud(frame, loudPeak)) return;
    busyUntil = saidEnd + tailMs * perMs;
    if (path === undefined) saidMs += frame.length / perMs;
  }

  return {
    said,
    heard(frame) {
      heardRing.push(Float32Array.from(frame, (x) => x / 32_768));
      heardEnd += frame.length;
      // Before the first packet came nothing was sent, as it was not known where to.
      if (saidEnd < heardEnd) said(new Int16Array(heardEnd - saidEnd));
      const isBusy = heardEnd <= busyUntil;
      if (isBusy && !wasBusy) {
        search.clear();
        filter.prime(new Float32Array(pathBlocks * blockSamples));
      }
      wasBusy = isBusy;
      if (!isBusy) return { samples: frame, verdict: "caller" };
      search.push(
        Int16Array.from(saidRing.slice(heardEnd - frame.length, heardEnd), (x) => 32_768 * x),
        frame,
      );
      if (path !== undefined) return cancel(frame, path);
      sinceSearchMs += frame.length / perMs;
      const isProven = saidMs >= provenSilentMs;
      if (isLoud(frame, searchedPeak) && sinceSearchMs >= (isProven ? searchSeldomMs : searchEveryMs)) {
        sinceSearchMs = 0;
        if (seek()) return { samples: frame, verdict: "echo" };
      }
      return { samples: frame, verdict: isProven ? "caller" : "unsure" };
    },
    rateHz,
    get stats() {
      if (path === undefined) return undefined;
      return { returnLossDb: -10 * Math.log10(filter.gain + 1e-9), delayMs: path.lagMs, cancelledMs };
    },
  };
}

/** Positions before the first sample are silence. */
function padded(samples: Float32Array, length: number): Float32Array {
  if (samples.length === length) return samples;
  const whole = new Float32Array(length);
  whole.set(samples, length - samples.length);
  return whole;
}

function powerOf(samples: Float32Array): number {
  let sum = 0;
  for (const x of samples) sum += x * x;
  return sum / Math.max(1, samples.length);
}

function isLoud(samples: Int16Array, peak: number): boolean {
  for (let n = 0; n < samples.length; n++) if (Math.abs(samples[n] ?? 0) > peak) return true;
  return false;
}
