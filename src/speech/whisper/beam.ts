import { type Bias, type BiasNode, biasTo, follow, unfinished } from "./bias.ts";
import { type DecodeRules, forbid, logSumExp, turn } from "./decode.ts";
import { findLoop } from "./loops.ts";

/** The decoder as a beam sees it (decoder.ts). */
export type BeamSteps = {
  branch(rows: number, offset: number): void;
  stepRows(tokens: readonly number[], parents: readonly number[], offset: number): Promise<Float32Array>;
};

export type BeamOptions = {
  /** Hypotheses side by side, and readings at most. */
  width: number;
  bias: Bias | undefined;
  /** Asked before each step: false ends the search with what is complete by then. */
  mayGoOn(): boolean;
  /** Told when time was up before the search was: what is complete by then are the shorter readings. */
  cutShort?(): void;
};

/** One reading. Natural logarithms summed over its tokens and the end token, without any lift. */
export type Reading = {
  tokens: number[];
  /** One per token. */
  logProbabilities: number[];
  logProbability: number;
  averageLogProbability: number;
  /** What it is ranked by: per token, with the lift of names. */
  score: number;
};

type Hypothesis = {
  tokens: readonly number[];
  logProbabilities: readonly number[];
  logProbability: number;
  lift: number;
  node: BiasNode;
};
/** `tokens` and `logProbabilities` are without `token` until it is settled. */
type Candidate = Hypothesis & { parent: number; token: number; tokenLogProbability: number };

/**
 * Beam search over what greedy decoding has begun: the prompt stands in the cache already.
 *
 * It ends when `width` readings are complete, when none that is still going on can beat them, at the cap, or when time
 * is up. A row that is complete leaves its place to the next best.
 *
 * @param first Logits after the prompt; changed.
 * @returns Best first by `score`; empty if time was up before one was complete.
 * @throws signal.reason on abort, after the model run in progress.
 */
export async function decodeBeam(
  steps: BeamSteps,
  first: Float32Array,
  rules: DecodeRules,
  { width, bias = biasTo([]), mayGoOn, cutShort }: BeamOptions,
  signal: AbortSignal,
): Promise<Reading[]> {
  const start: Hypothesis = { tokens: [], logProbabilities: [], logProbability: 0, lift: 0, node: bias.root };
  const done: Reading[] = [];
  let live = settle(expand([start], first, rules, bias, width), rules, width, done);
  steps.branch(width, rules.prompt.length);
  while (live.length > 0 && !isDecided(done, live, width)) {
    const length = live[0]?.tokens.length ?? 0;
    if (length >= rules.maxTokens) break;
    if (!mayGoOn()) {
      cutShort?.();
      break;
    }
    await turn(signal);
    // Rows that nothing lives in go along with the last that does.
    const rows = Array.from({ length: width }, (_, row) => live[Math.min(row, live.length - 1)] as Candidate);
    const logits = await steps.stepRows(
      rows.map(({ token }) => token),
      rows.map(({ parent }) => parent),
      rules.prompt.length + length - 1,
    );
    live = settle(expand(live, logits, rules, bias, width), rules, width, done);
  }
  return done.toSorted((a, b) => b.score - a.score);
}

/** The `2 · width` best ways to go on: enough for `width` that do not end. */
function expand(
  live: readonly Hypothesis[],
  logits: Float32Array,
  rules: DecodeRules,
  bias: Bias,
  width: number,
): Candidate[] {
  const all: Candidate[] = [];
  for (const [row, hypothesis] of live.entries()) {
    const own = logits.subarray(row * rules.vocabulary, (row + 1) * rules.vocabulary);
    const allowed = forbid(own, rules, hypothesis.tokens.length === 0);
    const total = logSumExp(allowed);
    for (const token of worthwhile(allowed, hypothesis, rules, width)) {
      const { node, lift } =
        token === rules.endOfText
          ? { node: hypothesis.node, lift: -unfinished(hypothesis.node) }
          : follow(bias, hypothesis.node, token);
      const tokenLogProbability = (allowed[token] as number) - total;
      all.push({
        tokens: hypothesis.tokens,
        logProbabilities: hypothesis.logProbabilities,
        tokenLogProbability,
        logProbability: hypothesis.logProbability + tokenLogProbability,
        lift: hypothesis.lift + lift,
        node,
        parent: row,
        token,
      });
    }
  }
  return all.sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, 2 * width);
}

/** The likeliest tokens, and whatever a name goes on with. */
function worthwhile(allowed: Float32Array, { node }: Hypothesis, rules: DecodeRules, width: number): Set<number> {
  const best = new Set<number>();
  const most = 2 * width;
  const top: number[] = [];
  for (let id = 0; id < allowed.length; id++) {
    const value = allowed[id] as number;
    if (top.length === most && value <= (allowed[top[most - 1] as number] as number)) continue;
    let at = top.length;
    while (at > 0 && (allowed[top[at - 1] as number] as number) < value) at--;
    top.splice(at, 0, id);
    if (top.length > most) top.pop();
  }
  for (const id of top) if ((allowed[id] as number) > Number.NEGATIVE_INFINITY) best.add(id);
  for (const id of node.next.keys()) {
    if (id < rules.firstForbidden && (allowed[id] ?? Number.NEGATIVE_INFINITY) > Number.NEGATIVE_INFINITY) best.add(id);
  }
  return best;
}

/** Takes out what is complete; the `width` best of the rest live on. */
function settle(candidates: readonly Candidate[], rules: DecodeRules, width: number, done: Reading[]): Candidate[] {
  const live: Candidate[] = [];
  for (const candidate of candidates.slice(0, 2 * width)) {
    if (candidate.token === rules.endOfText) {
      if (live.length < width) done.push(reading(candidate));
      continue;
    }
    const tokens = [...candidate.tokens, candidate.token];
    if (rules.stopLoops && findLoop(tokens) !== undefined) continue;
    const logProbabilities = [...candidate.logProbabilities, candidate.tokenLogProbability];
    if (live.length < width) live.push({ ...candidate, tokens, logProbabilities });
  }
  return live;
}

function reading({ tokens, logProbabilities, logProbability, lift }: Candidate): Reading {
  const choices = tokens.length + 1;
  return {
    tokens: [...tokens],
    logProbabilities: [...logProbabilities],
    logProbability,
    averageLogProbability: logProbability / choices,
    score: (logProbability + lift) / choices,
  };
}

/** While searching all hypotheses have the same length, so that sums can be compared. */
const scoreOf = ({ logProbability, lift }: Hypothesis): number => logProbability + lift;

/** Enough are complete, and what still goes on could not overtake them even if it went on for nothing. */
function isDecided(done: readonly Reading[], live: readonly Candidate[], width: number): boolean {
  if (done.length < width) return false;
  const best = live[0];
  if (best === undefined) return true;
  const worst = Math.min(
    ...done
      .toSorted((a, b) => b.score - a.score)
      .slice(0, width)
      .map(({ score }) => score),
  );
  return scoreOf(best) / (best.tokens.length + 1) < worst || done.length >= 2 * width;
}
