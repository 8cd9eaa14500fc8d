import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError } from "../../app-error.ts";
import { findLoop } from "./loops.ts";

/** The decoder as decoding sees it: logits `[tokens, vocabulary]` for tokens that stand at `offset`. */
export type Step = (tokens: readonly number[], offset: number) => Promise<Float32Array>;

export type DecodeRules = {
  /** Fed first, at offset 0. */
  prompt: readonly number[];
  /** Index in `prompt` after which the probability of `noSpeech` is read. */
  startIndex: number;
  noSpeech: number;
  endOfText: number;
  vocabulary: number;
  /** Ids from here on are never chosen: special tokens and timestamps. */
  firstForbidden: number;
  /** Never chosen at all, and never chosen as the first. */
  suppressed: readonly number[];
  suppressedFirst: readonly number[];
  maxTokens: number;
  /** Ends a text that has begun to repeat itself. */
  stopLoops: boolean;
};

/** Tokens that the decoder is fed at most. */
export const longestText = ({ prompt, maxTokens }: DecodeRules): number => prompt.length + maxTokens;

export type Decoded = {
  /** Without the prompt and the end token. */
  tokens: number[];
  /** Natural logarithms, one per token, after suppression. */
  logProbabilities: number[];
  /** Sum over the tokens and the end token, if it was reached. */
  logProbability: number;
  /** How many that were, and the mean; 0 if nothing was chosen. */
  choices: number;
  averageLogProbability: number;
  noSpeechProbability: number;
  ended: "end" | "cap" | "loop";
  /** Its tokens were drawn: the likeliest ones could not be believed. */
  drawn?: true;
  /** Logits after the prompt, from which a beam may start. */
  first: Float32Array;
};

/** Draws each token by its probability, flatter the higher `temperature` is. `random`: in [0, 1). */
export type Sampling = { temperature: number; random(): number };

/**
 * Greedy decoding: the likeliest token, again and again. With `sampling` tokens are drawn instead; log-probabilities are
 * the model's own all the same.
 *
 * Before every run of the decoder the event loop turns, so that an abort that arrived meanwhile is seen: at most the
 * run in progress is finished after it.
 *
 * @throws signal.reason on abort.
 */
export async function decodeGreedily(
  step: Step,
  rules: DecodeRules,
  signal: AbortSignal,
  sampling?: Sampling,
): Promise<Decoded> {
  const { prompt, vocabulary, endOfText } = rules;
  await turn(signal);
  let logits = await step(prompt, 0);
  const atStart = logits.subarray(rules.startIndex * vocabulary, (rules.startIndex + 1) * vocabulary);
  const noSpeechProbability = Math.exp((atStart[rules.noSpeech] ?? Number.NEGATIVE_INFINITY) - logSumExp(atStart));
  let last = logits.subarray((prompt.length - 1) * vocabulary, prompt.length * vocabulary);
  const first = last.slice();

  const tokens: number[] = [];
  const logProbabilities: number[] = [];
  let endLogProbability: number | undefined;
  let ended: Decoded["ended"] = "cap";
  while (tokens.length < rules.maxTokens) {
    const choice = choose(last, rules, tokens.length === 0, sampling);
    if (choice.token === endOfText) {
      endLogProbability = choice.logProbability;
      ended = "end";
      break;
    }
    tokens.push(choice.token);
    logProbabilities.push(choice.logProbability);
    const loop = rules.stopLoops ? findLoop(tokens) : undefined;
    if (loop !== undefined) {
      tokens.length = loop.keep;
      logProbabilities.length = loop.keep;
      ended = "loop";
      break;
    }
    await turn(signal);
    logits = await step([choice.token], prompt.length + tokens.length - 1);
    last = logits.subarray(0, vocabulary);
  }
  const chosen = endLogProbability === undefined ? logProbabilities : [...logProbabilities, endLogProbability];
  const logProbability = chosen.reduce((sum, value) => sum + value, 0);
  if (!Number.isFinite(logProbability)) {
    throw new AppError(
      "speech_failed",
      "The Whisper model's output is not numbers: copy its files again from where they came",
    );
  }
  const choices = chosen.length;
  const averageLogProbability = choices === 0 ? 0 : logProbability / choices;
  return {
    tokens,
    logProbabilities,
    logProbability,
    choices,
    averageLogProbability,
    noSpeechProbability,
    ended,
    first,
  };
}

/** Lets messages arrive, then looks whether one of them was an abort. */
export async function turn(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await nextTurn();
  signal.throwIfAborted();
}

function choose(
  logits: Float32Array,
  rules: DecodeRules,
  first: boolean,
  sampling: Sampling | undefined,
): { token: number; logProbability: number } {
  const allowed = forbid(logits, rules, first);
  const token = sampling === undefined ? argMax(allowed) : draw(allowed, sampling);
  return { token, logProbability: (allowed[token] ?? Number.NaN) - logSumExp(allowed) };
}

/** The logits of those tokens that may be chosen: the others, below `firstForbidden`, are set to minus infinity. */
export function forbid(logits: Float32Array, rules: DecodeRules, first: boolean): Float32Array {
  const allowed = logits.subarray(0, Math.min(rules.firstForbidden, logits.length));
  for (const id of rules.suppressed) allowed[id] = Number.NEGATIVE_INFINITY;
  if (first) for (const id of rules.suppressedFirst) allowed[id] = Number.NEGATIVE_INFINITY;
  return allowed;
}

function draw(allowed: Float32Array, { temperature, random }: Sampling): number {
  const best = argMax(allowed);
  const weights = Float64Array.from(allowed, (value) => Math.exp((value - (allowed[best] as number)) / temperature));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return drawn < 0 ? best : drawn; // what rounding left over
}

/** The first of the largest. */
function argMax(values: Float32Array): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > most) {
      most = value;
      best = i;
    }
  }
  return best;
}

export function logSumExp(values: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > most) most = values[i] as number;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp((values[i] as number) - most);
  return most + Math.log(sum);
}
