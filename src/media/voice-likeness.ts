/** How like a voice an utterance sounded, from its first speech to its last. Pure, constant size. */

/** Of the steps of 32 ms, 0…1: the surest, and the mean of all. */
export type Voice = { strongest: number; mean: number };

export type VoiceLikeness = {
  strongest: number;
  sum: number;
  steps: number;
  /** Since the last speech: they count only if it goes on. */
  silentSum: number;
  silentSteps: number;
};

/**
 * 0.3 s: of a gap no more counts. Whoever reads out a number with a second between its digits is no less of a voice for
 * that; what is no voice is unlike one in the gaps of a breath as well.
 */
const longestGap = 10;

export const noVoice: VoiceLikeness = { strongest: 0, sum: 0, steps: 0, silentSum: 0, silentSteps: 0 };

export function withStep(before: VoiceLikeness, probability: number, isSpeech: boolean): VoiceLikeness {
  if (!isSpeech && before.silentSteps >= longestGap) return before;
  const silentSum = before.silentSum + probability;
  const silentSteps = before.silentSteps + 1;
  if (!isSpeech) return { ...before, silentSum, silentSteps };
  return {
    strongest: Math.max(before.strongest, probability),
    sum: before.sum + silentSum,
    steps: before.steps + silentSteps,
    silentSum: 0,
    silentSteps: 0,
  };
}

export const voiceOf = ({ strongest, sum, steps }: VoiceLikeness): Voice => ({
  strongest,
  mean: steps === 0 ? 0 : sum / steps,
});
