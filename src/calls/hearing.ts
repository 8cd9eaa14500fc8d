/** How what the Worker and Whisper report becomes a turn of the conversation. Pure. */
import type { Input } from "../receptionist/contract.ts";
import type { Search, Transcript } from "../speech/ports.ts";
import {
  type CallEffect,
  type CallEvent,
  type CallState,
  type Hearing,
  heardOf,
  type Now,
  type Say,
  type Step,
  type Talk,
} from "./machine.ts";
import { converse, openTurn, settle } from "./talking.ts";

type Of<K extends CallEvent["kind"]> = Extract<CallEvent, { kind: K }>;

/** An utterance cut at its longest has no pause of its own; its text is filed under this number. */
const wholeUtterance = -1;

/** The caller began to speak: the Worker has stopped what may be interrupted; what is not yet playing stops here. */
export function speechStarted<S>(state: CallState<S>, event: Of<"speech-started">): Step<S> {
  const effects: CallEffect[] = [{ kind: "stop-timer", name: "no-input" }];
  if (state.hearing) effects.push({ kind: "cancel-transcription", utteranceId: state.hearing.utteranceId });
  for (const { interruptible, playId } of state.saying)
    if (interruptible) effects.push({ kind: "cancel-speech", playId, byCaller: true });
  const hearing: Hearing = { utteranceId: event.utteranceId, texts: new Map(), final: undefined };
  return { state: { ...state, hearing }, effects };
}

/** A short silence: transcribe what there is, in the hope that it is all. */
export function paused<S>(state: CallState<S>, talk: Talk<S>, event: Of<"paused">): Step<S> {
  const { utteranceId, pause, samples } = event;
  if (state.hearing?.utteranceId !== utteranceId) return { state, effects: [] };
  const search = searchOf(state, talk, speculativeSearchMs);
  return { state, effects: [{ kind: "transcribe", utteranceId, pause, samples, priority: "speculative", search }] };
}

export function resumed<S>(state: CallState<S>, event: Of<"resumed">): Step<S> {
  if (state.hearing?.utteranceId !== event.utteranceId) return { state, effects: [] };
  return { state, effects: [{ kind: "cancel-transcription", utteranceId: event.utteranceId }] };
}

/** The caller is done. The turn is taken now if the text of that very pause is there, otherwise when it comes. */
export function utteranceEnded<S>(state: CallState<S>, talk: Talk<S>, event: Of<"utterance">, now: Now): Step<S> {
  const hearing = state.hearing;
  if (hearing?.utteranceId !== event.utteranceId) return { state, effects: [] };
  const pause = event.pause ?? wholeUtterance;
  const waiting: CallState<S> = {
    ...state,
    hearing: { ...hearing, final: { pause, fromMs: event.fromMs, toMs: event.toMs } },
  };
  const transcript = hearing.texts.get(pause);
  if (transcript) return takeTurn(waiting, talk, transcript, now);
  const hasten: CallEffect = { kind: "hasten-transcription", utteranceId: event.utteranceId };
  if (event.samples === undefined) return { state: waiting, effects: [hasten] }; // that pause is being transcribed
  const { utteranceId, samples } = event;
  const search = searchOf(state, talk, answerSearchMs);
  return {
    state: waiting,
    effects: [{ kind: "transcribe", utteranceId, pause, samples, priority: "answer", search }],
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
  if (hearing?.utteranceId !== event.utteranceId) return { state, effects: [] };
  if (hearing.final?.pause === event.pause) return takeTurn(state, talk, event.transcript, now);
  const texts = new Map(hearing.texts).set(event.pause, event.transcript);
  const seen = talk.read(state.talk);
  const effects: CallEffect[] = [
    {
      kind: "wait",
      utteranceId: event.utteranceId,
      pause: event.pause,
      silenceMs: talk.patience(seen, event.transcript.text),
    },
  ];
  // Before the disclosure the caller's words are shown to nobody.
  if (seen.disclosed && event.transcript.text !== "") {
    effects.push({ kind: "publish", event: { kind: "caption", callId: state.callId, text: event.transcript.text } });
  }
  return { state: { ...state, hearing: { ...hearing, texts } }, effects };
}

/** A speech child died over it: it has been replaced by now, the caller is asked to repeat. */
export function transcriptionFailed<S>(
  state: CallState<S>,
  talk: Talk<S>,
  event: Of<"transcription-failed">,
  now: Now,
): Step<S> {
  const hearing = state.hearing;
  if (hearing?.utteranceId !== event.utteranceId) return { state, effects: [] };
  const final = hearing.final;
  const isFinal = final?.pause === event.pause;
  if (!isFinal) {
    const silent: Transcript = failedTranscript;
    return {
      state: { ...state, hearing: { ...hearing, texts: new Map(hearing.texts).set(event.pause, silent) } },
      effects: [],
    };
  }
  return notHeard(state, talk, now);
}

const failedTranscript: Transcript = {
  text: "",
  nbest: [],
  averageLogProbability: Number.NEGATIVE_INFINITY,
  noSpeechProbability: 0,
  audioMs: 0,
  tookMs: 0,
};

function notHeard<S>(state: CallState<S>, talk: Talk<S>, now: Now): Step<S> {
  const { inputs, effects, state: cleared } = dropInterrupted({ ...state, hearing: undefined }, now);
  const turned = openTurn(cleared, talk, now, { text: "", nbest: [], confidence: null, fromMs: null, toMs: null });
  const step = converse(turned, talk, [...inputs, { kind: "not-heard", now: now.local }], now);
  return { state: step.state, effects: [...effects, ...step.effects] };
}

function takeTurn<S>(state: CallState<S>, talk: Talk<S>, transcript: Transcript, now: Now): Step<S> {
  if (transcript === failedTranscript || isSpeechWithoutWords(transcript)) return notHeard(state, talk, now);
  const final = state.hearing?.final;
  const listening: CallState<S> = { ...state, hearing: undefined };
  if (transcript.text === "") return ignoreNoise(listening, now);
  const { inputs, effects, state: cleared } = dropInterrupted(listening, now);
  const heard = heardOf(transcript);
  const turned = openTurn(cleared, talk, now, {
    text: heard.text,
    nbest: heard.nbest,
    confidence: Math.exp(transcript.averageLogProbability),
    fromMs: final?.fromMs ?? null,
    toMs: final?.toMs ?? null,
  });
  const step = converse(turned, talk, [...inputs, { kind: "heard", heard, now: now.local }], now);
  return { state: step.state, effects: [...effects, ...step.effects] };
}

/** Noise, tones and music have a probability of no speech above 0.1, speech one below 0.005 (demo model, gates.ts). */
const surelySpeech = 0.02;
/** Less is a breath or a click. */
const leastSpeechMs = 600;

/** Somebody did speak, and nothing could be made of it: silence would be the wrong answer. */
const isSpeechWithoutWords = ({ text, noSpeechProbability, audioMs }: Transcript): boolean =>
  text === "" && noSpeechProbability < surelySpeech && audioMs >= leastSpeechMs;

/** A cough or a slammed door is no turn: what it interrupted is said again, otherwise we go on listening. */
function ignoreNoise<S>(state: CallState<S>, now: Now): Step<S> {
  if (state.interrupted.length === 0) return { state, effects: settle(state, now) };
  const again: Say[] = state.interrupted.map(({ say }, i) => ({ ...say, playId: state.nextPlayId + i }));
  return {
    state: {
      ...state,
      interrupted: [],
      nextPlayId: state.nextPlayId + again.length,
      saying: [...state.saying, ...again],
    },
    effects: again.map((say) => ({ kind: "speak", say })),
  };
}

/**
 * Real words: what they cut short stays cut short, and what was still to be spoken would answer a question that has
 * moved on. What must be heard in full (the disclosure) plays on.
 */
export function dropInterrupted<S>(
  state: CallState<S>,
  now: Now,
): { state: CallState<S>; inputs: Input[]; effects: CallEffect[] } {
  const stale = state.saying.filter((say) => say.interruptible);
  const inputs: Input[] = [
    ...state.interrupted.map(({ say, heardShare }) => said(say, heardShare, now)),
    ...stale.map((say) => said(say, 0, now)),
  ];
  return {
    state: { ...state, interrupted: [], saying: state.saying.filter((say) => !say.interruptible) },
    inputs,
    effects: stale.map((say) => ({ kind: "cancel-speech", playId: say.playId, byCaller: false })),
  };
}

const said = (say: Say, heardShare: number, now: Now): Input => ({
  kind: "said",
  sayId: say.sayId,
  completed: false,
  heardShare,
  now: now.local,
});
