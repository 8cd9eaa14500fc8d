/** Where an utterance that grows too long is best cut: the middle of its least speech-like 160 ms. Pure, constant size. */
const windowSteps = 5;
const stepSamples = 512;

export type DeepestPause = {
  /** Sample position of the best place so far, and how much speech is around it (sum of probabilities). */
  at: number | undefined;
  depth: number;
  /** The latest probabilities, oldest first. */
  latest: readonly number[];
};

export const noPause: DeepestPause = { at: undefined, depth: Number.POSITIVE_INFINITY, latest: [] };

/**
 * @param position end of the step that has this probability, in samples.
 * @param earliest places before this are not considered.
 */
export function deeperPause(
  state: DeepestPause,
  probability: number,
  position: number,
  earliest: number,
): DeepestPause {
  const latest = [...state.latest, probability].slice(-windowSteps);
  const middle = position - (windowSteps * stepSamples) / 2;
  if (latest.length < windowSteps || middle < earliest) return { ...state, latest };
  const depth = latest.reduce((total, value) => total + value, 0);
  // Of equals the latest: the more of the utterance stays in one piece.
  return depth <= state.depth ? { at: middle, depth, latest } : { ...state, latest };
}
