/**
 * How many calls are taken at once while others wait too long for answers: fewer, until answers come in time again. What
 * was measured at start cannot know what else the machine is asked to do later. Pure; times in ms.
 */

/** From the end of a caller's turn to our first sound; the silence that ends a turn lies before it (0.3 s and more). */
const lateMs = 600;
const inTimeMs = 400;
/** Answers that are looked at: the latest, and none that is older than a minute. */
const [mostAnswers, leastAnswers, keptMs] = [20, 5, 60_000];
/** One call more after so long in which answers came in time, or nobody asked for any. */
const raiseEveryMs = 30_000;

export type Admission = {
  /** As many as there may be in the best case. */
  most: number;
  limit: number;
  changedAtMs: number;
  answers: readonly { atMs: number; delayMs: number }[];
};

export const startAdmission = (most: number): Admission => ({ most, limit: most, changedAtMs: 0, answers: [] });

/** A caller was answered. @param calls so many are running. */
export function answered(before: Admission, delayMs: number, calls: number, atMs: number): Admission {
  const state = raised(before, atMs);
  const answers = [...recent(state, atMs), { atMs, delayMs }].slice(-mostAnswers);
  if (answers.length < leastAnswers || usual(answers) <= lateMs) return { ...state, answers };
  // Those answers are of too many calls: the next ones tell whether one call less is few enough.
  return { ...state, limit: Math.max(1, Math.min(state.limit, calls) - 1), changedAtMs: atMs, answers: [] };
}

/** The same, some time later. */
export function raised(state: Admission, atMs: number): Admission {
  if (state.limit >= state.most || atMs - state.changedAtMs < raiseEveryMs) return state;
  const answers = recent(state, atMs);
  if (answers.length > 0 && usual(answers) > inTimeMs) return { ...state, changedAtMs: atMs };
  return { ...state, limit: state.limit + 1, changedAtMs: atMs };
}

const recent = ({ answers }: Admission, atMs: number) => answers.filter((answer) => atMs - answer.atMs <= keptMs);

/** Nine in ten are not later: one that is may have had another cause. */
function usual(answers: Admission["answers"]): number {
  const delays = answers.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
  return delays[Math.ceil(0.9 * delays.length) - 1] ?? 0;
}
