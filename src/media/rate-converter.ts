/** PCM of one rate as PCM of another. */
import type { RateHz } from "./messages.ts";
import { createDownsampler, createUpsampler } from "./resample.ts";

/** For one stream: it remembers what came before. @returns valid until the next call. */
export function createRateConverter() {
  const up = createUpsampler();
  const down = createDownsampler();
  return (samples: Int16Array, from: RateHz, to: RateHz): Int16Array => {
    if (from === to) return samples;
    if (from > to) return down.push(samples);
    return Int16Array.from(up.push(samples), (value) =>
      Math.max(-32_768, Math.min(32_767, Math.round(32_768 * value))),
    );
  };
}
