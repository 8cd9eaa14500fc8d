/** Loudness and its correction. Pure. dBov: 0 is a square wave at full scale (ITU-T G.100.1). */

export const targetDbov = -20;
export const peakLimit = 10 ** (-3 / 20);
/** Beyond this it is noise or a fault that would be blown up. */
const greatestGainDb = 30;

/** The factor from one level to another; 1 where there is nothing to be heard. */
export function gainTo(wantedDbov: number, levelDbov: number): number {
  if (levelDbov === Number.NEGATIVE_INFINITY) return 1;
  return 10 ** (Math.min(greatestGainDb, wantedDbov - levelDbov) / 20);
}

export function amplified(samples: Float32Array, gain: number): Float32Array {
  return samples.map((x) => x * gain);
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
