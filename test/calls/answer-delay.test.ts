import { expect, test } from "bun:test";
import { measureAnswers } from "../../src/calls/answer-delay.ts";
import type { FromMedia } from "../../src/media/messages.ts";
import { clearVoice } from "./harness.ts";

function measured() {
  const delaysMs: number[] = [];
  let nowMs = 0;
  const one = measureAnswers(
    () => nowMs,
    (delayMs) => delaysMs.push(delayMs),
  );
  const at = (ms: number, event: FromMedia) => {
    nowMs = ms;
    one.media(event);
  };
  return { delaysMs, at, figures: one.figures };
}

const callId = "call";
const utteranceId = 1;
const started: FromMedia = { kind: "speech-started", callId, utteranceId, atMs: 0 };
const over: FromMedia = {
  kind: "utterance",
  callId,
  utteranceId,
  pause: 1,
  samples: undefined,
  startedAtMs: 0,
  speechEndedAtMs: 0,
  voice: clearVoice,
  reason: "silence",
};
const sounds: FromMedia = { kind: "play-started", callId, playId: 1, atMs: 0 };

test("a wait ends with the first sound, and not with the second", () => {
  const { delaysMs, at } = measured();
  at(0, sounds); // the greeting answers nobody
  at(1_000, over);
  at(1_140, sounds);
  at(3_000, sounds);
  expect(delaysMs).toEqual([140]);
});

test("who speaks on does not wait", () => {
  const { delaysMs, at } = measured();
  at(1_000, over);
  at(1_100, started);
  at(9_000, sounds);
  expect(delaysMs).toEqual([]);
});

test("a call's own percentiles, by nearest rank; none before the first answer", () => {
  const { at, figures } = measured();
  expect(figures()).toBeUndefined();
  for (let turn = 1; turn <= 20; turn++) {
    at(turn * 10_000, over);
    at(turn * 10_000 + turn * 50, sounds);
  }
  expect(figures()).toEqual({ answers: 20, answerP50Ms: 500, answerP95Ms: 950 });
});
