/** What the Worker and Whisper report of the caller's words, until they are a turn or none. Pure. */
import type { Asks } from "../receptionist/contract.ts";
import { readEmergency } from "../receptionist/understanding/emergencies.ts";
import type { Search, Transcript } from "../speech/ports.ts";
import { doubtOf } from "./doubt.ts";
import { hasWords, isOutstanding, withEarlier } from "./earlier.ts";
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
import { unheard } from "./nobody.ts";
import { speechLevel } from "./speaking-level.ts";
import { addedBy, halfBefore, joinedTurn, withSound } from "./taken-back.ts";
import { failedTranscript, lateMs, notHeard, takeTurn, wholeUtterance } from "./turn-taking.ts";

type Of<K extends CallEvent["kind"]> = Extract<CallEvent, { kind: K }>;

/** The caller began to speak: the Worker holds what may be interrupted. What becomes of it is known with the words. */
export function speechStarted<S>(state: CallState<S>, talk: Talk<S>, event: Of<"speech-started">, now: Now): Step<S> {
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
    samples: undefined,
    joins: before.earlier.length === 0 ? halfBefore(state, now) : undefined,
    final: undefined,
    into: unfinishedOf(state),
    waits: 0,
    looks: 0,
  };
  // Between the groups of a number the text may come later than the usual silence is over, which would be its end.
  if (spelled.has(talk.read(state.talk).asks)) effects.push({ kind: "wait", utteranceId, silenceMs: spelledSilenceMs });
  return { state: { ...state, hearing, earlier: before.earlier }, effects: [...effects, ...before.effects] };
}

/** Said in groups, with time to look for the next. */
const spelled: ReadonlySet<Asks> = new Set(["phone", "postcode", "email"]);
const spelledSilenceMs = 1_200;

/** A short silence: transcribe what there is, in the hope that it is all. */
export function paused<S>(state: CallState<S>, talk: Talk<S>, event: Of<"paused">): Step<S> {
  const { utteranceId, pause, voice } = event;
  if (state.hearing?.utteranceId !== utteranceId) return { state, effects: [] };
  const levelDb = speechLevel(event.samples);
  const hearing = withSound(state, { ...state.hearing, voice, levelDb }, event.samples);
  const { samples } = hearing;
  const search = searchOf(state, hearing, talk, speculativeSearchMs);
  return {
    state: { ...state, hearing },
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
  const over: Hearing = { ...hearing, voice: event.voice, final: { pause, fromMs: event.fromMs, toMs: event.toMs } };
  const waiting: CallState<S> = { ...state, hearing: over };
  const transcript = hearing.texts.get(pause);
  if (transcript) return takeTurn(waiting, talk, transcript, now);
  const hasten: CallEffect = { kind: "hasten-transcription", utteranceId: event.utteranceId };
  const wait: CallEffect = { kind: "timer", name: "late", afterMs: lateMs };
  if (event.samples === undefined) return { state: waiting, effects: [hasten, wait] }; // that pause is being transcribed
  const { utteranceId } = event;
  const cut = withSound(state, over, event.samples);
  const search = searchOf(state, cut, talk, answerSearchMs);
  return {
    state: { ...waiting, hearing: cut },
    effects: [{ kind: "transcribe", utteranceId, pause, samples: cut.samples, priority: "answer", search }, wait],
  };
}

/** A pause is reported after 120 ms of silence, and no turn that is whole is taken before 300: there is time to search. */
const speculativeSearchMs = 140;
/** Here the caller waits already. */
const answerSearchMs = 80;

const searchOf = <S>(state: CallState<S>, hearing: Hearing, talk: Talk<S>, withinMs: number): Search => ({
  liftNames: talk.expectsAddress(seenBefore(state, hearing, talk)),
  withinMs,
});

/** What was asked when the caller began to say what he is saying. */
const seenBefore = <S>(state: CallState<S>, hearing: Hearing, talk: Talk<S>) =>
  talk.read((joinedTurn(state, hearing)?.before ?? state).talk);

export function transcribed<S>(state: CallState<S>, talk: Talk<S>, event: Of<"transcribed">, now: Now): Step<S> {
  const hearing = state.hearing;
  if (hearing?.utteranceId !== event.utteranceId) return earlierTranscribed(state, talk, event, now);
  if (hearing.final?.pause === event.pause) return takeTurn(state, talk, event.transcript, now);
  const texts = new Map(hearing.texts).set(event.pause, event.transcript);
  const added = addedBy(hearing, event.transcript);
  const isAside = state.earlier.length === 0 && isHoldingBack(state) && !isTurn(state, talk, hearing, added, now);
  const seen = seenBefore(state, hearing, talk);
  const effects: CallEffect[] = [
    {
      kind: "wait",
      utteranceId: event.utteranceId,
      pause: event.pause,
      silenceMs: talk.patience(seen, event.transcript.text, doubtOf(event.transcript)),
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
