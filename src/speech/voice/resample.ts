/** Any rate → 8 kHz once, by a polyphase FIR: no aliasing into the telephone band. Pure. */

const outRateHz = 8000;
/** Telephone speech is what G.712 lets through: flat to 3,400 Hz; from 4,000 Hz up everything would fold back. */
const passHz = 3400;
const stopHz = 4000;

type Filter = { up: number; down: number; taps: number; phases: Float32Array[] };
const filters = new Map<number, Filter>();

/**
 * @param samples −1…1 at `rateHz` (a whole number, 8,000…192,000).
 * @returns 8 kHz, aligned with the input (the filter's delay is taken out), ⌈length · 8000 / rateHz⌉ samples.
 */
export function resampleTo8k(samples: Float32Array, rateHz: number): Float32Array {
  if (!Number.isInteger(rateHz) || rateHz < outRateHz || rateHz > 192_000) throw new RangeError(`rate of ${rateHz} Hz`);
  if (rateHz === outRateHz) return samples.slice();
  const { up, down, taps, phases } = filterFor(rateHz);
  const out = new Float32Array(Math.ceil((samples.length * up) / down));
  const half = taps >> 1;
  for (let n = 0; n < out.length; n++) {
    const position = n * down; // in steps of 1 / (rateHz · up)
    const phase = phases[position % up];
    const centre = Math.floor(position / up);
    if (phase === undefined) continue;
    const first = Math.max(0, centre - half);
    const last = Math.min(samples.length - 1, centre + taps - half - 1);
    let sum = 0;
    for (let i = first; i <= last; i++) sum += (samples[i] ?? 0) * (phase[i - centre + half] ?? 0);
    out[n] = sum;
  }
  return out;
}

function filterFor(rateHz: number): Filter {
  const known = filters.get(rateHz);
  if (known !== undefined) return known;
  const divisor = greatestCommonDivisor(rateHz, outRateHz);
  const made = design(outRateHz / divisor, rateHz / divisor, rateHz);
  filters.set(rateHz, made);
  return made;
}

/** A windowed sinc; each phase scaled to unity at 0 Hz, so that no phase is louder than another. */
function design(up: number, down: number, rateHz: number): Filter {
  const taps = 2 * Math.ceil((3 * rateHz) / (stopHz - passHz)); // Blackman's transition is 6 / taps wide
  const cut = (passHz + stopHz) / rateHz; // twice the middle, in cycles a sample
  const half = taps >> 1;
  const phases = Array.from({ length: up }, (_, p) => {
    const phase = Float32Array.from({ length: taps }, (_, k) => {
      const t = k - half - p / up; // samples of the input from the centre
      return Math.abs(t) > half ? 0 : sinc(cut * t) * blackman(t / half);
    });
    const sum = phase.reduce((total, tap) => total + tap, 0);
    return phase.map((tap) => tap / sum);
  });
  return { up, down, taps, phases };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** −1…1; 74 dB down beyond the transition. */
function blackman(x: number): number {
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
