/** A discrete Fourier transform of complex input, in place. */
export type Fft = (re: Float64Array, im: Float64Array) => void;

type Stage = { radix: 2 | 4 | 5; stride: number; groups: number; cos: Float64Array; sin: Float64Array };

/**
 * Plans transforms of one size: Stockham's mixed-radix algorithm, which leaves the output in natural order.
 *
 * @param size 2^a · 5^b. Whisper's window of 400 samples is 4 · 4 · 5 · 5, ten milliseconds of a call are 80 or 160: so
 *   nothing need be padded.
 * @throws RangeError for any other size.
 */
export function planFft(size: number): Fft {
  const stages = planStages(size);
  let spareRe: Float64Array = new Float64Array(size);
  let spareIm: Float64Array = new Float64Array(size);
  return (re, im) => {
    let fromRe = re;
    let fromIm = im;
    for (const stage of stages) {
      passes[stage.radix](stage, fromRe, fromIm, spareRe, spareIm);
      [fromRe, spareRe] = [spareRe, fromRe];
      [fromIm, spareIm] = [spareIm, fromIm];
    }
    if (fromRe === re) return;
    re.set(fromRe); // an odd number of stages ends in the spare pair, which must stay ours
    im.set(fromIm);
    [spareRe, spareIm] = [fromRe, fromIm];
  };
}

function planStages(size: number): Stage[] {
  const stages: Stage[] = [];
  let stride = 1;
  for (let length = size; length > 1; ) {
    const radix = length % 4 === 0 ? 4 : length % 5 === 0 ? 5 : 2;
    if (length % radix !== 0) throw new RangeError(`no plan for a transform of ${size} points`);
    const groups = length / radix;
    const cos = new Float64Array(groups * (radix - 1));
    const sin = new Float64Array(groups * (radix - 1));
    for (let group = 0; group < groups; group++) {
      for (let leg = 1; leg < radix; leg++) {
        const angle = (-2 * Math.PI * group * leg) / length;
        cos[group * (radix - 1) + leg - 1] = Math.cos(angle);
        sin[group * (radix - 1) + leg - 1] = Math.sin(angle);
      }
    }
    stages.push({ radix, stride, groups, cos, sin });
    stride *= radix;
    length = groups;
  }
  return stages;
}

// The index arithmetic below stays inside arrays that planFft sized itself; the assertions spare a check per sample.

function pass2(stage: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const { stride, groups, cos, sin } = stage;
  const leg = stride * groups;
  for (let group = 0; group < groups; group++) {
    const c1 = cos[group] as number;
    const s1 = sin[group] as number;
    for (let q = 0; q < stride; q++) {
      const i = q + stride * group;
      const o = q + stride * group * 2;
      const ar = xr[i] as number;
      const ai = xi[i] as number;
      const br = xr[i + leg] as number;
      const bi = xi[i + leg] as number;
      yr[o] = ar + br;
      yi[o] = ai + bi;
      store(yr, yi, o + stride, ar - br, ai - bi, c1, s1);
    }
  }
}

function pass4(stage: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const { stride, groups, cos, sin } = stage;
  const leg = stride * groups;
  for (let group = 0; group < groups; group++) {
    const w = group * 3;
    const c1 = cos[w] as number;
    const s1 = sin[w] as number;
    const c2 = cos[w + 1] as number;
    const s2 = sin[w + 1] as number;
    const c3 = cos[w + 2] as number;
    const s3 = sin[w + 2] as number;
    for (let q = 0; q < stride; q++) {
      const i = q + stride * group;
      const o = q + stride * group * 4;
      const ar = xr[i] as number;
      const ai = xi[i] as number;
      const br = xr[i + leg] as number;
      const bi = xi[i + leg] as number;
      const cr = xr[i + 2 * leg] as number;
      const ci = xi[i + 2 * leg] as number;
      const dr = xr[i + 3 * leg] as number;
      const di = xi[i + 3 * leg] as number;
      const sumR = ar + cr;
      const sumI = ai + ci;
      const differenceR = ar - cr;
      const differenceI = ai - ci;
      const oddR = br + dr;
      const oddI = bi + di;
      const turnedR = bi - di; // −i · (b − d)
      const turnedI = dr - br;
      yr[o] = sumR + oddR;
      yi[o] = sumI + oddI;
      const r1 = differenceR + turnedR;
      const i1 = differenceI + turnedI;
      yr[o + stride] = r1 * c1 - i1 * s1;
      yi[o + stride] = r1 * s1 + i1 * c1;
      const r2 = sumR - oddR;
      const i2 = sumI - oddI;
      yr[o + 2 * stride] = r2 * c2 - i2 * s2;
      yi[o + 2 * stride] = r2 * s2 + i2 * c2;
      const r3 = differenceR - turnedR;
      const i3 = differenceI - turnedI;
      yr[o + 3 * stride] = r3 * c3 - i3 * s3;
      yi[o + 3 * stride] = r3 * s3 + i3 * c3;
    }
  }
}

const C1 = Math.cos((2 * Math.PI) / 5);
const C2 = Math.cos((4 * Math.PI) / 5);
const S1 = Math.sin((2 * Math.PI) / 5);
const S2 = Math.sin((4 * Math.PI) / 5);

function pass5(stage: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const { stride, groups, cos, sin } = stage;
  const leg = stride * groups;
  for (let group = 0; group < groups; group++) {
    const w = group * 4;
    for (let q = 0; q < stride; q++) {
      const i = q + stride * group;
      const o = q + stride * group * 5;
      const ar = xr[i] as number;
      const ai = xi[i] as number;
      const br = xr[i + leg] as number;
      const bi = xi[i + leg] as number;
      const cr = xr[i + 2 * leg] as number;
      const ci = xi[i + 2 * leg] as number;
      const dr = xr[i + 3 * leg] as number;
      const di = xi[i + 3 * leg] as number;
      const er = xr[i + 4 * leg] as number;
      const ei = xi[i + 4 * leg] as number;
      const outerR = br + er;
      const outerI = bi + ei;
      const innerR = cr + dr;
      const innerI = ci + di;
      const evenR1 = ar + C1 * outerR + C2 * innerR;
      const evenI1 = ai + C1 * outerI + C2 * innerI;
      const evenR2 = ar + C2 * outerR + C1 * innerR;
      const evenI2 = ai + C2 * outerI + C1 * innerI;
      const outerDr = br - er;
      const outerDi = bi - ei;
      const innerDr = cr - dr;
      const innerDi = ci - di;
      const oddR1 = S1 * outerDi + S2 * innerDi; // −i · (…)
      const oddI1 = -S1 * outerDr - S2 * innerDr;
      const oddR2 = S2 * outerDi - S1 * innerDi;
      const oddI2 = -S2 * outerDr + S1 * innerDr;
      yr[o] = ar + outerR + innerR;
      yi[o] = ai + outerI + innerI;
      store(yr, yi, o + stride, evenR1 + oddR1, evenI1 + oddI1, cos[w] as number, sin[w] as number);
      store(yr, yi, o + 2 * stride, evenR2 + oddR2, evenI2 + oddI2, cos[w + 1] as number, sin[w + 1] as number);
      store(yr, yi, o + 3 * stride, evenR2 - oddR2, evenI2 - oddI2, cos[w + 2] as number, sin[w + 2] as number);
      store(yr, yi, o + 4 * stride, evenR1 - oddR1, evenI1 - oddI1, cos[w + 3] as number, sin[w + 3] as number);
    }
  }
}

const passes = { 2: pass2, 4: pass4, 5: pass5 };

/** Writes (re, im) turned by the twiddle factor. */
function store(yr: Float64Array, yi: Float64Array, at: number, re: number, im: number, cos: number, sin: number): void {
  yr[at] = re * cos - im * sin;
  yi[at] = re * sin + im * cos;
}
