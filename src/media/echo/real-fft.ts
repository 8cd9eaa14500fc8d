/**
 * The discrete Fourier transform of real blocks, for sizes of the factors 2, 4 and 5: ten milliseconds are 80 or 160
 * samples. Two real samples go through as one complex one; the stages are Stockham's, which sort themselves.
 */

export type RealFft = {
  /** Of `time` (size samples) into size/2 + 1 bins. */
  forward(time: Float64Array, real: Float64Array, imaginary: Float64Array): void;
  /** The reverse, scaled: forward and inverse together change nothing. */
  inverse(real: Float64Array, imaginary: Float64Array, time: Float64Array): void;
};

type Stage = { radix: 2 | 4 | 5; length: number; stride: number; cos: Float64Array; sin: Float64Array };
type Complex = { real: Float64Array; imaginary: Float64Array };

/** @param size even; half of it must be a product of 2, 4 and 5. */
export function createRealFft(size: number): RealFft {
  const half = size / 2;
  const stages = stagesOf(half);
  const [one, other]: [Complex, Complex] = [complex(half), complex(half)];
  const turn = (2 * Math.PI) / size;
  const cos = Float64Array.from({ length: half + 1 }, (_, k) => Math.cos(turn * k));
  const sin = Float64Array.from({ length: half + 1 }, (_, k) => Math.sin(turn * k));

  /** In `one`; the result lies in what is returned. */
  function transform(): Complex {
    let [from, to] = [one, other];
    for (const stage of stages) {
      runStage(stage, from, to);
      [from, to] = [to, from];
    }
    return from;
  }

  return {
    forward(time, real, imaginary) {
      for (let n = 0; n < half; n++) {
        one.real[n] = time[2 * n] as number;
        one.imaginary[n] = time[2 * n + 1] as number;
      }
      const { real: zr, imaginary: zi } = transform();
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
        one.real[k] = evenR - oddI;
        one.imaginary[k] = -(evenI + oddR);
      }
      const { real: zr, imaginary: zi } = transform();
      for (let n = 0; n < half; n++) {
        time[2 * n] = (zr[n] as number) / half;
        time[2 * n + 1] = -(zi[n] as number) / half;
      }
    },
  };
}

function complex(length: number): Complex {
  return { real: new Float64Array(length), imaginary: new Float64Array(length) };
}

function stagesOf(size: number): Stage[] {
  const stages: Stage[] = [];
  for (let length = size, stride = 1; length > 1; ) {
    const radix = length % 4 === 0 ? 4 : length % 5 === 0 ? 5 : 2;
    if (length % radix !== 0) throw new RangeError(`no transform of ${size} points`);
    const turn = (-2 * Math.PI) / length;
    const points = length / radix;
    const angles = Array.from({ length: points * radix }, (_, i) => turn * Math.floor(i / radix) * (i % radix));
    stages.push({
      radix,
      length,
      stride,
      cos: Float64Array.from(angles, Math.cos),
      sin: Float64Array.from(angles, Math.sin),
    });
    length = points;
    stride *= radix;
  }
  return stages;
}

const fifth = (2 * Math.PI) / 5;
const [c1, c2, s1, s2] = [Math.cos(fifth), Math.cos(2 * fifth), Math.sin(fifth), Math.sin(2 * fifth)];

function runStage(stage: Stage, from: Complex, to: Complex): void {
  if (stage.radix === 4) runFour(stage, from, to);
  else if (stage.radix === 5) runFive(stage, from, to);
  else runTwo(stage, from, to);
}

function runTwo({ length, stride, cos, sin }: Stage, from: Complex, to: Complex): void {
  const points = length / 2;
  const { real: xr, imaginary: xi } = from;
  const { real: yr, imaginary: yi } = to;
  for (let p = 0; p < points; p++) {
    const wr = cos[2 * p + 1] as number;
    const wi = sin[2 * p + 1] as number;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = q + stride * (p + points);
      const out = q + stride * 2 * p;
      const ar = xr[a] as number;
      const ai = xi[a] as number;
      const br = xr[b] as number;
      const bi = xi[b] as number;
      yr[out] = ar + br;
      yi[out] = ai + bi;
      yr[out + stride] = (ar - br) * wr - (ai - bi) * wi;
      yi[out + stride] = (ar - br) * wi + (ai - bi) * wr;
    }
  }
}

function runFour({ length, stride, cos, sin }: Stage, from: Complex, to: Complex): void {
  const points = length / 4;
  const step = stride * points;
  const { real: xr, imaginary: xi } = from;
  const { real: yr, imaginary: yi } = to;
  for (let p = 0; p < points; p++) {
    const w1r = cos[4 * p + 1] as number;
    const w1i = sin[4 * p + 1] as number;
    const w2r = cos[4 * p + 2] as number;
    const w2i = sin[4 * p + 2] as number;
    const w3r = cos[4 * p + 3] as number;
    const w3i = sin[4 * p + 3] as number;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const ar = xr[a] as number;
      const ai = xi[a] as number;
      const br = xr[a + step] as number;
      const bi = xi[a + step] as number;
      const cr = xr[a + 2 * step] as number;
      const ci = xi[a + 2 * step] as number;
      const dr = xr[a + 3 * step] as number;
      const di = xi[a + 3 * step] as number;
      const out = q + stride * 4 * p;
      const t0r = ar + cr;
      const t0i = ai + ci;
      const t1r = ar - cr;
      const t1i = ai - ci;
      const t2r = br + dr;
      const t2i = bi + di;
      const t3r = bi - di; // −i times the difference
      const t3i = dr - br;
      yr[out] = t0r + t2r;
      yi[out] = t0i + t2i;
      yr[out + stride] = (t1r + t3r) * w1r - (t1i + t3i) * w1i;
      yi[out + stride] = (t1r + t3r) * w1i + (t1i + t3i) * w1r;
      yr[out + 2 * stride] = (t0r - t2r) * w2r - (t0i - t2i) * w2i;
      yi[out + 2 * stride] = (t0r - t2r) * w2i + (t0i - t2i) * w2r;
      yr[out + 3 * stride] = (t1r - t3r) * w3r - (t1i - t3i) * w3i;
      yi[out + 3 * stride] = (t1r - t3r) * w3i + (t1i - t3i) * w3r;
    }
  }
}

function runFive({ length, stride, cos, sin }: Stage, from: Complex, to: Complex): void {
  const points = length / 5;
  const step = stride * points;
  const { real: xr, imaginary: xi } = from;
  const { real: yr, imaginary: yi } = to;
  for (let p = 0; p < points; p++) {
    const w1r = cos[5 * p + 1] as number;
    const w1i = sin[5 * p + 1] as number;
    const w2r = cos[5 * p + 2] as number;
    const w2i = sin[5 * p + 2] as number;
    const w3r = cos[5 * p + 3] as number;
    const w3i = sin[5 * p + 3] as number;
    const w4r = cos[5 * p + 4] as number;
    const w4i = sin[5 * p + 4] as number;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const out = q + stride * 5 * p;
      const ar = xr[a] as number;
      const ai = xi[a] as number;
      const b = a + step;
      const c = a + 2 * step;
      const d = a + 3 * step;
      const e = a + 4 * step;
      const sumR1 = (xr[b] as number) + (xr[e] as number);
      const sumI1 = (xi[b] as number) + (xi[e] as number);
      const difR1 = (xr[b] as number) - (xr[e] as number);
      const difI1 = (xi[b] as number) - (xi[e] as number);
      const sumR2 = (xr[c] as number) + (xr[d] as number);
      const sumI2 = (xi[c] as number) + (xi[d] as number);
      const difR2 = (xr[c] as number) - (xr[d] as number);
      const difI2 = (xi[c] as number) - (xi[d] as number);
      const midR1 = ar + c1 * sumR1 + c2 * sumR2;
      const midI1 = ai + c1 * sumI1 + c2 * sumI2;
      const midR2 = ar + c2 * sumR1 + c1 * sumR2;
      const midI2 = ai + c2 * sumI1 + c1 * sumI2;
      const turnR1 = s1 * difI1 + s2 * difI2;
      const turnI1 = -(s1 * difR1 + s2 * difR2);
      const turnR2 = s2 * difI1 - s1 * difI2;
      const turnI2 = -(s2 * difR1 - s1 * difR2);
      yr[out] = ar + sumR1 + sumR2;
      yi[out] = ai + sumI1 + sumI2;
      yr[out + stride] = (midR1 + turnR1) * w1r - (midI1 + turnI1) * w1i;
      yi[out + stride] = (midR1 + turnR1) * w1i + (midI1 + turnI1) * w1r;
      yr[out + 2 * stride] = (midR2 + turnR2) * w2r - (midI2 + turnI2) * w2i;
      yi[out + 2 * stride] = (midR2 + turnR2) * w2i + (midI2 + turnI2) * w2r;
      yr[out + 3 * stride] = (midR2 - turnR2) * w3r - (midI2 - turnI2) * w3i;
      yi[out + 3 * stride] = (midR2 - turnR2) * w3i + (midI2 - turnI2) * w3r;
      yr[out + 4 * stride] = (midR1 - turnR1) * w4r - (midI1 - turnI1) * w4i;
      yi[out + 4 * stride] = (midR1 - turnR1) * w4i + (midI1 - turnI1) * w4r;
    }
  }
}
