/** Loudness and its correction. Pure. dBov: 0 is a square wave at full scale (ITU-T G.100.1). */

import { joined } from "./join.ts";

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

/** Samples as they are made → the same, turned down where they are too loud. */
export type Limiter = { push(samples: Float32Array): Float32Array; end(): Float32Array };

/** Looks ahead and turns down smoothly around each peak: no sample leaves above the limit, and none is clipped. */
export function createLimiter(rateHz: number, limit = peakLimit): Limiter {
  const lookahead = Math.round((lookaheadMs * rateHz) / 1000);
  /**
   * From sample `from` on: the samples, and the least gain that any sample nearby needs. Of these the mean of those nearby
   * is taken: at a peak each is at or below its own.
   */
  let from = 0;
  let samples: Float32Array = new Float32Array(0);
  let least: Float32Array = new Float32Array(lookahead).fill(1);
  let next = 0;
  let sum = 0;

  /** Beyond the ends nothing is turned down. */
  const at = (i: number) => (i < 0 || i >= from + samples.length ? 1 : (least[i - from] ?? 1));
  const take = (more: Float32Array) => {
    const known = samples.length;
    samples = joined([samples, more]);
    least = joined([least, new Float32Array(more.length).fill(1)]);
    for (let i = known; i < samples.length; i++) {
      const size = Math.abs(samples[i] ?? 0);
      if (size <= limit) continue;
      const needed = limit / size;
      for (let k = Math.max(0, i - lookahead); k <= i + lookahead; k++) least[k] = Math.min(needed, least[k] ?? 1);
    }
  };
  const give = (to: number) => {
    const out = new Float32Array(Math.max(0, to - next));
    for (let n = 0; n < out.length; n++, next++) {
      if (next === 0) for (let i = -lookahead; i <= lookahead; i++) sum += at(i);
      else sum += at(next + lookahead) - at(next - 1 - lookahead);
      out[n] = (samples[next - from] ?? 0) * Math.fround(sum / (2 * lookahead + 1));
    }
    const done = Math.max(0, next - 1 - lookahead - from);
    samples = samples.slice(done);
    least = least.slice(done);
    from += done;
    return out;
  };

  return {
    push(more) {
      take(more);
      return give(from + samples.length - 2 * lookahead);
    },
    end: () => give(from + samples.length),
  };
}

/** The same of all of it at once. */
export function limited(samples: Float32Array, rateHz: number, limit = peakLimit): Float32Array {
  const limiter = createLimiter(rateHz, limit);
  return joined([limiter.push(samples), limiter.end()]);
}

/** 16-bit samples, rounded. */
export function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (x) => Math.max(-32_768, Math.min(32_767, Math.round(x * 32_768))));
}
