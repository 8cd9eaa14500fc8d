/** The call machine while a telephone is rung for the caller, and while he is another's. */
import { expect, test } from "bun:test";
import { type CallEvent, type CallState, openCall, type Talk } from "../../src/calls/machine.ts";
import { stepCall } from "../../src/calls/step.ts";
import { longestJoinedMs } from "../../src/calls/transferring.ts";
import type { Effect, Input } from "../../src/receptionist/contract.ts";
import { clearVoice, kinds, spoken, transcript } from "./harness.ts";

const beth = { name: "Beth", extension: "201", roles: [] };
const now = { utc: "2026-11-24T10:05:00.000Z", local: "2026-11-24T10:05" };

/** Puts through whoever says "beth", stops at "stop", and says what it is told. */
const talk: Talk<{ inputs: Input[]; nextSayId: number }> = {
  start: () => ({ inputs: [], nextSayId: 1 }),
  step(state, input) {
    const next = { ...state, inputs: [...state.inputs, input] };
    const effects: Effect[] = [];
    const say = (text: string) =>
      effects.push({ kind: "say", sayId: next.nextSayId++, text, interruptible: true, fixed: true, disclosure: false });
    const words = input.kind === "heard" ? input.heard.text : input.kind === "keys" ? input.digits : "";
    if (input.kind === "started") {
      say("Hello");
      effects.push({ kind: "listen", noInputMs: 6_000 });
    }
    if (words === "beth") {
      say("I'll try Beth");
      effects.push({ kind: "transfer", to: beth, about: "a caller" });
    }
    if (words === "stop" || words === "*") {
      effects.push({ kind: "cancel-transfer" });
      say("Stopped");
    }
    if (input.kind === "transfer-failed") {
      say(`No luck: ${input.reason}`);
      effects.push({ kind: "listen", noInputMs: 6_000 });
    }
    return { state: next, effects };
  },
  read: () => ({ asks: null, slots: {}, disclosed: true, ended: false }),
  notes: () => ({ task: null, answered: [], unanswered: [], misses: {}, holding: false }),
  expectsAddress: () => false,
  interrupts: () => true,
  outcome: (state, otherwise) => (state.inputs.at(-1)?.kind === "transferred" ? "transferred" : otherwise),
  unattended: () => undefined,
  patience: () => 300,
};

function tryingBeth() {
  let state: CallState<ReturnType<typeof talk.start>> = openCall("call-1", talk, now);
  const post = (event: CallEvent) => {
    const step = stepCall(state, talk, event, now);
    state = step.state;
    return step.effects;
  };
  const utter = (utteranceId: number, text: string) => {
    post({ kind: "speech-started", utteranceId });
    post({ kind: "paused", utteranceId, pause: 1, samples: new Float32Array(1), voice: clearVoice });
    post({ kind: "transcribed", utteranceId, pause: 1, transcript: transcript(text) });
    return post({
      kind: "utterance",
      utteranceId,
      pause: 1,
      samples: undefined,
      voice: clearVoice,
      fromMs: 0,
      toMs: 1,
    });
  };
  const played = (playId: number) =>
    post({ kind: "play-ended", playId, completed: true, heardShare: 1, heardText: "" });
  post({ kind: "acknowledged" });
  post({ kind: "rtp-arrived" });
  played(1);
  const asked = utter(1, "beth");
  return { post, utter, played, asked, state: () => state };
}

test("a transfer is begun once it has been announced; then silence is waiting, not silence", () => {
  const call = tryingBeth();
  expect(spoken(call.asked)).toEqual(["I'll try Beth"]);
  expect(call.asked).toContainEqual({ kind: "transfer", to: beth, about: "a caller" });
  expect(kinds(call.played(2))).not.toContain("timer");
  const back = call.post({ kind: "transfer-failed", reason: "busy" });
  expect(spoken(back)).toEqual(["No luck: busy"]);
  expect(call.played(3)).toContainEqual({ kind: "timer", name: "no-input", afterMs: 6_000 });
});

test("star is heard at once, not after the pause that ends a number", () => {
  const call = tryingBeth();
  call.played(2);
  const effects = call.post({ kind: "digit", digit: "*" });
  expect(kinds(effects)).toContain("cancel-transfer");
  expect(spoken(effects)).toEqual(["Stopped"]);
  expect(spoken(call.post({ kind: "transfer-failed", reason: "withdrawn" }))).toEqual([]);
});

test("handed over and forgotten, as by a PBX that died while both were on hold: hung up in the end", () => {
  const call = tryingBeth();
  expect(call.post({ kind: "handed-over" })).toContainEqual({
    kind: "timer",
    name: "longest",
    afterMs: longestJoinedMs,
  });
  expect(call.post({ kind: "timer", name: "no-input" })).toEqual([]);
  expect(call.post({ kind: "timer", name: "longest" })).toEqual([{ kind: "hang-up" }]);
});

test("handed over: nothing is said, heard or kept any more, and the call may last", () => {
  const call = tryingBeth();
  call.post({ kind: "speech-started", utteranceId: 2 });
  const effects = call.post({ kind: "handed-over" });
  expect(effects).toContainEqual({ kind: "keep-sound", on: false });
  expect(effects).toContainEqual({ kind: "cancel-speech", playId: 2 });
  expect(effects).toContainEqual({ kind: "cancel-transcription", utteranceId: 2 });
  expect(effects).toContainEqual({ kind: "timer", name: "longest", afterMs: longestJoinedMs });
  expect(call.state().phase).toBe("handed-over");
  expect(call.utter(3, "beth")).toEqual([]);
  expect(call.post({ kind: "digit", digit: "1" })).toEqual([]);
  expect(call.post({ kind: "timer", name: "closing" })).toEqual([]);
  expect(call.post({ kind: "gone", by: "caller" })).toContainEqual({
    kind: "finish",
    outcome: "transferred",
    endedBy: "caller",
  });
});

test("given back after that, it is kept again, and spoken to", () => {
  const call = tryingBeth();
  call.post({ kind: "handed-over" });
  const back = call.post({ kind: "transfer-failed", reason: "failed" });
  expect(kinds(back)).toEqual(expect.arrayContaining(["keep-sound", "timer", "speak"]));
  expect(back).toContainEqual({ kind: "keep-sound", on: true });
  expect(spoken(back)).toEqual(["No luck: failed"]);
  expect(call.state()).toMatchObject({ phase: "talking", transferring: false });
});

test("a hand-over that comes when the transfer has been called off, or the call is ending, is none", () => {
  const call = tryingBeth();
  call.utter(2, "stop");
  expect(call.post({ kind: "handed-over" })).toEqual([]);
  expect(call.state().phase).toBe("talking");
});
