/**
 * The echo's path as a filter that learns: partitioned blocks of 10 ms in the frequency domain, with the step of every
 * bin by Kalman's rule (G. Enzner, P. Vary: Frequency-domain adaptive Kalman filter for acoustic echo control in
 * hands-free telephones, 2006). The step is large while the path is unknown and what comes back is our own sound, and next
 * to nothing while somebody else speaks: no detector of double talk decides it.
 */
import { createRealFft } from "./real-fft.ts";

/** Of a room that is not a hall; what comes later is left to the gate. */
export const pathBlocks = 10;

/** The path stays what it is from block to block, but for so much of its power. */
const forgetting = 1e-3;
/** A room's answer is thought to weaken by so much from partition to partition. */
const fading = 0.6;
/** −90 dBFS in a bin of `size` samples: below it there is nothing to learn from. */
const floorPower = 1e-9;

export type PathFilter = {
  /** What was said before the first block that `predict` will be given, oldest first, whole blocks; before it, silence. */
  prime(samples: Float32Array): void;
  /** @param reference the next block; @param echo is overwritten with what the path makes of it. */
  predict(reference: Float32Array, echo: Float64Array): void;
  /** @param error what was heard, less `echo`. */
  learn(error: Float64Array): void;
  /** Forgets the path. @param power what it may come to: of what is heard, divided by that of what was said. */
  reset(power: number): void;
  /** The path is the same, but less certain than it was. */
  doubt(): void;
  /** Of the whole path: of what is heard of white sound, divided by that of what was said. */
  readonly gain: number;
};

/** @param blockSamples 10 ms. */
export function createPathFilter(blockSamples: number): PathFilter {
  const size = 2 * blockSamples;
  const bins = blockSamples + 1;
  const fft = createRealFft(size);
  const zeros = () => Array.from({ length: pathBlocks }, () => new Float64Array(bins));
  // A ring of spectra: `newest` is the partition of no delay.
  const [referenceReal, referenceImaginary] = [zeros(), zeros()];
  const [pathReal, pathImaginary, uncertainty] = [zeros(), zeros(), zeros()];
  const time = new Float64Array(size);
  const previous = new Float64Array(blockSamples);
  const [real, imaginary] = [new Float64Array(bins), new Float64Array(bins)];
  const [total, scale] = [new Float64Array(bins), new Float64Array(bins)];
  const noise = new Float64Array(bins);
  let newest = 0;
  let constrained = 0;

  function reset(power: number): void {
    for (const part of [...pathReal, ...pathImaginary]) part.fill(0);
    uncertainty.forEach((part, p) => {
      part.fill(power * (1 - fading) * fading ** Math.max(0, p - 1));
    });
    noise.fill(0);
  }

  function push(reference: Float32Array): void {
    time.set(previous);
    time.set(reference, blockSamples);
    previous.set(reference);
    newest = (newest + pathBlocks - 1) % pathBlocks;
    fft.forward(time, referenceReal[newest] as Float64Array, referenceImaginary[newest] as Float64Array);
  }

  function predict(reference: Float32Array, echo: Float64Array): void {
    push(reference);
    real.fill(0);
    imaginary.fill(0);
    for (let p = 0; p < pathBlocks; p++) {
      const at = (newest + p) % pathBlocks;
      const xr = referenceReal[at] as Float64Array;
      const xi = referenceImaginary[at] as Float64Array;
      const wr = pathReal[p] as Float64Array;
      const wi = pathImaginary[p] as Float64Array;
      for (let k = 0; k < bins; k++) {
        const a = xr[k] as number;
        const b = xi[k] as number;
        const c = wr[k] as number;
        const d = wi[k] as number;
        real[k] = (real[k] as number) + a * c - b * d;
        imaginary[k] = (imaginary[k] as number) + a * d + b * c;
      }
    }
    fft.inverse(real, imaginary, time);
    for (let n = 0; n < blockSamples; n++) echo[n] = time[blockSamples + n] as number;
  }

  /** What the path's uncertainty adds to the error, and with it the step of each bin. */
  function weigh(): void {
    total.fill(0);
    for (let p = 0; p < pathBlocks; p++) {
      const at = (newest + p) % pathBlocks;
      const xr = referenceReal[at] as Float64Array;
      const xi = referenceImaginary[at] as Float64Array;
      const u = uncertainty[p] as Float64Array;
      for (let k = 0; k < bins; k++) {
        const a = xr[k] as number;
        const b = xi[k] as number;
        total[k] = (total[k] as number) + (a * a + b * b) * (u[k] as number);
      }
    }
    for (let k = 0; k < bins; k++) {
      const r = real[k] as number;
      const i = imaginary[k] as number;
      const now = r * r + i * i;
      noise[k] = Math.max(now, 0.8 * (noise[k] as number) + 0.2 * now);
      scale[k] = 1 / (0.5 * (total[k] as number) + (noise[k] as number) + floorPower);
    }
  }

  function learn(error: Float64Array): void {
    time.fill(0, 0, blockSamples);
    for (let n = 0; n < blockSamples; n++) time[blockSamples + n] = error[n] as number;
    fft.forward(time, real, imaginary);
    weigh();
    for (let p = 0; p < pathBlocks; p++) learnPart(p);
    constrain(constrained);
    constrained = (constrained + 1) % pathBlocks;
  }

  function learnPart(p: number): void {
    const at = (newest + p) % pathBlocks;
    const xr = referenceReal[at] as Float64Array;
    const xi = referenceImaginary[at] as Float64Array;
    const wr = pathReal[p] as Float64Array;
    const wi = pathImaginary[p] as Float64Array;
    const u = uncertainty[p] as Float64Array;
    for (let k = 0; k < bins; k++) {
      const a = xr[k] as number;
      const b = xi[k] as number;
      const step = (u[k] as number) * (scale[k] as number);
      const er = real[k] as number;
      const ei = imaginary[k] as number;
      const c = (wr[k] as number) + step * (a * er + b * ei);
      const d = (wi[k] as number) + step * (a * ei - b * er);
      wr[k] = c;
      wi[k] = d;
      const left = (1 - forgetting) * (1 - 0.5 * step * (a * a + b * b)) * (u[k] as number);
      u[k] = left + forgetting * (c * c + d * d);
    }
  }

  /** A partition reaches no further than its block: what wrapped around is taken out of one of them at a time. */
  function constrain(p: number): void {
    const wr = pathReal[p] as Float64Array;
    const wi = pathImaginary[p] as Float64Array;
    fft.inverse(wr, wi, time);
    time.fill(0, blockSamples);
    fft.forward(time, wr, wi);
  }

  return {
    prime(samples) {
      previous.fill(0);
      for (const part of [...referenceReal, ...referenceImaginary]) part.fill(0);
      for (let at = 0; at < samples.length; at += blockSamples) push(samples.subarray(at, at + blockSamples));
    },
    predict,
    learn,
    reset,
    doubt() {
      for (let p = 0; p < pathBlocks; p++) {
        const wr = pathReal[p] as Float64Array;
        const wi = pathImaginary[p] as Float64Array;
        const u = uncertainty[p] as Float64Array;
        for (let k = 0; k < bins; k++) u[k] = Math.max(u[k] as number, (wr[k] as number) ** 2 + (wi[k] as number) ** 2);
      }
    },
    get gain() {
      let sum = 0;
      for (let p = 0; p < pathBlocks; p++) {
        const wr = pathReal[p] as Float64Array;
        const wi = pathImaginary[p] as Float64Array;
        for (let k = 0; k < bins; k++) sum += (wr[k] as number) ** 2 + (wi[k] as number) ** 2;
      }
      return sum / bins;
    },
  };
}
