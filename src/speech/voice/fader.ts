/** The cut ends of a clause start and stop at zero, without a click. Pure. */
import { joined } from "./join.ts";

const fadeMs = 3;

/** Samples as they are made → the same, the first and the last few faded. */
export type Fader = { push(samples: Float32Array): Float32Array; end(): Float32Array };

export function createFader(rateHz: number): Fader {
  const fade = Math.round((fadeMs * rateHz) / 1000);
  /** What may still be among the last, or among the first of something that is shorter than both. */
  let held: Float32Array = new Float32Array(0);
  let hasBegun = false;
  return {
    push(samples) {
      held = joined([held, samples]);
      if (!hasBegun && held.length < 2 * fade) return new Float32Array(0);
      if (!hasBegun) held = held.map((x, i) => x * Math.min(1, i / fade));
      hasBegun = true;
      const out = held.subarray(0, held.length - fade);
      held = held.slice(out.length);
      return out;
    },
    end() {
      const { length } = held;
      const n = hasBegun ? fade : length >> 1;
      if (n === 0) return held;
      return held.map((x, i) => x * Math.min(1, hasBegun ? 1 : i / n, (length - 1 - i) / n));
    },
  };
}
