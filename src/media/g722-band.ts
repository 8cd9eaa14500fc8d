/**
 * One sub-band of ITU-T G.722: an adaptive quantiser's scale and an adaptive predictor of two poles and six zeros
 * (clause 3.5, 3.6; fixed point as in clause 6.2). Low and high band differ in their quantiser only. Values are 16 bit.
 */

/** Log of the scale → scale: 2048 · 2^(n/32) (table 15/G.722, ILB). */
const scaleOf = Int16Array.of(
  ...[2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025],
  ...[3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008],
);

/** How a band's scale follows what is quantised. */
export type ScaleRule = {
  /** Added to the scale's log, by code word (WL and WH of the text, looked up by RL42 and RH2). */
  steps: Int16Array;
  highestLog: number;
  /** The log's octave at which the scale is that of `scaleOf`. */
  octave: number;
};

/** Fields and not closures: this runs 8000 times a second for each band of each direction of each call. */
export class SubBand {
  /** What the next sample will probably be. */
  prediction = 0;
  /** Step size of the quantiser (DETL, DETH). */
  scale: number;
  #rule: ScaleRule;
  #log = 0;
  #zeros = 0;
  /** The last reconstructed sample, and the signs of the last two partly reconstructed ones (0 or −1). */
  #r1 = 0;
  #sign1 = 0;
  #sign2 = 0;
  #a1 = 0;
  #a2 = 0;
  #b = new Int32Array(6);
  /** The last six quantised differences, the newest first. */
  #d = new Int32Array(6);

  constructor(rule: ScaleRule, scale: number) {
    this.#rule = rule;
    this.scale = scale;
  }

  /** Learns from one sample. @param difference quantised; `code` chose it. */
  update(difference: number, code: number): void {
    this.#rescale(code);
    const reconstructed = clamp16(this.prediction + difference);
    const sign0 = clamp16(this.#zeros + difference) >> 15;
    this.#adaptPoles(sign0);
    const zeros = this.#adaptZeros(difference);
    const poles = ((this.#a1 * clamp16(2 * reconstructed)) >> 15) + ((this.#a2 * clamp16(2 * this.#r1)) >> 15);
    this.#r1 = reconstructed;
    this.#zeros = zeros;
    this.prediction = clamp16(clamp16(poles) + zeros);
  }

  /** LOGSCL, SCALEL; LOGSCH, SCALEH. */
  #rescale(code: number): void {
    const { steps, highestLog, octave } = this.#rule;
    const log = ((this.#log * 127) >> 7) + (steps[code] ?? 0);
    this.#log = log < 0 ? 0 : within(log, highestLog);
    const shift = octave - (this.#log >> 11);
    const base = scaleOf[(this.#log >> 6) & 31] ?? 0;
    this.scale = (shift < 0 ? base << -shift : base >> shift) << 2;
  }

  /** UPPOL2, UPPOL1: by signs, leaking, kept where the filter is stable. */
  #adaptPoles(sign0: number): void {
    const a1 = clamp16(4 * this.#a1);
    const towards = clamp16(sign0 === this.#sign1 ? -a1 : a1);
    const a2 = (towards >> 7) + (sign0 === this.#sign2 ? 128 : -128) + ((this.#a2 * 32_512) >> 15);
    this.#a2 = within(a2, 12_288);
    const next = clamp16((sign0 === this.#sign1 ? 192 : -192) + ((this.#a1 * 32_640) >> 15));
    const bound = clamp16(15_360 - this.#a2);
    this.#a1 = within(next, bound);
    this.#sign2 = this.#sign1;
    this.#sign1 = sign0;
  }

  /** UPZERO, FILTEZ. @returns what the zeros predict. */
  #adaptZeros(difference: number): number {
    const b = this.#b;
    const d = this.#d;
    const step = difference === 0 ? 0 : 128;
    const sign = difference >> 15;
    let newer = difference;
    let sum = 0;
    for (let i = 0; i < 6; i++) {
      const past = d[i] ?? 0;
      const next = clamp16((past >> 15 === sign ? step : -step) + (((b[i] ?? 0) * 32_640) >> 15));
      b[i] = next;
      d[i] = newer;
      sum += (next * clamp16(2 * newer)) >> 15;
      newer = past;
    }
    return clamp16(sum);
  }
}

export function clamp16(value: number): number {
  if (value > 32_767) return 32_767;
  if (value < -32_768) return -32_768;
  return value;
}

function within(value: number, bound: number): number {
  if (value > bound) return bound;
  if (value < -bound) return -bound;
  return value;
}
