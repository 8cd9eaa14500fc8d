/** Words whose text is still on its way when the caller speaks on: none of them is lost, and nobody waits for ever. */
import { expect, test } from "bun:test";
import type { CallEvent } from "../../src/calls/machine.ts";
import { stepCall } from "../../src/calls/step.ts";
import { clearVoice, kinds, miniTalk, spoken, startedCall, transcript } from "./harness.ts";

function speaking() {
  const call = startedCall();
  call.greeted();
  const ended = (utteranceId: number, pause: number | undefined): CallEvent => ({
    kind: "utterance",
    utteranceId,
    pause,
    samples: pause === undefined ? call.samples : undefined,
    voice: clearVoice,
    fromMs: 1_000 * utteranceId,
    toMs: 1_000 * utteranceId + 900,
  });
  return {
    ...call,
    start: (utteranceId: number) => call.post({ kind: "speech-started", utteranceId }),
    /** In a pause of its own, as the first. */
    end(utteranceId: number) {
      call.post({ kind: "paused", utteranceId, pause: 1, samples: call.samples, voice: clearVoice });
      return call.post(ended(utteranceId, 1));
    },
    /** At its longest, in mid-speech. */
    cut: (utteranceId: number) => call.post(ended(utteranceId, undefined)),
    text: (utteranceId: number, text: string, pause = 1) =>
      call.post({ kind: "transcribed", utteranceId, pause, transcript: transcript(text) }),
    heard: () => call.inputs().flatMap((input) => (input.kind === "heard" ? [input.heard.text] : [])),
  };
}

test("'hello?' into a slow answer: the words before it are not lost", () => {
  const call = speaking();
  call.start(1);
  call.end(1);
  expect(kinds(call.start(2))).not.toContain("cancel-transcription");
  expect(call.text(1, "A viewing please.")).toEqual([]);
  call.end(2);
  call.text(2, "Hello?");
  expect(call.heard()).toEqual(["A viewing please. Hello?"]);
  expect(call.state().turn).toMatchObject({ heardFromMs: 1_000, heardToMs: 2_900 });
  expect(call.state().earlier).toEqual([]);
});

test("what the last words may have been otherwise is kept", () => {
  const call = speaking();
  call.start(1);
  call.end(1);
  call.start(2);
  call.text(1, "My number is");
  call.end(2);
  const nbest = ["fourteen", "forty"].map((text, n) => ({ text, logProbability: -1 - n }));
  call.post({ kind: "transcribed", utteranceId: 2, pause: 1, transcript: { ...transcript("fourteen"), nbest } });
  expect(call.inputs().at(-1)).toMatchObject({
    heard: {
      text: "My number is fourteen",
      nbest: [
        ["My number is fourteen", -2],
        ["My number is forty", -3],
      ],
    },
  });
});

test("the same with the texts in the other order", () => {
  const call = speaking();
  call.start(1);
  call.end(1);
  call.start(2);
  call.end(2);
  expect(kinds(call.text(2, "Hello?"))).toEqual(["timer"]);
  call.text(1, "A viewing please.");
  expect(call.heard()).toEqual(["A viewing please. Hello?"]);
});

test("a cough after it is no part of it, and a text that never comes is not waited for for ever", () => {
  const coughing = speaking();
  coughing.start(1);
  coughing.end(1);
  coughing.start(2);
  coughing.text(1, "A viewing please.");
  coughing.end(2);
  coughing.text(2, "");
  expect(coughing.heard()).toEqual(["A viewing please."]);

  const waiting = speaking();
  waiting.start(1);
  waiting.end(1);
  waiting.start(2);
  waiting.end(2);
  waiting.text(2, "Hello?");
  const late = [1, 2, 3].map(() => waiting.post({ kind: "timer", name: "late" }));
  expect(late[2]).toContainEqual({ kind: "cancel-transcription", utteranceId: 1 });
  expect(waiting.inputs().at(-1)).toMatchObject({ kind: "not-heard", failed: true });
});

test("a story of more than half a minute is one turn", () => {
  const call = speaking();
  call.start(1);
  call.cut(1);
  call.start(2);
  call.text(1, "The boiler is", -1);
  call.end(2);
  call.text(2, "broken again.");
  expect(call.heard()).toEqual(["The boiler is broken again."]);
});

test("danger in it does not wait for its end", () => {
  const call = speaking();
  call.start(1);
  call.cut(1);
  call.start(2);
  call.text(1, "I can smell gas", -1);
  expect(call.heard()).toEqual(["I can smell gas"]);
  call.end(2);
  call.text(2, "What now?");
  expect(call.heard()).toEqual(["I can smell gas", "What now?"]);
});

test("half a minute of sound without words, and more of it: the caller is spoken to", () => {
  const call = speaking();
  call.start(1);
  call.cut(1);
  call.start(2);
  expect(spoken(call.text(1, "", -1))).toEqual(["Sorry?"]);
  expect(call.inputs().at(-1)).toMatchObject({ kind: "not-heard", failed: true });
  expect(call.state().hearing?.utteranceId).toBe(2);
});

/** A noise every second for 12 s after a prompt, at which of them the caller is asked whether he is there. */
function askedAt(talk: typeof miniTalk): number[] {
  const call = speaking();
  let state = call.state();
  const seconds: number[] = [];
  for (let second = 1; second <= 12; second++) {
    const now = { utc: `2026-11-24T10:05:${String(second).padStart(2, "0")}.000Z`, local: "2026-11-24T10:05" };
    const noise: CallEvent[] = [
      { kind: "speech-started", utteranceId: second },
      { kind: "paused", utteranceId: second, pause: 1, samples: call.samples, voice: clearVoice },
      { kind: "transcribed", utteranceId: second, pause: 1, transcript: transcript("") },
      { kind: "utterance", utteranceId: second, pause: 1, samples: undefined, voice: clearVoice, fromMs: 0, toMs: 0 },
    ];
    for (const event of noise) {
      const step = stepCall(state, talk, event, now);
      state = step.state;
      if (spoken(step.effects).includes("Are you there?")) seconds.push(second);
    }
  }
  return seconds;
}

test("noise upon noise does not put off for ever that the caller is asked", () => {
  expect(askedAt(miniTalk)).toEqual([6]);
});

test("a message for the recording may be as faint as it likes", () => {
  expect(askedAt({ ...miniTalk, read: (state) => ({ ...miniTalk.read(state), asks: "voice-message" }) })).toEqual([]);
});

test("words too faint to be anybody's are no turn; after the third of them the receptionist is told", () => {
  const call = speaking();
  const faint = { strongest: 0.7, mean: 0.5 };
  for (let utteranceId = 1; utteranceId <= 3; utteranceId++) {
    call.start(utteranceId);
    call.post({ kind: "paused", utteranceId, pause: 1, samples: call.samples, voice: faint });
    call.post({
      kind: "transcribed",
      utteranceId,
      pause: 1,
      transcript: { ...transcript("a viewing"), unsure: true },
    });
    call.post({ kind: "utterance", utteranceId, pause: 1, samples: undefined, voice: faint, fromMs: 0, toMs: 9 });
    call.post({ kind: "timer", name: "no-input" });
    const [playId] = call.state().saying.map((say) => say.playId);
    expect(playId).toBeDefined();
    call.post({ kind: "play-ended", playId: playId ?? 0, completed: true, heardShare: 1, heardText: "" });
  }
  expect(call.heard()).toEqual([]);
  const told = call.inputs().flatMap((input) => (input.kind === "no-input" ? [input.faint === true] : []));
  expect(told).toEqual([false, false, true]);
});
