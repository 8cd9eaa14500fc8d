/** Loudness of speech and its correction. Pure. dBov: 0 is a square wave at full scale (ITU-T G.100.1). */

const frameMs = 10;
/** A frame this far below the mean of those above it is a pause (ITU-T P.56 puts its margin at 15.9 dB). */
const marginDb = 15.9;

export const targetDbov = -20;
export const peakLimit = 10 ** (-3 / 20);
/** Beyond this it is noise or a fault that would be blown up. */
const greatestGainDb = 30;

/** Mean power of the frames that hold speech, in dBov; −Infinity for silence. In the manner of P.56, by frames. */
export function activeLevelDbov(samples: Float32Array, rateHz: number): number {
  const frameSamples = Math.round((frameMs * rateHz) / 1000);
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += frameSamples) {
    const frame = samples.subarray(at, at + frameSamples);
    powers.push(frame.reduce((sum, x) => sum + x * x, 0) / frame.length);
  }
  let threshold = 1e-9; // −90 dBov
  let level = 0;
  for (let round = 0; round < 8; round++) {
    const active = powers.filter((power) => power > threshold);
    if (active.length === 0) return Number.NEGATIVE_INFINITY;
    level = active.reduce((sum, power) => sum + power, 0) / active.length;
    const raised = level * 10 ** (-marginDb / 10);
    if (raised <= threshold) break;
    threshold = raised;
  }
  return 10 * Math.log10(level);
}

/** Speech brought to `targetDbov`, its peaks under −3 dBFS. */
export function levelled(samples: Float32Array, rateHz: number): Float32Array {
  const level = activeLevelDbov(samples, rateHz);
  if (level === Number.NEGATIVE_INFINITY) return samples;
  const gain = 10 ** (Math.min(greatestGainDb, targetDbov - level) / 20);
  return limited(
    samples.map((x) => x * gain),
    rateHz,
  );
}

const lookaheadMs = 3; // to either side

/** Looks ahead and turns down smoothly around each peak: no sample leaves above the limit, and none is clipped. */
export function limited(samples: Float32Array, rateHz: number, limit = peakLimit): Float32Array {
  const lookaheadSamples = Math.round((lookaheadMs * rateHz) / 1000);
  // The least gain that any sample nearby needs, then the mean of those nearby: at a peak each is at or below its own.
  const least = new Float32Array(samples.length).fill(1);
  let peaks = 0;
  samples.forEach((x, at) => {
    if (Math.abs(x) <= limit) return;
    peaks++;
    const needed = limit / Math.abs(x);
    const to = Math.min(samples.length - 1, at + lookaheadSamples);
    for (let i = Math.max(0, at - lookaheadSamples); i <= to; i++) least[i] = Math.min(needed, least[i] ?? 1);
  });
  return peaks === 0 ? samples : times(samples, meanAround(least, lookaheadSamples));
}

function meanAround(gains: Float32Array, lookaheadSamples: number): Float32Array {
  const at = (i: number) => gains[i] ?? 1; // beyond the ends nothing is turned down
  let sum = 0;
  for (let i = -lookaheadSamples; i <= lookaheadSamples; i++) sum += at(i);
  return gains.map((_, i) => {
    const mean = sum / (2 * lookaheadSamples + 1);
    sum += at(i + lookaheadSamples + 1) - at(i - lookaheadSamples);
    return mean;
  });
}

function times(samples: Float32Array, gains: Float32Array): Float32Array {
  return samples.map((x, i) => x * (gains[i] ?? 1));
}

/** 16-bit samples, rounded. */
export function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (x) => Math.max(-32_768, Math.min(32_767, Math.round(x * 32_768))));
}
