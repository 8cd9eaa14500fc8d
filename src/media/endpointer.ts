/**
 * From speech probabilities to turns: where the caller begins to speak, pauses, goes on, and is done. Pure; it counts
 * samples of 16 kHz in steps of 512 (32 ms), so every time here is a multiple of that.
 */
import { type DeepestPause, deeperPause, noPause } from "./deepest-pause.ts";
import { noVoice, type Voice, type VoiceLikeness, voiceOf, withStep } from "./voice-likeness.ts";

export const stepSamples = 512;
const samplesPerMs = 16;

export type EndpointerSettings = {
  /** A step is speech at `onset`; within speech it remains so down to `hold`. */
  onsetProbability: number;
  holdProbability: number;
  /** So much unbroken speech is an onset, less is a click; where all of it is strong, the shorter time does. */
  onsetMs: number;
  strongProbability: number;
  strongOnsetMs: number;
  /** So much ends a pause; less is a breath or a click within it. */
  resumeMs: number;
  /** Sound kept from before the onset, so that no first consonant is lost. */
  preRollMs: number;
  speculateAfterMs: number;
  defaultSilenceMs: number;
  maxUtteranceMs: number;
};

/** What experience suggests; the times that a call's owner decides are given to it. */
export function endpointerSettings(
  given: Pick<EndpointerSettings, "speculateAfterMs" | "defaultSilenceMs" | "maxUtteranceMs">,
): EndpointerSettings {
  return {
    onsetProbability: 0.5,
    holdProbability: 0.35,
    onsetMs: 96,
    strongProbability: 0.7,
    strongOnsetMs: 64,
    resumeMs: 64,
    preRollMs: 224,
    ...given,
  };
}

export type EndpointerInput =
  | { kind: "step"; probability: number }
  /** `pause`: only if it is the latest; without it, for the pause in progress, or in mid-speech for those to come. */
  | { kind: "wait"; utteranceId: number; silenceMs: number; pause: number | undefined };

/** Positions are samples since the call's first. `from`…`to` is the utterance's sound, pre-roll included. */
export type EndpointerEffect =
  | { kind: "started"; utteranceId: number; speechFrom: number }
  | { kind: "paused"; utteranceId: number; pause: number; from: number; to: number; voice: Voice }
  | { kind: "resumed"; utteranceId: number }
  | {
      kind: "utterance";
      utteranceId: number;
      /** The latest pause, if nothing was said since; its sound is the whole. */
      pause: number | undefined;
      from: number;
      to: number;
      speechFrom: number;
      speechTo: number;
      voice: Voice;
      reason: "silence" | "too-long";
    };

/** Unbroken speech up to now: not yet an onset, or within a pause. */
type Spell = { from: number; steps: number; weakest: number; voice: VoiceLikeness };

type Utterance = {
  utteranceId: number;
  from: number;
  speechFrom: number;
  /** End of the last speech; the silence since then is what is waited for. */
  speechTo: number;
  pauses: number;
  isPaused: boolean;
  /** In force, and what it returns to when speech goes on: the text that it was meant for is void then. */
  silenceMs: number;
  usualSilenceMs: number;
  spell: Spell | undefined;
  deepest: DeepestPause;
  voice: VoiceLikeness;
};

export type EndpointerState = {
  settings: EndpointerSettings;
  /** Samples seen. */
  position: number;
  nextUtteranceId: number;
  /** Before this, sound belongs to an utterance that is over. */
  floor: number;
  spell: Spell | undefined;
  utterance: Utterance | undefined;
};

type Stepped = { state: EndpointerState; effects: EndpointerEffect[] };

export function startEndpointer(settings: EndpointerSettings): EndpointerState {
  return { settings, position: 0, nextUtteranceId: 1, floor: 0, spell: undefined, utterance: undefined };
}

export function stepEndpointer(state: EndpointerState, input: EndpointerInput): Stepped {
  if (input.kind === "wait") return applyWait(state, input);
  const before = { ...state, position: state.position + stepSamples };
  const { utterance } = before;
  return utterance === undefined ? listen(before, input.probability) : follow(before, utterance, input.probability);
}

function listen(state: EndpointerState, probability: number): Stepped {
  const { settings } = state;
  if (probability < settings.onsetProbability) return { state: { ...state, spell: undefined }, effects: [] };
  const spell = lengthen(state.spell, state.position, probability);
  const isStrong = spell.weakest >= settings.strongProbability;
  const neededMs = isStrong ? settings.strongOnsetMs : settings.onsetMs;
  if (spell.steps * stepSamples < neededMs * samplesPerMs) return { state: { ...state, spell }, effects: [] };
  const from = Math.max(state.floor, spell.from - settings.preRollMs * samplesPerMs);
  return begin(state, spell.from, from, spell.voice);
}

function begin(state: EndpointerState, speechFrom: number, from: number, voice: VoiceLikeness): Stepped {
  const utteranceId = state.nextUtteranceId;
  const usualSilenceMs = state.settings.defaultSilenceMs;
  const utterance: Utterance = {
    utteranceId,
    from,
    speechFrom,
    speechTo: state.position,
    pauses: 0,
    isPaused: false,
    silenceMs: usualSilenceMs,
    usualSilenceMs,
    spell: undefined,
    deepest: noPause,
    voice,
  };
  return {
    state: { ...state, nextUtteranceId: utteranceId + 1, spell: undefined, utterance },
    effects: [{ kind: "started", utteranceId, speechFrom }],
  };
}

function follow(state: EndpointerState, before: Utterance, probability: number): Stepped {
  const { settings, position } = state;
  const utterance = {
    ...before,
    deepest: deeperPause(before.deepest, probability, position, earliestCut(state, before)),
  };
  const isSpeech = probability >= (utterance.isPaused ? settings.onsetProbability : settings.holdProbability);
  utterance.voice = withStep(before.voice, probability, isSpeech);
  const followed = isSpeech ? hearSpeech(state, utterance, probability) : hearSilence(state, utterance);
  const still = followed.state.utterance;
  if (still === undefined || position - still.from < settings.maxUtteranceMs * samplesPerMs) return followed;
  const cut = cutShort(followed.state, still);
  return { state: cut.state, effects: [...followed.effects, ...cut.effects] };
}

function hearSpeech(state: EndpointerState, utterance: Utterance, probability: number): Stepped {
  const { position, settings } = state;
  if (!utterance.isPaused) return { state: { ...state, utterance: { ...utterance, speechTo: position } }, effects: [] };
  const spell = lengthen(utterance.spell, position, probability);
  if (spell.steps * stepSamples < settings.resumeMs * samplesPerMs) {
    return { state: { ...state, utterance: { ...utterance, spell } }, effects: [] };
  }
  const resumed: Utterance = {
    ...utterance,
    spell: undefined,
    isPaused: false,
    speechTo: position,
    silenceMs: utterance.usualSilenceMs,
  };
  return {
    state: { ...state, utterance: resumed },
    effects: [{ kind: "resumed", utteranceId: utterance.utteranceId }],
  };
}

function hearSilence(state: EndpointerState, before: Utterance): Stepped {
  const { position, settings } = state;
  let utterance: Utterance = { ...before, spell: undefined };
  const effects: EndpointerEffect[] = [];
  if (!utterance.isPaused && position - utterance.speechTo >= settings.speculateAfterMs * samplesPerMs) {
    utterance = { ...utterance, isPaused: true, pauses: utterance.pauses + 1 };
    const { utteranceId, pauses, from } = utterance;
    effects.push({ kind: "paused", utteranceId, pause: pauses, from, to: position, voice: voiceOf(utterance.voice) });
  }
  const waited = endIfSilent({ ...state, utterance }, utterance);
  return { state: waited.state, effects: [...effects, ...waited.effects] };
}

/** The utterance is over once the pause has lasted as long as is asked; never in the middle of a sound. */
function endIfSilent(state: EndpointerState, utterance: Utterance): Stepped {
  const isOver =
    utterance.isPaused &&
    utterance.spell === undefined &&
    state.position - utterance.speechTo >= utterance.silenceMs * samplesPerMs;
  return isOver ? end(state, utterance, "silence") : { state, effects: [] };
}

function end(state: EndpointerState, utterance: Utterance, reason: "silence" | "too-long"): Stepped {
  const { utteranceId, pauses, from, speechFrom, speechTo } = utterance;
  const voice = voiceOf(utterance.voice);
  return {
    state: { ...state, utterance: undefined, spell: undefined, floor: speechTo },
    effects: [
      { kind: "utterance", utteranceId, pause: pauses, from, to: state.position, speechFrom, speechTo, voice, reason },
    ],
  };
}

/** At the longest length: in a pause that is its end; in speech it is cut where it was quietest, the rest is the next. */
function cutShort(state: EndpointerState, utterance: Utterance): Stepped {
  if (utterance.isPaused) return end(state, utterance, "too-long");
  const { utteranceId, from, speechFrom } = utterance;
  const cut = utterance.deepest.at ?? state.position;
  const effects: EndpointerEffect[] = [
    {
      kind: "utterance",
      utteranceId,
      pause: undefined,
      from,
      to: cut,
      speechFrom,
      speechTo: Math.min(cut, utterance.speechTo),
      voice: voiceOf(utterance.voice),
      reason: "too-long",
    },
  ];
  const next = begin({ ...state, floor: cut }, cut, cut, utterance.voice);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** Not in the first half: what is left over must be short enough to take in what comes. */
function earliestCut(state: EndpointerState, utterance: Utterance): number {
  return utterance.from + (state.settings.maxUtteranceMs * samplesPerMs) / 2;
}

function applyWait(state: EndpointerState, wait: Extract<EndpointerInput, { kind: "wait" }>): Stepped {
  const { utterance } = state;
  if (utterance?.utteranceId !== wait.utteranceId) return { state, effects: [] };
  if (wait.pause !== undefined && !(utterance.isPaused && wait.pause === utterance.pauses))
    return { state, effects: [] };
  const silenceMs = wait.silenceMs;
  const patient: Utterance = utterance.isPaused
    ? { ...utterance, silenceMs }
    : { ...utterance, silenceMs, usualSilenceMs: silenceMs };
  return endIfSilent({ ...state, utterance: patient }, patient);
}

function lengthen(spell: Spell | undefined, position: number, probability: number): Spell {
  const { from, steps, weakest, voice } = spell ?? {
    from: position - stepSamples,
    steps: 0,
    weakest: 1,
    voice: noVoice,
  };
  return {
    from,
    steps: steps + 1,
    weakest: Math.min(weakest, probability),
    voice: withStep(voice, probability, true),
  };
}
