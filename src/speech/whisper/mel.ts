import { type Fft, planFft } from "../../media/fft.ts";

/** Whisper's front end: 16 kHz, windows of 25 ms every 10 ms. */
export const sampleRateHz = 16_000;
export const hopSamples = 160;
const windowSamples = 400;
const bins = windowSamples / 2 + 1;

/**
 * Where the windows lie. `openai`: the centre of frame t is sample 160·t, edges reflected without repeating the edge
 * sample, as in Whisper's own program. `sherpa`: the centre is 160·t + 80, edges mirrored with the edge sample
 * repeated, as in Kaldi's feature extraction, which sherpa-onnx uses.
 */
export type Framing = "openai" | "sherpa";

/** Log-mel spectrogram, `[mels, columns]` row by row; columns from `frames` on are zero. */
export type LogMel = { data: Float32Array; mels: number; frames: number; columns: number };

/** How many frames `samples` samples make. */
export function frameCount(samples: number, framing: Framing): number {
  return Math.floor((framing === "openai" ? samples : samples + hopSamples / 2) / hopSamples);
}

/**
 * Makes the front end for a model with `mels` bands.
 *
 * The result takes mono samples (16 kHz, −1…1), a framing and the number of columns wanted (at least the frames; the
 * rest is zero). Values are log10 of the power in each band, no further than 8 below the loudest of this clip, then
 * (x + 4) / 4, as in Whisper's own program; the padding is left out of the maximum.
 */
export function melFrontEnd(mels: number): (samples: Float32Array, framing: Framing, columns: number) => LogMel {
  const filters = slaneyFilters(mels);
  const window = hann();
  const spectrum = pairSpectrum(planFft(windowSamples));
  let room: Float64Array = new Float64Array(0); // of the longest clip so far: half a megabyte for five seconds
  return (samples, framing, columns) => {
    const frames = samples.length === 0 ? 0 : frameCount(samples.length, framing);
    if (columns < frames) throw new RangeError(`${frames} frames do not fit in ${columns} columns`);
    const data = new Float32Array(mels * columns);
    const padded = mirror(samples, framing, room);
    if (padded.length > room.length) room = padded;
    let loudest = Number.NEGATIVE_INFINITY;
    for (let frame = 0; frame < frames; frame += 2) {
      const power = spectrum(padded, window, frame * hopSamples);
      loudest = Math.max(loudest, project(filters, power.first, data, frame, columns));
      if (frame + 1 < frames) loudest = Math.max(loudest, project(filters, power.second, data, frame + 1, columns));
    }
    for (let mel = 0; mel < mels; mel++) {
      const row = mel * columns;
      for (let i = row; i < row + frames; i++) data[i] = (Math.max(data[i] as number, loudest - 8) + 4) / 4;
    }
    return { data, mels, frames, columns };
  };
}

/**
 * The samples with enough of their mirror image on both sides for the first and the last window.
 * @param room Written into where it is large enough.
 */
function mirror(samples: Float32Array, framing: Framing, room: Float64Array): Float64Array {
  const n = samples.length;
  const before = framing === "openai" ? windowSamples / 2 : (windowSamples - hopSamples) / 2;
  const length = n === 0 ? 0 : n + before + windowSamples + hopSamples;
  const padded = length <= room.length ? room.subarray(0, length) : new Float64Array(length);
  const edge = framing === "openai" ? 0 : 1; // how often the edge sample itself is repeated
  for (let i = 0; i < padded.length; i++) {
    let at = i - before;
    // Clips shorter than a window are thrown back and forth between their ends, as Kaldi does.
    while (at < 0 || at >= n) {
      if (n === 1) at = 0;
      else at = at < 0 ? -at - edge : 2 * n - 2 + edge - at;
    }
    padded[i] = samples[at] as number;
  }
  return padded;
}

/** Periodic, as torch.hann_window makes it. */
function hann(): Float64Array {
  return Float64Array.from(
    { length: windowSamples },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / windowSamples),
  );
}

type PowerPair = { first: Float64Array; second: Float64Array };

/** Two neighbouring frames are the real and imaginary part of one transform: half the work. */
function pairSpectrum(fft: Fft): (padded: Float64Array, window: Float64Array, start: number) => PowerPair {
  const re = new Float64Array(windowSamples);
  const im = new Float64Array(windowSamples);
  const first = new Float64Array(bins);
  const second = new Float64Array(bins);
  return (padded, window, start) => {
    for (let i = 0; i < windowSamples; i++) {
      const weight = window[i] as number;
      re[i] = (padded[start + i] as number) * weight;
      im[i] = (padded[start + hopSamples + i] as number) * weight;
    }
    fft(re, im);
    for (let k = 0; k < bins; k++) {
      const mirrored = k === 0 ? 0 : windowSamples - k;
      const sumR = (re[k] as number) + (re[mirrored] as number);
      const sumI = (im[k] as number) + (im[mirrored] as number);
      const differenceR = (re[k] as number) - (re[mirrored] as number);
      const differenceI = (im[k] as number) - (im[mirrored] as number);
      first[k] = (sumR * sumR + differenceI * differenceI) / 4;
      second[k] = (sumI * sumI + differenceR * differenceR) / 4;
    }
    return { first, second };
  };
}

type Filter = { start: number; weights: Float64Array };

/** Writes log10 of each band's power into column `frame`; returns the largest. */
function project(filters: Filter[], power: Float64Array, out: Float32Array, frame: number, columns: number): number {
  let loudest = Number.NEGATIVE_INFINITY;
  let at = frame;
  for (const { start, weights } of filters) {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (power[start + i] as number);
    const value = Math.log10(Math.max(sum, 1e-10));
    out[at] = value;
    if (value > loudest) loudest = value;
    at += columns;
  }
  return loudest;
}

/**
 * Triangular filters on Slaney's scale (linear below 1 kHz, logarithmic above), each of the same area: what
 * librosa.filters.mel(sr=16000, n_fft=400) gives, and so Whisper's mel_filters.
 */
function slaneyFilters(mels: number): Filter[] {
  const top = melOf(sampleRateHz / 2);
  const edges = Float64Array.from({ length: mels + 2 }, (_, i) => hertzOf((top * i) / (mels + 1)));
  return Array.from({ length: mels }, (_, mel) => {
    const [low = 0, centre = 0, high = 0] = edges.subarray(mel, mel + 3);
    const all = Float64Array.from({ length: bins }, (_, k) => {
      const hertz = (k * sampleRateHz) / windowSamples;
      const slope = Math.min((hertz - low) / (centre - low), (high - hertz) / (high - centre));
      return (Math.max(0, slope) * 2) / (high - low);
    });
    const start = all.findIndex((weight) => weight > 0);
    if (start < 0) return { start: 0, weights: new Float64Array(0) };
    return { start, weights: all.slice(start, all.findLastIndex((weight) => weight > 0) + 1) };
  });
}

const linearTopHz = 1000;
const hertzPerMel = 200 / 3;
const linearTopMel = linearTopHz / hertzPerMel;
const logStep = Math.log(6.4) / 27;

function melOf(hertz: number): number {
  return hertz < linearTopHz ? hertz / hertzPerMel : linearTopMel + Math.log(hertz / linearTopHz) / logStep;
}

function hertzOf(mel: number): number {
  return mel < linearTopMel ? mel * hertzPerMel : linearTopHz * Math.exp(logStep * (mel - linearTopMel));
}
