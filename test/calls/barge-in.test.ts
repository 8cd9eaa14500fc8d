import { describe, expect, test } from "bun:test";
import { clearVoice, kinds, spoken, startedCall, transcript } from "./harness.ts";

describe("barge-in", () => {
  /** The answer to "hello" is being said when the caller begins to speak again. */
  function interrupted(heardText = "You said") {
    const call = startedCall();
    call.greeted();
    call.utter(1, "hello");
    call.post({ kind: "play-held", playId: 2, playedMs: 1_200, heardShare: 0.6, heardText });
    call.post({ kind: "speech-started", utteranceId: 2 });
    call.post({ kind: "paused", utteranceId: 2, pause: 1, samples: call.samples, voice: clearVoice });
    return {
      ...call,
      transcribed: (text: string, pause = 1) =>
        call.post({ kind: "transcribed", utteranceId: 2, pause, transcript: transcript(text) }),
      over: (pause = 1) =>
        call.post({
          kind: "utterance",
          utteranceId: 2,
          pause,
          samples: undefined,
          voice: clearVoice,
          fromMs: 0,
          toMs: 9,
        }),
    };
  }

  test("words end the prompt, and the receptionist learns what was heard of it", () => {
    const call = interrupted();
    expect(kinds(call.transcribed("no wait"))).not.toContain("release");
    const answer = call.over();
    expect(spoken(answer)).toEqual(["You said no wait"]);
    expect(call.inputs().slice(-2)).toMatchObject([
      { kind: "said", sayId: 2, completed: false, heardShare: 0.6, heardText: "You said" },
      { kind: "heard" },
    ]);
    const order = kinds(answer);
    expect(answer).toContainEqual({ kind: "cancel-speech", playId: 2 });
    expect(order.indexOf("cancel-speech")).toBeLessThan(order.indexOf("release"));
    expect(order.indexOf("release")).toBeLessThan(order.indexOf("speak"));
    // The Worker's answer to that is of a prompt that is over.
    const late = call.post({ kind: "play-ended", playId: 2, completed: false, heardShare: 0.6, heardText: "You said" });
    expect(late).toEqual([]);
  });

  test.each(["", "okay"])("a noise or a sign of listening (%p) is no turn: the prompt goes on at once", (text) => {
    const call = interrupted();
    const before = call.inputs().length;
    expect(call.transcribed(text)).toContainEqual({ kind: "release", utteranceId: 2, pause: 1 });
    const effects = call.over();
    expect(kinds(effects)).not.toContain("speak");
    expect(kinds(effects)).not.toContain("cancel-speech");
    expect(call.inputs().length).toBe(before);
    expect(call.state().saying.map(({ playId }) => playId)).toEqual([2]);
    call.post({ kind: "play-ended", playId: 2, completed: true, heardShare: 1, heardText: "You said hello" });
    expect(call.inputs().at(-1)).toMatchObject({ kind: "said", sayId: 2, completed: true });
  });

  test("a sign of listening that goes on as a sentence is a turn after all", () => {
    const call = interrupted();
    call.transcribed("okay");
    expect(call.post({ kind: "resumed", utteranceId: 2 })).toEqual([{ kind: "cancel-transcription", utteranceId: 2 }]);
    call.post({ kind: "paused", utteranceId: 2, pause: 2, samples: call.samples, voice: clearVoice });
    call.transcribed("okay but Saturday is better", 2);
    expect(spoken(call.over(2))).toEqual(["You said okay but Saturday is better"]);
  });

  test("a prompt that was released and played out during the wait does not make a turn of the cough", () => {
    const call = interrupted();
    call.transcribed("okay");
    call.post({ kind: "play-ended", playId: 2, completed: true, heardShare: 1, heardText: "You said hello" });
    const effects = call.over();
    expect(spoken(effects)).toEqual([]);
    expect(effects).toContainEqual({ kind: "timer", name: "no-input", afterMs: 6_000 });
  });

  test("a sign of listening that is understood only when the prompt has played out is no turn either", () => {
    const call = interrupted();
    call.over();
    call.post({ kind: "play-ended", playId: 2, completed: true, heardShare: 1, heardText: "You said hello" });
    expect(spoken(call.transcribed("okay"))).toEqual([]);
    expect(call.state().hearing).toBeUndefined();
  });

  test("words that come as late are one", () => {
    const call = interrupted();
    call.over();
    call.post({ kind: "play-ended", playId: 2, completed: true, heardShare: 1, heardText: "You said hello" });
    expect(spoken(call.transcribed("no wait"))).toEqual(["You said no wait"]);
  });

  test("one that goes on when the prompt has played out is an answer", () => {
    const call = interrupted();
    call.transcribed("mm");
    call.post({ kind: "play-ended", playId: 2, completed: true, heardShare: 1, heardText: "You said hello" });
    call.post({ kind: "resumed", utteranceId: 2 });
    call.post({ kind: "paused", utteranceId: 2, pause: 2, samples: call.samples, voice: clearVoice });
    call.transcribed("mm", 2);
    expect(spoken(call.over(2))).toEqual(["You said mm"]);
  });

  test("the same words with nothing to interrupt are an answer", () => {
    const call = startedCall();
    call.greeted();
    expect(spoken(call.utter(1, "okay"))).toEqual(["You said okay"]);
  });

  test("what is said before our answer can be heard is judged like what is said into it", () => {
    const call = startedCall();
    call.greeted();
    call.utter(1, "hello");
    expect(spoken(call.utter(2, "hello mm"))).toEqual([]);
    expect(call.inputs().at(-1)).toMatchObject({ kind: "heard", heard: { text: "hello" } });
    // What is none is not taken back for it; what is one is heard in one piece with the words before (taken-back.ts).
    expect(spoken(call.utter(3, "hello and goodbye"))).toEqual(["You said hello and goodbye"]);
  });

  test.each([
    ["speech of which no word was understood is answered", 0.001, 3_000, ["Sorry?"]],
    ["noise is not", 0.6, 3_000, []],
    ["a breath is not", 0.001, 500, []],
  ] as const)("%s", (_, noSpeechProbability, audioMs, answer) => {
    const call = startedCall();
    call.greeted();
    call.post({ kind: "speech-started", utteranceId: 1 });
    call.post({ kind: "paused", utteranceId: 1, pause: 1, samples: call.samples, voice: clearVoice });
    const heard = { ...transcript(""), noSpeechProbability, audioMs };
    call.post({ kind: "transcribed", utteranceId: 1, pause: 1, transcript: heard });
    const effects = call.post({
      kind: "utterance",
      utteranceId: 1,
      pause: 1,
      samples: undefined,
      voice: clearVoice,
      fromMs: 0,
      toMs: audioMs,
    });
    expect(spoken(effects)).toEqual([...answer]);
  });

  test("what is said into the disclosure belongs to its turn, and nothing of it is kept", () => {
    const call = startedCall();
    call.post({ kind: "acknowledged" });
    call.post({ kind: "rtp-arrived" });
    call.utter(1, "hello");
    const effects = call.post({ kind: "play-ended", playId: 1, completed: true, heardShare: 1, heardText: "" });
    expect(call.state().turn).toMatchObject({ n: 0, heard: "" });
    expect(call.state().turn.said).toStartWith("This call is recorded.");
    expect(kinds(effects)).toContain("disclosed");
  });

  test("a key does not cut the disclosure", () => {
    const call = startedCall();
    call.post({ kind: "acknowledged" });
    call.post({ kind: "rtp-arrived" });
    expect(kinds(call.post({ kind: "digit", digit: "0" }))).not.toContain("hush");
  });

  test("a key stops the prompt and the number is complete at #", () => {
    const call = startedCall();
    call.greeted();
    call.utter(1, "hello");
    expect(kinds(call.post({ kind: "digit", digit: "0" }))).toContain("hush");
    call.post({ kind: "digit", digit: "7" });
    call.post({ kind: "digit", digit: "#" });
    expect(call.inputs().at(-1)).toMatchObject({ kind: "keys", digits: "07" });
  });

  test("who leans on the keypad fills nothing up", () => {
    const call = startedCall();
    call.greeted();
    call.utter(1, "hello");
    for (let n = 0; n < 1000; n++) call.post({ kind: "digit", digit: "7" });
    call.post({ kind: "digit", digit: "#" });
    expect(call.inputs().at(-1)).toMatchObject({ kind: "keys", digits: "7".repeat(32) });
  });
});
