/**
 * Fills what the network lost by repeating the last pitch period, fading to silence within 60 ms (after the idea of
 * G.711 appendix I), and joins the sound that comes after without a click.
 */
import type { RateHz } from "./messages.ts";

const historyMs = 60;
const [shortestPeriodMs, longestPeriodMs] = [5, 20]; // 200 and 50 Hz
const templateMs = 20;
const fullMs = 10; // before the fade begins
const fadeMs = 50;
const joinMs = 5;

export type Stretch = { kind: "heard" | "lost" | "silent"; samples: number };

export type Concealer = {
  /** Replaces in place what is `lost` of `samples`, which the stretches cover from first to last. */
  process(samples: Int16Array, stretches: readonly Stretch[]): void;
  readonly concealedMs: number;
};

/** @param rateHz of the samples. */
export function createConcealer(rateHz: RateHz): Concealer {
  const perMs = rateHz / 1000;
  const historySamples = historyMs * perMs;
  const history = new Int16Array(historySamples);
  /** Of the loss in progress: its period, and how much has been made up. */
  let period = 0;
  let made = 0;
  let concealed = 0;

  function remember(samples: Int16Array): void {
    const kept = Math.min(samples.length, historySamples);
    history.copyWithin(0, kept);
    history.set(samples.subarray(samples.length - kept), historySamples - kept);
  }

  /** The n-th sample after the sound broke off. */
  function invent(n: number): number {
    const past = history[historySamples - period + (n % period)] ?? 0;
    return past * Math.max(0, Math.min(1, 1 - (n - fullMs * perMs) / (fadeMs * perMs)));
  }

  function conceal(samples: Int16Array): void {
    if (made === 0) period = findPeriod(history, perMs);
    for (let i = 0; i < samples.length; i++) samples[i] = Math.round(invent(made + i));
    made += samples.length;
    concealed += samples.length;
  }

  function join(samples: Int16Array): void {
    if (made === 0) return;
    const length = Math.min(joinMs * perMs, samples.length);
    for (let i = 0; i < length; i++) {
      const share = (i + 1) / (length + 1);
      samples[i] = Math.round(share * (samples[i] ?? 0) + (1 - share) * invent(made + i));
    }
    made = 0;
  }

  return {
    process(samples, stretches) {
      let at = 0;
      for (const stretch of stretches) {
        const part = samples.subarray(at, at + stretch.samples);
        at += part.length;
        // The history stays that of the last real sound for as long as the loss goes on.
        if (stretch.kind === "lost") conceal(part);
        else {
          join(part);
          remember(part);
        }
      }
    },
    get concealedMs() {
      return concealed / perMs;
    },
  };
}

/** The lag at which the end of `history` resembles itself most (normalised correlation). */
function findPeriod(history: Int16Array, perMs: number): number {
  const from = history.length - templateMs * perMs;
  let best = longestPeriodMs * perMs;
  let bestScore = 0;
  for (let lag = shortestPeriodMs * perMs; lag <= longestPeriodMs * perMs; lag++) {
    let product = 0;
    let energy = 1;
    for (let i = from; i < history.length; i++) {
      const past = history[i - lag] ?? 0;
      product += past * (history[i] ?? 0);
      energy += past * past;
    }
    const score = product <= 0 ? 0 : (product * product) / energy;
    if (score > bestScore) {
      bestScore = score;
      best = lag;
    }
  }
  return best;
}
