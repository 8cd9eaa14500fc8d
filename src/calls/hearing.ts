/** How what the Worker and Whisper report becomes a turn of the conversation. Pure. */

import type { Input } from "../receptionist/contract.ts";
import { readEmergency } from "../receptionist/understanding/emergencies.ts";
import type { Search, Transcript } from "../speech/ports.ts";
import { hasWords, isOutstanding, together, withEarlier } from "./earlier.ts";
import { isHoldingBack, isTurn, unfinishedOf } from "./into-our-words.ts";
import {
  type CallEffect,
  type CallEvent,
  type CallState,
  type Hearing,
  heardOf,
  type Now,
  type Step,
  type Talk,
} from "./machine.ts";
import { isOfNobody, unheard } from "./nobody.ts";
import { speechLevel, withTurnLevel } from "./speaking-level.ts";
import { converse, nothingHeard, openTurn, said, settle, silence } from "./talking.ts";

type Of<K extends CallEvent["kind"]> = Extract<CallEvent, { kind: K }>;

/** An utterance cut at its longest has no pause of its own; its text is filed under this number. */
const wholeUtterance = -1;

/** Silence after which a caller who has spoken hears that we are still there: see late.ts. */
export const lateMs = 1_800;

/** The caller began to speak: the Worker holds what may be interrupted. What becomes of it is known with the words. */
export function speechStarted<S>(state: CallState<S>, event: Of<"speech-started">): Step<S> {
  const effects: CallEffect[] = (["no-input", "late"] as const).map((name) => ({
    kind: "stop-timer",
    name,
  }));
  const before = withEarlier(state.earlier, state.hearing);
  const { utteranceId } = event;
  const hearing: Hearing = {
    utteranceId,
    texts: new Map(),
    aside: undefined,
    voice: unheard,
    levelDb: undefined,
    final: undefined,
    into: unfinishedOf(state),
    waits: 0,
  };
  return { state: { ...state, hearing, earlier: before.earlier }, effects: [...effects, ...before.effects] };
}

/** A short silence: transcribe what there is, in the hope that it is all. */
export function paused<S>(state: CallState<S>, talk: Talk<S>, event: Of<"paused">): Step<S> {
  const { utteranceId, pause, samples, voice } = event;
  if (state.hearing?.utteranceId !== utteranceId) return { state, effects: [] };
  const search = searchOf(state, talk, speculativeSearchMs);
  return {
    state: { ...state, hearing: { ...state.hearing, voice, levelDb: speechLevel(samples) } },
    effects: [{ kind: "transcribe", utteranceId, pause, samples, priority: "speculative", search }],
  };
}

export function resumed<S>(state: CallState<S>, event: Of<"resumed">): Step<S> {
  if (state.hearing?.utteranceId !== event.utteranceId) return { state, effects: [] };
  const hearing: Hearing = { ...state.hearing, into: unfinishedOf(state) };
  return {
    state: { ...state, hearing },
    effects: [{ kind: "cancel-transcription", utteranceId: event.utteranceId }],
  };
}

/** The caller is done. The turn is taken now if the text of that very pause is there, otherwise when it comes. */
export function utteranceEnded<S>(state: CallState<S>, talk: Talk<S>, event: Of<"utterance">, now: Now): Step<S> {
  const hearing = state.hearing;
  if (hearing?.utteranceId !== event.utteranceId) return { state, effects: [] };
  const pause = event.pause ?? wholeUtterance;
  const waiting: CallState<S> = {
    ...state,
    hearing: { ...hearing, voice: event.voice, final: { pause, fromMs: event.fromMs, toMs: event.toMs } },
  };
  const transcript = hearing.texts.get(pause);
  if (transcript) return takeTurn(waiting, talk, transcript, now);
  const hasten: CallEffect = { kind: "hasten-transcription", utteranceId: event.utteranceId };
  const wait: CallEffect = { kind: "timer", name: "late", afterMs: lateMs };
  if (event.samples === undefined) return { state: waiting, effects: [hasten, wait] }; // that pause is being transcribed
  const { utteranceId, samples } = event;
  const search = searchOf(state, talk, answerSearchMs);
  return {
    state: waiting,
    effects: [{ kind: "transcribe", utteranceId, pause, samples, priority: "answer", search }, wait],
  };
}

/** A pause is reported after 120 ms of silence, and no turn that is whole is taken before 300: there is time to search. */
const speculativeSearchMs = 140;
/** Here the caller waits already. */
const answerSearchMs = 80;

const searchOf = <S>(state: CallState<S>, talk: Talk<S>, withinMs: number): Search => ({
  liftNames: talk.expectsAddress(talk.read(state.talk)),
  withinMs,
});

export function transcribed<S>(state: CallState<S>, talk: Talk<S>, event: Of<"transcribed">, now: Now): Step<S> {
  const hearing = state.hearing;
  if (hearing?.utteranceId !== event.utteranceId) return earlierTranscribed(state, talk, event, now);
  if (hearing.final?.pause === event.pause) return takeTurn(state, talk, event.transcript, now);
  const texts = new Map(hearing.texts).set(event.pause, event.transcript);
  const isAside =
    state.earlier.length === 0 && isHoldingBack(state) && !isTurn(state, talk, hearing, event.transcript, now);
  const seen = talk.read(state.talk);
  const effects: CallEffect[] = [
    {
      kind: "wait",
      utteranceId: event.utteranceId,
      pause: event.pause,
      silenceMs: talk.patience(seen, event.transcript.text, event.transcript.unsure || event.transcript.doubtful),
    },
  ];
  // A cough is over when it is over: what it stopped goes on at once. If the caller goes on after all, so does this.
  if (isAside) effects.unshift({ kind: "release", utteranceId: event.utteranceId, pause: event.pause });
  // Before the disclosure the caller's words are shown to nobody.
  if (seen.disclosed && event.transcript.text !== "") {
    effects.push({ kind: "publish", event: { kind: "caption", callId: state.callId, text: event.transcript.text } });
  }
  const aside = isAside ? event.pause : undefined;
  return { state: { ...state, hearing: { ...hearing, texts, aside } }, effects };
}

/** A speech child died over it: it has been replaced by now, the caller is asked to repeat. */
export function transcriptionFailed<S>(
  state: CallState<S>,
  talk: Talk<S>,
  event: Of<"transcription-failed">,
  now: Now,
): Step<S> {
  const hearing = state.hearing;
  if (hearing?.utteranceId !== event.utteranceId)
    return earlierTranscribed(state, talk, { ...event, transcript: failedTranscript }, now);
  const final = hearing.final;
  const isFinal = final?.pause === event.pause;
  if (!isFinal) {
    const silent: Transcript = failedTranscript;
    return {
      state: { ...state, hearing: { ...hearing, texts: new Map(hearing.texts).set(event.pause, silent) } },
      effects: [],
    };
  }
  return takeTurn(state, talk, failedTranscript, now);
}

/** The text of what was said before what is being said now: it waits for the rest, unless it can not. */
function earlierTranscribed<S>(
  state: CallState<S>,
  talk: Talk<S>,
  { utteranceId, pause, transcript }: Pick<Of<"transcribed">, "utteranceId" | "pause" | "transcript">,
  now: Now,
): Step<S> {
  const { hearing, earlier } = state;
  const one = earlier.find((other) => other.hearing.utteranceId === utteranceId && isOutstanding(other));
  if (one === undefined || hearing === undefined || one.hearing.final?.pause !== pause) return { state, effects: [] };
  const rest = earlier.filter((other) => other !== one);
  // Half a minute of sound in one go without a word in it, and it goes on: he would wait for ever for us to be heard.
  const isEndless = pause === wholeUtterance && !hasWords(transcript, one.hearing);
  if (isEndless || readEmergency(heardOf(transcript))) {
    const alone: CallState<S> = { ...state, hearing: one.hearing, earlier: [] };
    const step = isEndless ? notHeard(alone, talk, now, true) : takeTurn(alone, talk, transcript, now);
    return { state: { ...step.state, hearing, earlier: rest }, effects: step.effects };
  }
  const known: CallState<S> = {
    ...state,
    earlier: earlier.map((other) => (other === one ? { ...one, transcript } : other)),
  };
  const final = hearing.final && hearing.texts.get(hearing.final.pause);
  return final ? takeTurn(known, talk, final, now) : { state: known, effects: [] };
}

const failedTranscript: Transcript = {
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

function takeTurn<S>(state: CallState<S>, talk: Talk<S>, transcript: Transcript, now: Now): Step<S> {
  const { hearing, earlier } = state;
  if (hearing !== undefined && earlier.some(isOutstanding)) return waitForEarlier(state, hearing, transcript);
  if (hearing !== undefined && earlier.length > 0) {
    const whole = together(earlier, hearing, transcript);
    return takeTurn({ ...state, hearing: whole.hearing, earlier: [] }, talk, whole.transcript ?? transcript, now);
  }
  if (transcript === failedTranscript) return notHeard(state, talk, now, true);
  const isAside = hearing?.aside !== undefined && hearing.aside === hearing.final?.pause;
  // A short "mm-hm" into the read-back stops it for a moment only, and may be understood when all has been said.
  const isInto =
    isHoldingBack(state) || (hearing?.into !== undefined && transcript.text !== "" && !transcript.doubtful);
  if (isAside || (isInto && !isTurn(state, talk, hearing, transcript, now))) return passOver(state, talk, now);
  if (isOfNobody(transcript, hearing?.voice ?? unheard)) {
    const faint = state.faint + (transcript.text === "" ? 0 : 1);
    return passOver({ ...state, faint }, talk, now);
  }
  if (isSpeechWithoutWords(transcript)) return notHeard(state, talk, now, false);
  if (transcript.text === "") return passOver(state, talk, now);
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
  const step = converse(turned, talk, [...inputs, { kind: "heard", heard, now: now.local }], now);
  return { state: step.state, effects: [...effects, ...released(hearing), ...step.effects] };
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
