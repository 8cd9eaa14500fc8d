/**
 * Whether what is left after the canceller is more than an echo can leave. No canceller takes out all of it: a small
 * loudspeaker bends what is loud, vocoders change what is fine. What is left follows the echo in every band, and how
 * closely is learned; a voice does not.
 */

import { createRealFft } from "./real-fft.ts";
import type { Verdict } from "./verdict.ts";

export type ResidualGate = {
  /**
   * One block of 10 ms, −1…1.
   * @param left what was heard, less `echo`.
   * @returns "caller" while somebody is speaking and for a moment longer; "unsure" in place of it as long as what an echo
   *   leaves has hardly been seen.
   */
  judge(echo: Float64Array, left: Float64Array): Verdict;
  /** @param leak what is left of an echo, as a power, before anything is learned. */
  reset(leak: number): void;
  /** After a pause: whoever spoke when our last echo went by may have stopped long ago. What was learned is kept. */
  rest(): void;
};

/** About equally many hertz to the ear. */
const bandEdgesHz = [200, 350, 500, 650, 850, 1050, 1300, 1600, 1950, 2400, 2900, 3500, 4300, 5300, 6600];
/** A room goes on sounding for longer than the filter is: a quarter of a second for 30 dB. */
const reverberation = 0.76;
/** More than this in a band, of what an echo usually leaves there, is something else. */
const surplus = 8;
/** −66 dBFS, per band and block: less is nobody. */
const faintest = 2.5e-7;
/** So many of the last blocks make a voice, which then is taken to go on for a while. */
const [blocksJudged, blocksNeeded] = [5, 3];
const holdBlocks = 12;
const [quickly, slowly] = [0.06, 0.002];
const [least, most] = [1e-4, 4];
/** Blocks of an echo from which its leavings are known; until then what is left may well be more than they suggest. */
const youngBlocks = 40;
const youngMost = 1;

export function createResidualGate(rateHz: number): ResidualGate {
  const blockSamples = rateHz / 100;
  const fft = createRealFft(2 * blockSamples);
  const edges = bandEdgesHz.filter((hz) => hz < rateHz / 2).map((hz) => Math.round((hz * 2) / 100));
  const bands = edges.length - 1;
  const time = new Float64Array(2 * blockSamples);
  const [real, imaginary] = [new Float64Array(blockSamples + 1), new Float64Array(blockSamples + 1)];
  const [echoPower, leftPower] = [new Float64Array(bands), new Float64Array(bands)];
  const [expected, leak, noise] = [new Float64Array(bands), new Float64Array(bands), new Float64Array(bands)];
  /** What is left, without its quick changes. */
  const evened = new Float64Array(bands);
  let recent = 0;
  let held = 0;
  /** Blocks in which there was an echo. */
  let age = 0;

  /** Mean power of a sample of the block, by band. */
  function measure(block: Float64Array, into: Float64Array): void {
    for (let n = 0; n < blockSamples; n++) time[blockSamples + n] = block[n] as number;
    fft.forward(time, real, imaginary);
    for (let b = 0; b < bands; b++) {
      let sum = 0;
      for (let k = edges[b] as number; k < (edges[b + 1] as number); k++)
        sum += (real[k] as number) ** 2 + (imaginary[k] as number) ** 2;
      into[b] = sum / blockSamples ** 2;
    }
  }

  function isMore(): boolean {
    let [all, unexplained, unexplainedBands] = [0, 0, 0];
    for (let b = 0; b < bands; b++) {
      const power = leftPower[b] as number;
      all += power;
      if (power < surplus * ((leak[b] as number) * (expected[b] as number) + (noise[b] as number)) + faintest) continue;
      unexplained += power;
      unexplainedBands++;
    }
    return unexplainedBands >= 2 && unexplained > 0.5 * all;
  }

  function adapt(isVoice: boolean): void {
    const isYoung = age < youngBlocks;
    let seen = 0;
    for (let b = 0; b < bands; b++) {
      const power = leftPower[b] as number;
      // The quietest of late: it falls at once and rises by 6 dB in a second.
      const even = age === 0 ? power : (evened[b] as number);
      evened[b] = even + 0.2 * (power - even);
      noise[b] = Math.min(evened[b] as number, 1.014 * (noise[b] as number) + 1e-12);
      if ((echoPower[b] as number) < 8 * (noise[b] as number) + faintest) continue;
      seen++;
      const ratio = Math.min(isYoung ? youngMost : most, Math.max(least, power / (expected[b] as number)));
      leak[b] = (leak[b] as number) + (isVoice && !isYoung ? slowly : quickly) * (ratio - (leak[b] as number));
    }
    if (seen > 2) age++;
  }

  function rest(): void {
    expected.fill(0);
    recent = 0;
    held = 0;
  }

  return {
    judge(echo, left) {
      measure(echo, echoPower);
      measure(left, leftPower);
      for (let b = 0; b < bands; b++)
        expected[b] = Math.max(echoPower[b] as number, reverberation * (expected[b] as number));
      const isVoice = isMore();
      adapt(isVoice);
      recent = ((recent << 1) | (isVoice ? 1 : 0)) & ((1 << blocksJudged) - 1);
      if (countBits(recent) >= blocksNeeded) held = holdBlocks;
      else if (held > 0) held--;
      if (held === 0) return "echo";
      return age < youngBlocks ? "unsure" : "caller";
    },
    reset(first) {
      age = 0;
      leak.fill(Math.min(most, first));
      noise.fill(1);
      rest();
    },
    rest,
  };
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
