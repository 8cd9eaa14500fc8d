/**
 * Keys that are pressed as sound (ITU-T Q.23), for callers with whom no telephone-event was agreed. Every 5 ms the last
 * 15 ms are compared with the eight frequencies; what a window has to be to count, and how many in a row make a key, is
 * below (ITU-T Q.24 and its table of what administrations ask for). A voice now and then has two strong harmonics in the
 * right places, but not alone, not for 35 ms, and not standing still.
 */
import type { Digit } from "./dtmf.ts";
import type { RateHz } from "./messages.ts";

export type ToneDigits = {
  /** Any number of samples. @returns the keys that have ended, each once. */
  push(samples: Int16Array): Digit[];
};

const rowsHz = [697, 770, 852, 941];
const columnsHz = [1209, 1336, 1477, 1633];
const keys = ["123A", "456B", "789C", "*0#D"];

const windowMs = 15;
const hopMs = 5;
/** 35 ms of tone: one of 40 ms has five whole windows wherever it begins, one of 25 ms has not. */
const leastHits = 5;
/** An interruption of 5 ms spoils four windows and is one key going on; a pause of 40 ms spoils more, wherever it begins. */
const endMisses = 6;
/** Each of the two tones; 0 dBm0 is 3.14 dB below a full sine (G.711). */
const faintestDbm0 = -38;
/** The higher tone may be stronger by so much, or weaker, dB (Q.24: +4 and −8), with a little for the measuring. */
const [strongestTwistDb, weakestTwistDb] = [4.7, -8.7];
/** Q.24: within 1.5 % is to be taken and beyond 3.5 % not. */
const tolerance = 0.025;
/** Of the power, what the two tones must make up: a noise 10 dB below them leaves 0.9. */
const leastShare = 0.82;
/** Both tones of a key stand still, dB; a voice does not. */
const steadyDb = 3;

type Tone = { index: number; amplitude: number; phase: number };
type Hit = { row: Tone; column: Tone };
type Press = { key: string; first: Hit; last: Hit; hits: number; misses: number };

export function createToneDigits(rateHz: RateHz): ToneDigits {
  const length = (windowMs * rateHz) / 1000;
  const hop = (hopMs * rateHz) / 1000;
  const rows = rowsHz.map((hz) => createProbe(hz, rateHz, length));
  const columns = columnsHz.map((hz) => createProbe(hz, rateHz, length));
  const { weights, sum, power } = hamming(length);
  const faintest = 32_768 * 10 ** ((faintestDbm0 - 3.14) / 20);
  const recent = new Float32Array(length);
  let filled = length - hop;
  let press: Press | undefined;

  /** The two tones of the window, if they are nearly all of it. */
  function listen(): Hit | undefined {
    const total = recent.reduce((all, x, i) => all + (x * (weights[i] ?? 0)) ** 2, 0);
    if (total < (faintest * faintest * power) / 2) return undefined;
    const row = strongest(rows, recent, sum);
    const column = strongest(columns, recent, sum);
    if (row.amplitude < faintest || column.amplitude < faintest) return undefined;
    const twistDb = 20 * Math.log10(column.amplitude / row.amplitude);
    if (twistDb > strongestTwistDb || twistDb < weakestTwistDb) return undefined;
    const tones = ((row.amplitude ** 2 + column.amplitude ** 2) * power) / 2;
    return tones >= leastShare * total ? { row, column } : undefined;
  }

  /** Whether `now` is the tone of `before` one step on: as loud, and turned by no more than its frequency may be off. */
  function follows(before: Tone, first: Tone, now: Tone, hz: number): boolean {
    if (now.index !== before.index || Math.abs(20 * Math.log10(now.amplitude / first.amplitude)) > steadyDb)
      return false;
    const turned = now.phase - before.phase - (2 * Math.PI * hz * hop) / rateHz;
    const offHz = ((turned - 2 * Math.PI * Math.round(turned / (2 * Math.PI))) * rateHz) / (2 * Math.PI * hop);
    return Math.abs(offHz) <= tolerance * hz;
  }

  function goesOn({ first, last }: Press, hit: Hit): boolean {
    const [rowHz = 0, columnHz = 0] = [rowsHz[hit.row.index], columnsHz[hit.column.index]];
    return follows(last.row, first.row, hit.row, rowHz) && follows(last.column, first.column, hit.column, columnHz);
  }

  function step(hit: Hit | undefined): Digit[] {
    const ended: Digit[] = [];
    if (press !== undefined && (hit === undefined || !goesOn(press, hit))) {
      const isSame = hit !== undefined && keyOf(hit) === press.key && press.hits >= leastHits;
      press.misses++;
      // After a short gap the same key goes on, from where its phase is now.
      if (isSame && press.misses < endMisses) Object.assign(press, { last: hit, first: hit, misses: 0 });
      else if (press.misses >= endMisses || press.hits < leastHits) ended.push(...finish());
    } else if (press !== undefined && hit !== undefined) {
      press = { ...press, last: hit, hits: press.hits + 1, misses: 0 };
    }
    if (press === undefined && hit !== undefined) {
      press = { key: keyOf(hit), first: hit, last: hit, hits: 1, misses: 0 };
    }
    return ended;
  }

  function finish(): Digit[] {
    const over = press;
    press = undefined;
    if (over === undefined || over.hits < leastHits) return [];
    return [{ digit: over.key, durationMs: windowMs + hopMs * (over.hits - 1) }];
  }

  return {
    push(samples) {
      const ended: Digit[] = [];
      for (let at = 0; at < samples.length; ) {
        const taken = Math.min(samples.length - at, length - filled);
        for (let i = 0; i < taken; i++) recent[filled + i] = samples[at + i] ?? 0;
        filled += taken;
        at += taken;
        if (filled < length) continue;
        ended.push(...step(listen()));
        recent.copyWithin(0, hop);
        filled = length - hop;
      }
      return ended;
    },
  };
}

function keyOf({ row, column }: Hit): string {
  return keys[row.index]?.[column.index] ?? "";
}

type Probe = { cos: Float32Array; sin: Float32Array };

/** One frequency of the discrete Fourier transform (what Goertzel's recursion computes), windowed. */
function createProbe(hz: number, rateHz: number, length: number): Probe {
  const { weights } = hamming(length);
  const turn = (2 * Math.PI * hz) / rateHz;
  return {
    cos: weights.map((weight, n) => weight * Math.cos(turn * n)),
    sin: weights.map((weight, n) => weight * Math.sin(turn * n)),
  };
}

function strongest(probes: readonly Probe[], samples: Float32Array, sum: number): Tone {
  let best: Tone = { index: 0, amplitude: 0, phase: 0 };
  probes.forEach(({ cos, sin }, index) => {
    let [real, imaginary] = [0, 0];
    for (let n = 0; n < samples.length; n++) {
      const sample = samples[n] ?? 0;
      real += sample * (cos[n] ?? 0);
      imaginary -= sample * (sin[n] ?? 0);
    }
    const amplitude = (2 * Math.hypot(real, imaginary)) / sum;
    if (amplitude > best.amplitude) best = { index, amplitude, phase: Math.atan2(imaginary, real) };
  });
  return best;
}

/** Tones of the other group, four lines away, are 43 dB down in it. */
function hamming(length: number): { weights: Float32Array; sum: number; power: number } {
  const weights = Float32Array.from({ length }, (_, n) => 0.54 - 0.46 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
  return {
    weights,
    sum: weights.reduce((all, weight) => all + weight, 0),
    power: weights.reduce((all, weight) => all + weight * weight, 0),
  };
}
