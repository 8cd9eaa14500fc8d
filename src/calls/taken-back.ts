/**
 * A caller who goes on before he can have heard our answer was not done: his turn is taken back, as if it had not been
 * understood yet, and the whole of what he says is understood as one. Never where anything was committed: what was
 * booked, noted, passed on or ended stays, and what he says then is the next turn. Pure.
 */
import type { Input } from "../receptionist/contract.ts";
import type { Transcript } from "../speech/ports.ts";
import type { CallEffect, CallState, Half, Hearing, Now, Revocable, Step, Talk } from "./machine.ts";
import { noted } from "./talking.ts";
import { beginsWith, wordsIn } from "./words-in.ts";

/**
 * Whoever has heard more of the answer speaks to what it says. 400 ms by his clock: until the Worker knows that he
 * speaks and holds the prompt, 100 more have been played.
 */
const mostHeardMs = 500;
/** Who says something so long after his turn was taken has waited for us, and may say the same again. */
const mostWaitedMs = 2_000;
/** Of the two in one piece, at 16 kHz: a recogniser takes 30 s. */
const longestSamples = 28 * 16_000;

/** @param cleared before the words were understood, what they cut short gone already. @param answer what they led to. */
export function revocableTurn<S>(
  cleared: CallState<S>,
  talk: Talk<S>,
  { inputs, answer, hearing, text }: { inputs: readonly Input[]; answer: Step<S>; hearing: Hearing; text: string },
  now: Now,
): Revocable<S> | undefined {
  const isPlain = cleared.phase === "talking" && !cleared.transferring && cleared.saying.length === 0;
  if (!isPlain || hearing.samples === undefined || !talk.read(cleared.talk).disclosed) return undefined;
  if (answer.state.phase !== "talking" || !answer.effects.every(isReversible)) return undefined;
  let before = cleared.talk;
  for (const input of inputs) {
    const step = talk.step(before, input);
    if (step.effects.length > 0) return undefined;
    before = step.state;
  }
  const { noInputMs, levelsDb, faint, turn } = cleared;
  return {
    half: { text, samples: hearing.samples, fromMs: hearing.final?.fromMs ?? null },
    takenAtMs: Date.parse(now.utc),
    before: { talk: before, noInputMs, levelsDb, faint, turn },
  };
}

/** Words that may be stopped, and what is shown and kept under the turn's number: the whole takes its place. */
function isReversible(effect: CallEffect): boolean {
  switch (effect.kind) {
    case "speak":
      return effect.say.interruptible;
    case "publish":
      return effect.event.kind === "turn";
    case "timer":
      return effect.name === "no-input";
    default:
      return effect.kind === "stop-timer" || effect.kind === "store-turn";
  }
}

/** The turn that a caller who begins to speak now goes on with. */
export function halfBefore<S>({ revocable, saying }: CallState<S>, now: Now): Half | undefined {
  if (revocable === undefined || Date.parse(now.utc) - revocable.takenAtMs > mostWaitedMs) return undefined;
  return saying.reduce((sum, { playedMs }) => sum + playedMs, 0) <= mostHeardMs ? revocable.half : undefined;
}

/** The turn that these words go on with, as long as nothing has come of it since. */
export const joinedTurn = <S>({ revocable }: CallState<S>, hearing: Hearing | undefined): Revocable<S> | undefined =>
  revocable !== undefined && revocable.half === hearing?.joins ? revocable : undefined;

/** @param samples of the utterance alone. @returns it with its sound: that of both where it goes on with another. */
export function withSound<S>(state: CallState<S>, hearing: Hearing, samples: Float32Array): Hearing & Sound {
  const before = joinedTurn(state, hearing)?.half;
  const isJoined = before !== undefined && before.samples.length + samples.length <= longestSamples;
  if (!isJoined) return { ...hearing, joins: undefined, samples };
  const whole = new Float32Array(before.samples.length + samples.length);
  whole.set(before.samples);
  whole.set(samples, before.samples.length);
  return { ...hearing, samples: whole };
}
type Sound = { samples: Float32Array };

/** What the words add to those of the turn that they go on with: all there is where that stands by now. */
export const addedBy = (hearing: Hearing | undefined, transcript: Transcript): Transcript =>
  hearing?.joins === undefined ? transcript : restOf(hearing.joins.text, transcript);

/** What `whole` says after `half`; all of it where the half is heard as other words now. */
function restOf(half: string, whole: Transcript): Transcript {
  const words = wordsIn(half).length;
  const rest = (text: string): string =>
    beginsWith(text, half) ? text.slice(wordsIn(text)[words - 1]?.to ?? 0).replace(/^[^\p{L}\p{N}]+/u, "") : text;
  const nbest = whole.nbest.map((one) => ({ ...one, text: rest(one.text) }));
  return { ...whole, text: rest(whole.text), nbest };
}

/** The call as it was before the half, hearing the whole. */
export function takenBack<S>(state: CallState<S>, { before, half }: Revocable<S>, hearing: Hearing): Step<S> {
  const { final } = hearing;
  const whole: Hearing = {
    ...hearing,
    joins: undefined,
    into: undefined,
    aside: undefined,
    final: final && { ...final, fromMs: half.fromMs },
  };
  return {
    state: { ...state, ...before, saying: [], revocable: undefined, hearing: whole },
    effects: state.saying.map(({ playId }) => ({ kind: "cancel-speech", playId })),
  };
}

/** The whole is shown and kept in place of the half even where nothing is said to it. */
export function inItsPlace<S>(talk: Talk<S>, { state, effects }: Step<S>): Step<S> {
  const isKept = effects.some((effect) => effect.kind === "store-turn");
  return { state, effects: isKept ? effects : [...effects, ...noted(state, talk)] };
}
