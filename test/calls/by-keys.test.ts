/** Keys in a call: one is enough for a menu, # ends a message, and some words are stopped by keys only. */
import { expect, test } from "bun:test";
import { type CallEffect, type CallEvent, type CallState, openCall, type Talk } from "../../src/calls/machine.ts";
import { stepCall } from "../../src/calls/step.ts";
import type { Asks, Effect, Input } from "../../src/receptionist/contract.ts";
import { clearVoice, kinds, spoken } from "./harness.ts";

type Told = { inputs: Input[] };

const now = { utc: "2026-11-24T10:05:00.000Z", local: "2026-11-24T10:05" };

/** Asks what it is told to ask, and says one thing that only a key stops. */
function asking(asks: Asks, caller?: string) {
  const talk: Talk<Told> = {
    start: () => ({ inputs: [] }),
    step(state, input) {
      const say: Effect = {
        kind: "say",
        sayId: 1,
        text: "Press 1.",
        interruptible: false,
        byKey: true,
        fixed: true,
        disclosure: false,
      };
      return { state: { inputs: [...state.inputs, input] }, effects: input.kind === "started" ? [say] : [] };
    },
    read: () => ({ asks, slots: {}, disclosed: true, ended: false }),
    notes: () => ({ task: null, answered: [], unanswered: [], misses: {}, holding: false }),
    expectsAddress: () => false,
    interrupts: () => true,
    outcome: (_, otherwise) => otherwise,
    unattended: () => undefined,
    patience: () => 300,
  };
  let state: CallState<Told> = openCall("call-1", talk, now, caller);
  const post = (event: CallEvent): CallEffect[] => {
    const step = stepCall(state, talk, event, now);
    state = step.state;
    return step.effects;
  };
  post({ kind: "acknowledged" });
  const first = post({ kind: "rtp-arrived" });
  return { post, first, inputs: () => state.talk.inputs, state: () => state };
}

test("A menu takes one key, at once; a number waits for # or a pause", () => {
  const menu = asking("keys");
  menu.post({ kind: "digit", digit: "1" });
  expect(menu.inputs().at(-1)).toMatchObject({ kind: "keys", digits: "1" });

  const number = asking("phone");
  number.post({ kind: "digit", digit: "0" });
  number.post({ kind: "digit", digit: "7" });
  expect(number.inputs()).toHaveLength(1);
  number.post({ kind: "digit", digit: "#" });
  expect(number.inputs().at(-1)).toMatchObject({ kind: "keys", digits: "07" });
});

test("# alone ends a spoken message, and is nothing elsewhere", () => {
  const message = asking("voice-message");
  message.post({ kind: "digit", digit: "#" });
  expect(message.inputs().at(-1)).toMatchObject({ kind: "keys", digits: "#" });

  const number = asking("phone");
  number.post({ kind: "digit", digit: "#" });
  expect(number.inputs()).toHaveLength(1);
});

test("Words that only a key stops: the voice does not, a key does", () => {
  const { post, first, state } = asking("keys");
  expect(spoken(first)).toEqual(["Press 1."]);
  expect(kinds(post({ kind: "speech-started", utteranceId: 1 }))).not.toContain("cancel-speech");
  expect(state().saying).toHaveLength(1);
  expect(kinds(post({ kind: "digit", digit: "1" }))).toEqual(expect.arrayContaining(["hush", "cancel-speech"]));
  expect(state().saying).toEqual([]);
});

test("The number that rings and the state of our hearing come to the receptionist", () => {
  const { post, inputs } = asking("keys", "+447700900123");
  expect(inputs()[0]).toMatchObject({ kind: "started", caller: "+447700900123" });
  post({ kind: "hearing", works: false });
  expect(inputs().at(-1)).toMatchObject({ kind: "hearing", works: false });
});

test("What failed at an utterance is told from words that could not be made out", () => {
  const { post, inputs } = asking("keys");
  post({ kind: "speech-started", utteranceId: 1 });
  post({
    kind: "utterance",
    utteranceId: 1,
    pause: 1,
    samples: new Float32Array(160),
    voice: clearVoice,
    fromMs: null,
    toMs: null,
  });
  post({ kind: "transcription-failed", utteranceId: 1, pause: 1 });
  expect(inputs().at(-1)).toMatchObject({ kind: "not-heard", failed: true });
});
