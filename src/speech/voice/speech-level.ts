/**
 * Active speech level after ITU-T P.56, method B: the mean power of a signal over the time in which somebody speaks,
 * pauses left out, gaps of up to 200 ms within speech counted in. Pure. dBov: 0 is a square wave at full scale (G.100.1).
 */

/** Both filters of the envelope. */
const timeConstantSeconds = 0.03;
/** How long a sound keeps the time behind it active. */
const hangoverSeconds = 0.2;
/** Where the threshold lies below the level that is found by it. */
const marginDb = 15.9;
/** Thresholds at 2^-1 … 2^-15 of full scale, one bit apart. */
const thresholdCount = 15;

export type ActiveLevel = {
  /** −Infinity for silence. */
  levelDbov: number;
  /** Share of the time that is active, 0…1. */
  activity: number;
};

/** @param samples −1…1 at `rateHz`. */
export function activeSpeechLevel(samples: Float32Array, rateHz: number): ActiveLevel {
  const silence = { levelDbov: Number.NEGATIVE_INFINITY, activity: 0 };
  const energy = samples.reduce((sum, x) => sum + x * x, 0);
  if (energy === 0) return silence;
  const active = activeSamples(samples, rateHz);
  let above: { levelDb: number; overDb: number } | undefined;
  // From the lowest threshold up: fewer samples are active, so the level over them rises, and slower than the threshold.
  for (let bit = thresholdCount; bit >= 1; bit--) {
    const count = active[bit - 1] ?? 0;
    if (count === 0) break;
    const levelDb = 10 * Math.log10(energy / count);
    const overDb = levelDb - 20 * Math.log10(2 ** -bit);
    if (overDb <= marginDb) {
      // Between two thresholds both levels are taken for straight lines.
      const share = above === undefined ? 1 : (above.overDb - marginDb) / (above.overDb - overDb);
      const levelDbov = above === undefined ? levelDb : above.levelDb + share * (levelDb - above.levelDb);
      return { levelDbov, activity: Math.min(1, energy / 10 ** (levelDbov / 10) / samples.length) };
    }
    above = { levelDb, overDb };
  }
  return silence; // nothing in it stands out enough to be speech
}

/** For each threshold, highest first, how many samples the envelope or its hangover held active. */
function activeSamples(samples: Float32Array, rateHz: number): number[] {
  const decay = Math.exp(-1 / (rateHz * timeConstantSeconds));
  const hangover = Math.ceil(rateHz * hangoverSeconds);
  const active = new Array<number>(thresholdCount).fill(0);
  /** When each threshold was last reached; what was never reached lies further back than any hangover. */
  const reachedAt = new Array<number>(thresholdCount).fill(-hangover - 1);
  let smoothed = 0;
  let envelope = 0;
  for (let at = 0; at < samples.length; at++) {
    smoothed = decay * smoothed + (1 - decay) * Math.abs(samples[at] ?? 0);
    envelope = decay * envelope + (1 - decay) * smoothed;
    for (let bit = thresholdCount; bit >= 1; bit--) {
      const i = bit - 1;
      if (envelope >= 2 ** -bit) reachedAt[i] = at;
      else if (at - (reachedAt[i] ?? 0) > hangover) continue;
      active[i] = (active[i] ?? 0) + 1;
    }
  }
  return active;
}
