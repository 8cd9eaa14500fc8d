/**
 * Between sampling rates, by one polyphase filter: a Kaiser-windowed sinc, of which each output takes the taps that fall
 * on inputs. For streams (8 ↔ 16 kHz, short) and for whole clips (any rate, steep).
 */

/** Flat up to `passHz`; from `stopHz` on at least `downDb` weaker: images on the way up, what would fold back on the way down. */
type Band = { passHz: number; stopHz: number; downDb: number };

/** Taps of one phase, behind the zeros that it begins with. */
type Phase = { first: number; taps: Float32Array };
type Filter = { up: number; down: number; length: number; phases: Phase[] };

/** ±0.1 dB up to 3400 Hz. Half of the band between lies beyond 4 kHz: twice as short as one that ends there. */
const streamBand: Band = { passHz: 3400, stopHz: 4600, downDb: 60 };
/** By output rate. Telephone speech is what G.712 lets through; wideband is what G.722 does (its annex: 50…7000 Hz). */
const clipBands: Readonly<Record<8000 | 16_000, Band>> = {
  8000: { passHz: 3400, stopHz: 4000, downDb: 74 },
  16000: { passHz: 7000, stopHz: 8000, downDb: 74 },
};
const filters = new Map<string, Filter>();

/** Doubles the rate of a stream of 8 kHz; blocks may have any length and join without a seam. Delays by 1.5 ms at most. */
export type Upsampler = {
  /** @returns twice as many samples as given, −1…1; valid until the next call. */
  push(samples: Int16Array): Float32Array;
};

export function createUpsampler(): Upsampler {
  const stream = createStream(filterFor(8000, 16_000, streamBand), 1 / 32_768);
  return { push: stream };
}

/** Halves the rate of a stream of 16 kHz; blocks may have any even length and join without a seam. */
export type Downsampler = {
  /** @returns half as many samples as given; valid until the next call. */
  push(samples: Int16Array): Int16Array;
};

export function createDownsampler(): Downsampler {
  const stream = createStream(filterFor(16_000, 8000, streamBand), 1);
  let out = new Int16Array(160);
  return {
    push(samples) {
      const halved = stream(samples);
      if (out.length < halved.length) out = new Int16Array(halved.length);
      for (let n = 0; n < halved.length; n++) out[n] = Math.max(-32_768, Math.min(32_767, Math.round(halved[n] ?? 0)));
      return out.subarray(0, halved.length);
    },
  };
}

/**
 * A whole clip at another rate, aligned with the input (the filter's delay is taken out).
 *
 * @param samples at `fromHz` (a whole number, 1000…384,000).
 * @returns ⌈length · toHz / fromHz⌉ samples.
 */
export function resampled(samples: Float32Array, fromHz: number, toHz: 8000 | 16_000): Float32Array {
  const resampler = createClipResampler(fromHz, toHz);
  const most = resampler.push(samples);
  const rest = resampler.end();
  const out = new Float32Array(most.length + rest.length);
  out.set(most);
  out.set(rest, most.length);
  return out;
}

/** The same of a clip that comes piece by piece: what it gives, joined, is what `resampled` gives of all of it. */
export type ClipResampler = {
  /** @returns what can be told by now, for the caller to keep. */
  push(samples: Float32Array): Float32Array;
  /** Silence follows. */
  end(): Float32Array;
};

/** As `resampled`. */
export function createClipResampler(fromHz: number, toHz: 8000 | 16_000): ClipResampler {
  if (!Number.isInteger(fromHz) || fromHz < 1000 || fromHz > 384_000) throw new RangeError(`rate of ${fromHz} Hz`);
  if (fromHz === toHz) return { push: (samples) => samples.slice(), end: () => new Float32Array(0) };
  const filter = filterFor(fromHz, toHz, bandOf(fromHz, toHz));
  const { up, down, length } = filter;
  /** The input from `dropped` on, with silence in front of it at the very beginning. */
  let line = new Float32Array(length / 2 - 1);
  let dropped = 0;
  let pushed = 0;
  let given = 0;
  const append = (samples: Float32Array) => {
    const longer = new Float32Array(line.length + samples.length);
    longer.set(line);
    longer.set(samples, line.length);
    line = longer;
  };
  const giveTo = (count: number) => {
    const out = new Float32Array(Math.max(0, count - given));
    for (let n = 0; n < out.length; n++) out[n] = sampleAt(filter, line, (given + n) * down - dropped * up);
    given += out.length;
    const done = Math.floor((given * down) / up) - dropped;
    if (done > 0) line = line.slice(done);
    dropped += Math.max(0, done);
    return out;
  };
  return {
    push(samples) {
      append(samples);
      pushed += samples.length;
      // The last of them reaches over `length` inputs from where it begins.
      const lastStart = dropped + line.length - length;
      return giveTo(lastStart < 0 ? 0 : Math.floor(((lastStart + 1) * up - 1) / down) + 1);
    },
    end() {
      append(new Float32Array(length));
      return giveTo(Math.ceil((pushed * up) / down));
    },
  };
}

/** A voice of less than 16 kHz has nothing above half its own rate, and must not have it mirrored there. */
function bandOf(fromHz: number, toHz: 8000 | 16_000): Band {
  const band = clipBands[toHz];
  const highestHz = Math.min(band.stopHz, fromHz / 2);
  return { ...band, stopHz: highestHz, passHz: Math.min(band.passHz, 0.85 * highestHz) };
}

/** @returns of each block what it completes: blocks hold a whole number of outputs. */
function createStream(filter: Filter, scale: number): (samples: Int16Array) => Float32Array {
  const { up, down, length } = filter;
  const kept = length - 1;
  let line = new Float32Array(kept + 320);
  let out = new Float32Array(320);
  return (samples) => {
    const count = Math.floor((samples.length * up) / down);
    if (line.length < kept + samples.length) {
      const longer = new Float32Array(kept + samples.length);
      longer.set(line.subarray(0, kept));
      line = longer;
    }
    if (out.length < count) out = new Float32Array(count);
    for (let i = 0; i < samples.length; i++) line[kept + i] = (samples[i] ?? 0) * scale;
    for (let n = 0; n < count; n++) out[n] = sampleAt(filter, line, n * down);
    line.copyWithin(0, samples.length, samples.length + kept);
    return out.subarray(0, count);
  };
}

/** @param position in steps of 1 / `up` of an input, from where the first tap falls on the line's beginning. */
function sampleAt({ up, phases }: Filter, line: Float32Array, position: number): number {
  const phase = phases[position % up];
  if (phase === undefined) return 0;
  const { first, taps } = phase;
  const from = Math.floor(position / up) + first;
  let sum = 0;
  for (let k = 0; k < taps.length; k++) sum += (line[from + k] ?? 0) * (taps[k] ?? 0);
  return sum;
}

function filterFor(fromHz: number, toHz: number, band: Band): Filter {
  const key = `${fromHz} ${toHz} ${band.stopHz}`;
  const known = filters.get(key);
  if (known !== undefined) return known;
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const made = design(toHz / divisor, fromHz / divisor, fromHz, band);
  filters.set(key, made);
  return made;
}

/** Kaiser's own rules for length and shape. Each phase is scaled to unity at 0 Hz, so that none is louder than another. */
function design(up: number, down: number, fromHz: number, { passHz, stopHz, downDb }: Band): Filter {
  const beta = 0.1102 * (downDb - 8.7);
  const wanted = ((downDb - 7.95) * fromHz) / (2.285 * 2 * Math.PI * (stopHz - passHz));
  const length = 2 * Math.round(wanted / 2);
  const half = length / 2;
  const cut = (passHz + stopHz) / fromHz; // twice the middle, in cycles a sample
  const phases = Array.from({ length: up }, (_, p) => {
    const taps = Float64Array.from({ length }, (_, k) => {
      const t = k - (half - 1) - p / up; // inputs from the centre
      return Math.abs(t) >= half ? 0 : sinc(cut * t) * besselI0(beta * Math.sqrt(1 - (t / half) ** 2));
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return withoutZeros(taps.map((tap) => tap / sum));
  });
  return { up, down, length, phases };
}

/** Half-way between two rates most of a phase is nothing: its zeros at either end cost nothing. */
function withoutZeros(taps: Float64Array): Phase {
  const isSomething = (tap: number) => Math.abs(tap) > 1e-9;
  const first = Math.max(0, taps.findIndex(isSomething));
  return { first, taps: Float32Array.from(taps.subarray(first, taps.findLastIndex(isSomething) + 1)) };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
