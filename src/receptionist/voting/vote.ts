/** Register voting: candidates of all n-best lists and attempts are weighed against each other and what is known. Pure. */
import type { Attempt, Decision, ItemContext, ItemReader, Reading } from "./item.ts";

/** Each further hypothesis of a list without scores is this much less likely than the one before. */
const rankRatio = 0.55;
/** Log-probabilities are sums over tokens, and models are surer than they are right: they are flattened by this. */
const temperature = 2;
/** Share of a known value's likeness that counts: less than hearing it as it is. */
const knownWeight = 0.9;
const leastLikeness = 0.4;
/** Callers speak mostly of what the agency knows: a known value weighs that much more than one of millions. */
const knownPrior = 2;
/** Of the readings of one attempt in all: what was said may be something that no list holds. */
const unheardShare = 0.12;
const mostAlternatives = 5;
/** A value is taken without a question only from here on, see `isClear`. */
const clearCertainty = 0.9;
/** From here on a reading of one text leaves no second way of writing what was said. */
const plainCertainty = 0.8;

/**
 * @param attempts Of one item, in order; they may contradict each other.
 * @param register Values that the agency knows; they may be none of what was said.
 */
export function decide(
  attempts: readonly Attempt[],
  register: readonly string[],
  reader: ItemReader,
  context: ItemContext,
): Decision {
  const known = [...new Set(register.map((value) => reader.canonical?.(value) ?? value))].filter(
    (value) => value !== "",
  );
  const ballots = attempts.map((attempt) => ballotOf(attempt, known, reader, context));
  const totals = combined(ballots);
  for (const value of known) {
    const heard = totals.get(value);
    if (heard !== undefined) totals.set(value, heard * knownPrior);
  }
  const ranked = [...totals].map(([value, score]) => ({ value, score })).sort((a, b) => b.score - a.score);
  const [best, second] = ranked;
  if (best === undefined) return { value: null, certainty: 0, wouldConfirm: true, alternatives: [] };
  const sum = ranked.reduce((total, { score }) => total + score, 0) + unheardShare;
  const certainty = best.score / sum;
  const isKnown = known.includes(best.value);
  const clear = isClear({ best: best.value, ballots, certainty, isKnown, anyKnown: known.length > 0 });
  return {
    value: best.value,
    certainty: round(
      Math.max(certainty, Math.min(calibrated(certainty), best.score / (best.score + (second?.score ?? 0)))),
    ),
    wouldConfirm: !clear || (second !== undefined && second.score > best.score / 4),
    alternatives: ranked
      .slice(1, 1 + mostAlternatives)
      .map(({ value, score }) => ({ value, certainty: round(score / sum) })),
  };
}

/** Values and their weight in one attempt; all weights together are at most 1. */
type Ballot = {
  weights: ReadonlyMap<string, number>;
  first: string | undefined;
  /** Whether the words for `first` can hardly be written otherwise. */
  isPlain: boolean;
};

function ballotOf(attempt: Attempt, known: readonly string[], reader: ItemReader, context: ItemContext): Ballot {
  const weights = new Map<string, number>();
  let best: Reading | undefined;
  const shares = sharesOf(attempt);
  for (const [index, [text]] of attempt.entries()) {
    const share = shares[index] ?? 0;
    const readings = [...reader.read(text, context), ...likeKnown(text, known, reader, context)];
    best ??= readings[0];
    for (const [value, certainty] of strongest(readings))
      weights.set(value, (weights.get(value) ?? 0) + share * certainty);
  }
  return { weights, first: best?.value, isPlain: (best?.certainty ?? 0) >= plainCertainty };
}

/** Of several readings that mean the same the surest counts; together they are no more than sure. */
function strongest(readings: readonly Reading[]): Map<string, number> {
  const by = new Map<string, number>();
  for (const { value, certainty } of readings) by.set(value, Math.max(by.get(value) ?? 0, certainty));
  const total = [...by.values()].reduce((sum, certainty) => sum + certainty, 0);
  if (total > 1) for (const [value, certainty] of by) by.set(value, certainty / total);
  return by;
}

/** What is known and sounds like it. Of many that do none says much. */
function likeKnown(text: string, known: readonly string[], { likeness }: ItemReader, context: ItemContext): Reading[] {
  if (likeness === undefined || known.length === 0) return [];
  const likenessOf = likeness(text, context);
  const like = known
    .map((value) => ({ value, certainty: likenessOf(value) * knownWeight }))
    .filter(({ certainty }) => certainty >= leastLikeness * knownWeight)
    .sort((a, b) => b.certainty - a.certainty)
    .slice(0, mostAlternatives);
  const total = like.reduce((sum, { certainty }) => sum + certainty ** 4, 0);
  return like.map(({ value, certainty }) => ({ value, certainty: (certainty * certainty ** 4) / total }));
}

/** Softmax over the flattened scores; by rank where any is missing. */
function sharesOf(attempt: Attempt): number[] {
  const scores = attempt.map(([, score]) => score);
  const raw = scores.every((score): score is number => score !== null)
    ? scores.map((score) => Math.exp((score - Math.max(...scores)) / temperature))
    : scores.map((_, rank) => rankRatio ** rank);
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

/**
 * Attempts are independent witnesses: what all of them hold outweighs what one is sure of. A later one is a caller who
 * speaks more clearly.
 */
function combined(ballots: readonly Ballot[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const [index, { weights }] of ballots.entries()) {
    const weight = 1 + 0.1 * index;
    for (const [value, share] of weights) totals.set(value, (totals.get(value) ?? 0) + weight * share);
  }
  for (const [value, total] of totals) {
    const witnesses = ballots.filter(({ weights }) => (weights.get(value) ?? 0) > 0.05).length;
    totals.set(value, total * (1 + 0.5 * Math.max(0, witnesses - 1)));
  }
  return totals;
}

type Standing = { best: string; ballots: readonly Ballot[]; certainty: number; isKnown: boolean; anyKnown: boolean };

/**
 * Nothing is taken unasked on one witness alone: either the agency knows the value and it was heard first, or two
 * attempts heard the same thing first. Where the agency knows values and this is none of them, it is asked about.
 */
function isClear({ best, ballots, certainty, isKnown, anyKnown }: Standing): boolean {
  if (certainty < clearCertainty || (anyKnown && !isKnown)) return false;
  const heardFirst = ballots.filter(({ first }) => first === best).length;
  if (isKnown) return heardFirst >= 1;
  // Attempts are no witnesses of a spelling that none of them gave: "reed" is heard for Reid each time.
  return heardFirst >= 2 && heardFirst === ballots.length && ballots.some(({ isPlain }) => isPlain);
}

/**
 * Shares are spread over more rivals than there are: of values at 0.6 far more than six in ten are right, hardly fewer
 * than that of those at 0.3. A straight line in log-odds, drawn on the safe side of what the tests' items show.
 */
function calibrated(share: number): number {
  if (share <= 0 || share >= 1) return share;
  return 1 / (1 + Math.exp(-(1.6 * Math.log(share / (1 - share)) + 0.5)));
}

const round = (share: number): number => Math.round(Math.min(1, share) * 1000) / 1000;
