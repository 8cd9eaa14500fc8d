/** How loudly a caller speaks, and who is faint beside him. Pure. */

const frameSamples = 320;
/** Between its words speech is silent: a frame counts as speech down to so much below the loud ones. */
const activeDb = 15;
const silentDb = -100;

/**
 * The level of the speech in `samples`, without its pauses (in the manner of ITU-T P.56).
 *
 * @param samples 16 kHz, −1…1. @returns dB of full scale, −100 for silence.
 */
export function speechLevel(samples: Float32Array): number {
  const powers: number[] = [];
  for (let from = 0; from + frameSamples <= samples.length; from += frameSamples) {
    let sum = 0;
    for (let at = from; at < from + frameSamples; at++) sum += (samples[at] ?? 0) ** 2;
    powers.push(sum / frameSamples);
  }
  const loudest = powers.toSorted((a, b) => b - a);
  const loud = loudest[Math.floor(loudest.length / 20)] ?? 0; // a click is louder than any word, and short
  const active = powers.filter((power) => power > 0 && power <= loud && power >= loud / 10 ** (activeDb / 10));
  if (active.length === 0) return silentDb;
  return Math.max(silentDb, 10 * Math.log10(active.reduce((sum, power) => sum + power, 0) / active.length));
}

/** Of one caller in one call, turns differ by 3 to 4 dB; whoever is as far from the telephone as twice an arm is below. */
const faintByDb = 10;
/** Nobody is faint beside one turn, which may have been shouted. */
const fewestTurns = 2;
const mostTurns = 9;

/** @returns with the level of another turn of the caller's, the oldest forgotten. */
export const withTurnLevel = (levelsDb: readonly number[], levelDb: number | undefined): readonly number[] =>
  levelDb === undefined ? levelsDb : [...levelsDb, levelDb].slice(-mostTurns);

/** Whether that is so far below the caller's usual level that it was said by somebody else, or to somebody else. */
export function isFaintBeside(levelsDb: readonly number[], levelDb: number | undefined): boolean {
  if (levelDb === undefined || levelsDb.length < fewestTurns) return false;
  const usual = levelsDb.toSorted((a, b) => a - b)[Math.floor((levelsDb.length - 1) / 2)] ?? levelDb;
  return levelDb <= usual - faintByDb;
}
