/**
 * The discrete Fourier transform of real blocks: two real samples go through as one complex one, so that it costs half.
 */
import { planFft } from "../fft.ts";

export type RealFft = {
  /** Of `time` (size samples) into size/2 + 1 bins. */
  forward(time: Float64Array, real: Float64Array, imaginary: Float64Array): void;
  /** The reverse, scaled: forward and inverse together change nothing. */
  inverse(real: Float64Array, imaginary: Float64Array, time: Float64Array): void;
};

/** @param size even; half of it as `planFft` takes it. */
export function createRealFft(size: number): RealFft {
  const half = size / 2;
  const transform = planFft(half);
  const [zr, zi] = [new Float64Array(half), new Float64Array(half)];
  const turn = (2 * Math.PI) / size;
  const cos = Float64Array.from({ length: half + 1 }, (_, k) => Math.cos(turn * k));
  const sin = Float64Array.from({ length: half + 1 }, (_, k) => Math.sin(turn * k));

  return {
    forward(time, real, imaginary) {
      for (let n = 0; n < half; n++) {
        zr[n] = time[2 * n] as number;
        zi[n] = time[2 * n + 1] as number;
      }
      transform(zr, zi);
      for (let k = 0; k <= half; k++) {
        const a = k === half ? 0 : k;
        const b = k === 0 ? 0 : half - k;
        const ar = zr[a] as number;
        const ai = zi[a] as number;
        const br = zr[b] as number;
        const bi = zi[b] as number;
        const evenR = (ar + br) / 2;
        const evenI = (ai - bi) / 2;
        const oddR = (ai + bi) / 2;
        const oddI = (br - ar) / 2;
        const c = cos[k] as number;
        const s = sin[k] as number;
        real[k] = evenR + c * oddR + s * oddI;
        imaginary[k] = evenI + c * oddI - s * oddR;
      }
    },
    inverse(real, imaginary, time) {
      // The conjugate in and the conjugate out make an inverse of the forward transform.
      for (let k = 0; k < half; k++) {
        const ar = real[k] as number;
        const ai = imaginary[k] as number;
        const br = real[half - k] as number;
        const bi = -(imaginary[half - k] as number);
        const evenR = (ar + br) / 2;
        const evenI = (ai + bi) / 2;
        const sumR = (ar - br) / 2;
        const sumI = (ai - bi) / 2;
        const c = cos[k] as number;
        const s = sin[k] as number;
        const oddR = c * sumR - s * sumI;
        const oddI = c * sumI + s * sumR;
        zr[k] = evenR - oddI;
        zi[k] = -(evenI + oddR);
      }
      transform(zr, zi);
      for (let n = 0; n < half; n++) {
        time[2 * n] = (zr[n] as number) / half;
        time[2 * n + 1] = -(zi[n] as number) / half;
      }
    },
  };
}
