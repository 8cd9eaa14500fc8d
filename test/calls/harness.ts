/** A call machine with a receptionist of three lines, driven event by event. */
import { type CallEffect, type CallEvent, type CallState, openCall, type Talk } from "../../src/calls/machine.ts";
import { stepCall } from "../../src/calls/step.ts";
import type { Effect, Input } from "../../src/receptionist/contract.ts";
import type { Transcript } from "../../src/speech/ports.ts";

/** Somebody who speaks up. */
export const clearVoice = { strongest: 1, mean: 0.9 };

type Mini = { inputs: Input[]; disclosed: boolean; ended: boolean; nextSayId: number };

/** Greets with a disclosure, answers everything heard with "You said …", ends at "bye". Keeps what it was told. */
export const miniTalk: Talk<Mini> = {
  start: () => ({ inputs: [], disclosed: false, ended: false, nextSayId: 1 }),
  step(state, input) {
    const next = { ...state, inputs: [...state.inputs, input] };
    if (state.ended) return { state: next, effects: [] };
    const effects: Effect[] = [];
    const say = (text: string, disclosure = false) => {
      effects.push({
        kind: "say",
        sayId: next.nextSayId++,
        text,
        interruptible: !disclosure,
        fixed: false,
        disclosure,
      });
      effects.push({ kind: "listen", noInputMs: 6_000 });
    };
    if (input.kind === "started") say("This call is recorded. How can I help?", true);
    if (input.kind === "said" && input.completed && !state.disclosed) {
      next.disclosed = true;
      effects.push({ kind: "disclosed" });
    }
    if (input.kind === "heard" && input.heard.text === "gas") effects.push({ kind: "emergency", emergency: "gas" });
    if (input.kind === "heard") say(`You said ${input.heard.text}`);
    if (input.kind === "heard" && input.heard.text === "bye") effects.push({ kind: "end", outcome: "nothing" });
    if (input.kind === "not-heard") say("Sorry?");
    if (input.kind === "not-spoken") {
      say("Goodbye.");
      next.ended = true;
      effects.push({ kind: "end", outcome: "failed" });
    }
    if (input.kind === "no-input") say("Are you there?");
    return { state: next, effects };
  },
  read: (state) => ({ asks: null, slots: {}, disclosed: state.disclosed, ended: state.ended }),
  notes: () => ({ task: null, answered: [], unanswered: [], misses: {}, holding: false }),
  expectsAddress: () => true,
  interrupts: (_state, { text }) => !["okay", "mm"].includes(text),
  outcome: (state, otherwise) => (state.inputs.some(({ kind }) => kind === "done") ? "booked" : otherwise),
  unattended: () => undefined,
  patience: (_state, text) => (text.endsWith("and") ? 1_200 : 300),
};

export const transcript = (text: string): Transcript => ({
  text,
  nbest: [{ text, logProbability: -1 }],
  averageLogProbability: -0.1,
  noSpeechProbability: text === "" ? 0.97 : 0.001,
  audioMs: 900,
  tookMs: 10,
});

const now = { utc: "2026-11-24T10:05:00.000Z", local: "2026-11-24T10:05" };
const samples = new Float32Array(160);

export function startedCall() {
  let state: CallState<Mini> = openCall("call-1", miniTalk, now);
  const post = (event: CallEvent): CallEffect[] => {
    const step = stepCall(state, miniTalk, event, now);
    state = step.state;
    return step.effects;
  };
  return {
    post,
    inputs: () => state.talk.inputs,
    state: () => state,
    /** Answered, greeted, disclosed: the caller may speak. */
    greeted() {
      post({ kind: "acknowledged" });
      post({ kind: "rtp-arrived" });
      return post({ kind: "play-ended", playId: 1, completed: true, heardShare: 1, heardText: "" });
    },
    /** A whole utterance whose text is ready before its end. */
    utter(utteranceId: number, text: string): CallEffect[] {
      post({ kind: "speech-started", utteranceId });
      post({ kind: "paused", utteranceId, pause: 1, samples, voice: clearVoice });
      post({ kind: "transcribed", utteranceId, pause: 1, transcript: transcript(text) });
      return post({
        kind: "utterance",
        utteranceId,
        pause: 1,
        samples: undefined,
        voice: clearVoice,
        fromMs: 1_000,
        toMs: 1_900,
      });
    },
    samples,
  };
}

export const spoken = (effects: readonly CallEffect[]): string[] =>
  effects.flatMap((effect) => (effect.kind === "speak" ? [effect.say.text] : []));
export const kinds = (effects: readonly CallEffect[]): string[] => effects.map(({ kind }) => kind);
