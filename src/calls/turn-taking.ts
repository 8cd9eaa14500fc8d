/** What is heard becomes a turn of the conversation, goes on with the one before, or is none. Pure. */
import type { Input } from "../receptionist/contract.ts";
import type { Transcript } from "../speech/ports.ts";
import { isOutstanding, together } from "./earlier.ts";
import { isFaint, isHoldingBack, isTurn } from "./into-our-words.ts";
import { type CallEffect, type CallState, type Hearing, heardOf, type Now, type Step, type Talk } from "./machine.ts";
import { isOfNobody, unheard } from "./nobody.ts";
import { withTurnLevel } from "./speaking-level.ts";
import { addedBy, inItsPlace, joinedTurn, revocableTurn, takenBack } from "./taken-back.ts";
import { converse, nothingHeard, openTurn, said, settle, silence } from "./talking.ts";

/** An utterance cut at its longest has no pause of its own; its text is filed under this number. */
export const wholeUtterance = -1;

/** Silence after which a caller who has spoken hears that we are still there: see late.ts. */
export const lateMs = 1_800;

export const failedTranscript: Transcript = {
  text: "",
  nbest: [],
  averageLogProbability: Number.NEGATIVE_INFINITY,
  noSpeechProbability: 0,
  audioMs: 0,
  tookMs: 0,
};

export function notHeard<S>(state: CallState<S>, talk: Talk<S>, now: Now, failed: boolean): Step<S> {
  const {
    inputs,
    effects,
    state: cleared,
  } = dropUnfinished({ ...state, hearing: undefined, silentSinceMs: Date.parse(now.utc) }, now);
  const turned = openTurn(cleared, talk, now, silence);
  const step = converse(turned, talk, [...inputs, { kind: "not-heard", failed, now: now.local }], now);
  return { state: step.state, effects: [...effects, ...released(state.hearing), ...step.effects] };
}

/** Of words that are all there: a turn, or nothing of the kind. */
export function takeTurn<S>(state: CallState<S>, talk: Talk<S>, transcript: Transcript, now: Now): Step<S> {
  const { hearing, earlier } = state;
  if (hearing !== undefined && earlier.some(isOutstanding)) return waitForEarlier(state, hearing, transcript);
  if (hearing !== undefined && earlier.length > 0) {
    const whole = together(earlier, hearing, transcript);
    return takeTurn({ ...state, hearing: whole.hearing, earlier: [] }, talk, whole.transcript ?? transcript, now);
  }
  if (transcript === failedTranscript) return notHeard(state, talk, now, true);
  const isAside = hearing?.aside !== undefined && hearing.aside === hearing.final?.pause;
  // A short "mm-hm" into the read-back stops it for a moment only, and may be understood when all has been said.
  const joined = joinedTurn(state, hearing);
  const added = addedBy(hearing, transcript);
  const isInto =
    joined !== undefined ||
    isHoldingBack(state) ||
    (hearing?.into !== undefined && added.text !== "" && !added.doubtful);
  if (isAside || (isInto && !isTurn(state, talk, hearing, added, now))) {
    const isMissed = added.text !== "" && isFaint(state, hearing);
    return passOver(isMissed ? { ...state, faint: state.faint + 1 } : state, talk, now);
  }
  if (joined && hearing) {
    const back = takenBack(state, joined, hearing);
    const whole = inItsPlace(talk, understood(back.state, talk, transcript, now));
    return { state: whole.state, effects: [...back.effects, ...whole.effects] };
  }
  if (isOfNobody(added, hearing?.voice ?? unheard)) {
    const faint = state.faint + (added.text === "" ? 0 : 1);
    return passOver({ ...state, faint }, talk, now);
  }
  if (isSpeechWithoutWords(added)) return notHeard(state, talk, now, false);
  if (added.text === "") return passOver(state, talk, now);
  return understood(state, talk, added, now);
}

function understood<S>(state: CallState<S>, talk: Talk<S>, transcript: Transcript, now: Now): Step<S> {
  const { hearing } = state;
  const taken: CallState<S> = {
    ...state,
    hearing: undefined,
    silentSinceMs: Date.parse(now.utc),
    levelsDb: withTurnLevel(state.levelsDb, hearing?.levelDb),
    faint: 0,
  };
  const { inputs, effects, state: cleared } = dropUnfinished(taken, now);
  const heard = heardOf(transcript);
  const turned = openTurn(cleared, talk, now, {
    text: heard.text,
    nbest: heard.nbest,
    confidence: Math.exp(transcript.averageLogProbability),
    fromMs: hearing?.final?.fromMs ?? null,
    toMs: hearing?.final?.toMs ?? null,
  });
  const answer = converse(turned, talk, [...inputs, { kind: "heard", heard, now: now.local }], now);
  const revocable = hearing && revocableTurn(cleared, talk, { inputs, answer, hearing, text: heard.text }, now);
  return { state: { ...answer.state, revocable }, effects: [...effects, ...released(hearing), ...answer.effects] };
}

/** Noise, tones and music have a probability of no speech above 0.1, speech one below 0.005 (demo model, gates.ts). */
const surelySpeech = 0.02;
/** Less is a breath or a click. */
const leastSpeechMs = 600;

/** Somebody did speak, and nothing could be made of it: silence would be the wrong answer. */
export const isSpeechWithoutWords = ({ text, noSpeechProbability, audioMs }: Transcript): boolean =>
  text === "" && noSpeechProbability < surelySpeech && audioMs >= leastSpeechMs;

/** A cough, a slammed door, a word to somebody else: no turn. What it stopped goes on, otherwise we go on listening. */
function passOver<S>(state: CallState<S>, talk: Talk<S>, now: Now): Step<S> {
  const listening: CallState<S> = { ...state, hearing: undefined };
  if (isOverdue(listening, now) && talk.read(state.talk).asks !== "voice-message") {
    const step = nothingHeard(listening, talk, now);
    return { state: step.state, effects: [...released(state.hearing), ...step.effects] };
  }
  return { state: listening, effects: [...released(state.hearing), ...settle(listening, now)] };
}

/**
 * Noise upon noise, or a voice too faint for us: each starts the wait anew, and nobody would ever be spoken to again. Into
 * a message for the recording anybody may speak as faintly as he likes.
 */
const isOverdue = <S>({ phase, transferring, saying, noInputMs, silentSinceMs }: CallState<S>, now: Now): boolean =>
  phase === "talking" &&
  !transferring &&
  saying.length === 0 &&
  noInputMs > 0 &&
  silentSinceMs !== undefined &&
  Date.parse(now.utc) - silentSinceMs >= noInputMs;

function waitForEarlier<S>(state: CallState<S>, hearing: Hearing, transcript: Transcript): Step<S> {
  const pause = hearing.final?.pause ?? wholeUtterance;
  const texts = new Map(hearing.texts).set(pause, transcript);
  return {
    state: { ...state, hearing: { ...hearing, texts } },
    effects: [{ kind: "timer", name: "late", afterMs: lateMs }],
  };
}

/** The utterance is over and judged: our voice may be heard again. */
const released = (hearing: Hearing | undefined): CallEffect[] =>
  hearing?.final === undefined
    ? []
    : [
        { kind: "stop-timer", name: "late" },
        { kind: "release", utteranceId: hearing.utteranceId, pause: hearing.final.pause },
      ];

/**
 * Real words, or a key: what they cut short stays cut short, and what was still to be spoken would answer a question that
 * has moved on. What must be heard in full (the disclosure) plays on.
 */
export function dropUnfinished<S>(
  state: CallState<S>,
  now: Now,
  byKey = false,
): { state: CallState<S>; inputs: Input[]; effects: CallEffect[] } {
  const stale = state.saying.filter((say) => say.interruptible || (byKey && say.byKey));
  return {
    state: { ...state, saying: state.saying.filter((say) => !stale.includes(say)) },
    inputs: stale.map((say) => said(say, say, false, now)),
    effects: stale.map((say) => ({ kind: "cancel-speech", playId: say.playId })),
  };
}
