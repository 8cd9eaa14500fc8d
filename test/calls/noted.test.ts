/** What a turn's record keeps of the conversation: the real receptionist in the call machine. */
import { expect, test } from "bun:test";
import { type CallEffect, type CallEvent, type CallState, openCall } from "../../src/calls/machine.ts";
import type { StoredTurn } from "../../src/calls/ports.ts";
import { stepCall } from "../../src/calls/step.ts";
import { receptionFlow } from "../../src/receptionist/flows/reception.ts";
import type { State } from "../../src/receptionist/state.ts";
import { createTalk } from "../../src/receptionist/talk.ts";
import { memoryView } from "../receptionist/memory-view.ts";
import { clearVoice, transcript } from "./harness.ts";

const now = { utc: "2026-11-24T10:05:00.000Z", local: "2026-11-24T10:05" };

/** Speaks those lines, each heard in full and answered in full. @returns the last version of every stored turn. */
function converse(...lines: string[]): StoredTurn[] {
  const talk = createTalk(receptionFlow, memoryView());
  let state: CallState<State> = openCall("call-1", talk, now);
  const turns = new Map<number, StoredTurn>();
  const post = (event: CallEvent): void => {
    const step = stepCall(state, talk, event, now);
    state = step.state;
    for (const effect of step.effects) carryOut(effect);
  };
  const carryOut = (effect: CallEffect): void => {
    if (effect.kind === "store-turn") turns.set(effect.turn.n, effect.turn);
  };
  const hearOut = () => {
    for (let say = state.saying[0]; say; say = state.saying[0]) {
      post({ kind: "play-ended", playId: say.playId, completed: true, heardShare: 1, heardText: say.text });
    }
  };
  post({ kind: "acknowledged" });
  post({ kind: "rtp-arrived" });
  hearOut();
  for (const [index, line] of lines.entries()) {
    const utteranceId = index + 1;
    const samples = new Float32Array(160);
    post({ kind: "speech-started", utteranceId });
    post({ kind: "paused", utteranceId, pause: 1, samples, voice: clearVoice });
    post({ kind: "transcribed", utteranceId, pause: 1, transcript: transcript(line) });
    post({ kind: "utterance", utteranceId, pause: 1, samples: undefined, voice: clearVoice, fromMs: 0, toMs: 900 });
    hearOut();
  }
  return [...turns.values()].sort((a, b) => a.n - b.n);
}

test("what was understood, what was not, and that something was misheard, turn by turn", () => {
  const property = memoryView()
    .properties()
    .find(({ status }) => status === "available");
  const [, viewing, mumbled, day] = converse(
    `I'd like to view ${property?.address}`,
    "flurb wumble grint",
    "on Thursday please",
  );
  expect(viewing?.noted).toMatchObject({ task: "viewing", slots: { property: property?.id }, misses: 0 });
  expect(mumbled?.noted).toMatchObject({ task: "viewing", misses: 1 });
  expect(day?.noted).toMatchObject({
    slots: { property: property?.id, date: "2026-11-26" },
    misses: 0,
    holding: false,
  });
});

test("a caller who asks us to wait, and topics that could not be answered", () => {
  const property = memoryView()
    .properties()
    .find(({ status }) => status === "available");
  const turns = converse(`what is the ground rent of ${property?.address}?`, "bear with me");
  expect(turns[1]?.noted?.unanswered).toEqual(["ground-rent"]);
  expect(turns.at(-1)?.noted?.holding).toBe(true);
});
