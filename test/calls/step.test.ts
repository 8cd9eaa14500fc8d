import { describe, expect, test } from "bun:test";
import { type CallState, openCall } from "../../src/calls/machine.ts";
import { stepCall } from "../../src/calls/step.ts";
import { clearVoice, kinds, miniTalk, spoken, startedCall, transcript } from "./harness.ts";

describe("greeting", () => {
  test("waits for both the ACK and the first RTP", () => {
    const call = startedCall();
    expect(spoken(call.post({ kind: "acknowledged" }))).toEqual([]);
    expect(spoken(call.post({ kind: "rtp-arrived" }))).toEqual(["This call is recorded. How can I help?"]);
  });

  test("comes 300 ms after the ACK if no RTP does, and only once", () => {
    const call = startedCall();
    expect(call.post({ kind: "acknowledged" })).toContainEqual({ kind: "timer", name: "greet", afterMs: 300 });
    expect(spoken(call.post({ kind: "timer", name: "greet" }))).toHaveLength(1);
    expect(spoken(call.post({ kind: "rtp-arrived" }))).toEqual([]);
  });

  test("keeping begins when the disclosure has played out, not before", () => {
    const call = startedCall();
    call.post({ kind: "acknowledged" });
    const greeting = call.post({ kind: "rtp-arrived" });
    expect(kinds(greeting)).not.toContain("store-turn");
    expect(kinds(greeting)).not.toContain("disclosed");
    const done = call.post({ kind: "play-ended", playId: 1, completed: true, heardShare: 1, heardText: "" });
    expect(kinds(done)).toContain("disclosed");
    expect(kinds(done)).toContain("store-turn");
  });

  test("words spoken into the disclosure do not stop it, are not stored and not shown", () => {
    const call = startedCall();
    call.post({ kind: "acknowledged" });
    call.post({ kind: "rtp-arrived" });
    const started = call.post({ kind: "speech-started", utteranceId: 1 });
    expect(kinds(started)).not.toContain("cancel-speech");
    call.post({ kind: "paused", utteranceId: 1, pause: 1, samples: call.samples, voice: clearVoice });
    const caption = call.post({
      kind: "transcribed",
      utteranceId: 1,
      pause: 1,
      transcript: transcript("secret words"),
    });
    expect(kinds(caption)).not.toContain("publish");
    const answered = call.post({
      kind: "utterance",
      utteranceId: 1,
      pause: 1,
      samples: undefined,
      voice: clearVoice,
      fromMs: 0,
      toMs: 9,
    });
    expect(kinds(answered)).not.toContain("store-turn");
    expect(call.state().turn.heard).toBe("");
  });
});

describe("emergency", () => {
  test("its words come at once, also into the disclosure, which is cut", () => {
    const call = startedCall();
    call.post({ kind: "acknowledged" });
    call.post({ kind: "rtp-arrived" });
    const answer = call.utter(1, "gas");
    const order = kinds(answer);
    expect(answer).toContainEqual({ kind: "cancel-speech", playId: 1 });
    expect(order.indexOf("hush")).toBeGreaterThanOrEqual(0);
    expect(order.indexOf("hush")).toBeLessThan(order.indexOf("speak"));
    expect(order).toContain("emergency");
    expect(spoken(answer)).toEqual(["You said gas"]);
    expect(order).not.toContain("store-turn");
  });
});

describe("hearing", () => {
  test("a pause is transcribed speculatively and its text sets how long to wait", () => {
    const call = startedCall();
    call.greeted();
    call.post({ kind: "speech-started", utteranceId: 1 });
    const paused = call.post({ kind: "paused", utteranceId: 1, pause: 1, samples: call.samples, voice: clearVoice });
    expect(paused).toMatchObject([{ kind: "transcribe", pause: 1, priority: "speculative" }]);
    // After 120 ms of silence, before 300 ms of it: the search must not make the caller wait.
    expect(paused).toMatchObject([{ search: { liftNames: true, withinMs: 140 } }]);
    expect(
      call.post({ kind: "transcribed", utteranceId: 1, pause: 1, transcript: transcript("Saturday and") }),
    ).toContainEqual({
      kind: "wait",
      utteranceId: 1,
      pause: 1,
      silenceMs: 1_200,
    });
    expect(call.post({ kind: "resumed", utteranceId: 1 })).toEqual([{ kind: "cancel-transcription", utteranceId: 1 }]);
  });

  test("the turn is taken at the end of the utterance, or when the text comes, whichever is later", () => {
    const early = startedCall();
    early.greeted();
    expect(spoken(early.utter(1, "hello"))).toEqual(["You said hello"]);

    const late = startedCall();
    late.greeted();
    late.post({ kind: "speech-started", utteranceId: 1 });
    late.post({ kind: "paused", utteranceId: 1, pause: 1, samples: late.samples, voice: clearVoice });
    // What was begun on speculation is now waited for.
    expect(
      late.post({
        kind: "utterance",
        utteranceId: 1,
        pause: 1,
        samples: undefined,
        voice: clearVoice,
        fromMs: 0,
        toMs: 9,
      }),
    ).toEqual([
      { kind: "hasten-transcription", utteranceId: 1 },
      { kind: "timer", name: "late", afterMs: 1_800 },
    ]);
    expect(
      spoken(late.post({ kind: "transcribed", utteranceId: 1, pause: 1, transcript: transcript("hello") })),
    ).toEqual(["You said hello"]);
  });

  test("text of an earlier pause is not taken for the whole", () => {
    const call = startedCall();
    call.greeted();
    call.post({ kind: "speech-started", utteranceId: 1 });
    call.post({ kind: "paused", utteranceId: 1, pause: 1, samples: call.samples, voice: clearVoice });
    call.post({ kind: "transcribed", utteranceId: 1, pause: 1, transcript: transcript("half") });
    call.post({ kind: "resumed", utteranceId: 1 });
    call.post({ kind: "paused", utteranceId: 1, pause: 2, samples: call.samples, voice: clearVoice });
    expect(
      spoken(
        call.post({
          kind: "utterance",
          utteranceId: 1,
          pause: 2,
          samples: undefined,
          voice: clearVoice,
          fromMs: 0,
          toMs: 9,
        }),
      ),
    ).toEqual([]);
    expect(
      spoken(call.post({ kind: "transcribed", utteranceId: 1, pause: 2, transcript: transcript("half past two") })),
    ).toEqual(["You said half past two"]);
  });

  test("an utterance cut at its longest is transcribed as an answer", () => {
    const call = startedCall();
    call.greeted();
    call.post({ kind: "speech-started", utteranceId: 1 });
    const cut = call.post({
      kind: "utterance",
      utteranceId: 1,
      pause: undefined,
      samples: call.samples,
      voice: clearVoice,
      fromMs: 0,
      toMs: 9,
    });
    expect(cut).toMatchObject([
      { kind: "transcribe", priority: "answer", pause: -1 },
      { kind: "timer", name: "late" },
    ]);
  });

  test("the caller is asked again when the transcription of the end fails, not when a speculative one does", () => {
    const call = startedCall();
    call.greeted();
    call.post({ kind: "speech-started", utteranceId: 1 });
    call.post({ kind: "paused", utteranceId: 1, pause: 1, samples: call.samples, voice: clearVoice });
    expect(spoken(call.post({ kind: "transcription-failed", utteranceId: 1, pause: 1 }))).toEqual([]);
    expect(
      spoken(
        call.post({
          kind: "utterance",
          utteranceId: 1,
          pause: 1,
          samples: undefined,
          voice: clearVoice,
          fromMs: 0,
          toMs: 9,
        }),
      ),
    ).toEqual(["Sorry?"]);
  });
});

describe("silence and the end", () => {
  test("the no-input timer runs from the end of our speech and is stopped by the caller's", () => {
    const call = startedCall();
    expect(call.greeted()).toContainEqual({ kind: "timer", name: "no-input", afterMs: 6_000 });
    expect(call.post({ kind: "speech-started", utteranceId: 1 })).toContainEqual({
      kind: "stop-timer",
      name: "no-input",
    });
    expect(call.post({ kind: "timer", name: "no-input" })).toEqual([]);
  });

  test("goodbye plays out before the line is hung up", () => {
    const call = startedCall();
    call.greeted();
    const bye = call.utter(1, "bye");
    expect(kinds(bye)).not.toContain("hang-up");
    expect(
      kinds(call.post({ kind: "play-ended", playId: 2, completed: true, heardShare: 1, heardText: "" })),
    ).toContain("hang-up");
    expect(call.post({ kind: "gone", by: "gatehouse" }).at(-1)).toEqual({
      kind: "finish",
      outcome: "nothing",
      endedBy: "gatehouse",
    });
    expect(call.post({ kind: "gone", by: "caller" })).toEqual([]);
  });

  test("a caller who hangs up in the middle has abandoned the call; after a booking it stays booked", () => {
    const left = startedCall();
    left.greeted();
    expect(left.post({ kind: "gone", by: "caller" }).at(-1)).toMatchObject({ outcome: "abandoned", endedBy: "caller" });

    const booked = startedCall();
    booked.greeted();
    booked.post({
      kind: "desk",
      answer: {
        kind: "done",
        done: { action: "book-viewing", id: "v1", start: "2026-11-26T14:30", awaiting: undefined },
      },
    });
    expect(booked.post({ kind: "gone", by: "caller" }).at(-1)).toMatchObject({ outcome: "booked" });
  });
});

describe("a voice that fails", () => {
  test("what else was to be said is dropped and an end is made", () => {
    const call = startedCall();
    call.greeted();
    const [answer] = call.utter(1, "hello").filter((effect) => effect.kind === "speak");
    const playId = answer?.kind === "speak" ? answer.say.playId : 0;
    const effects = call.post({ kind: "voice-failed", playId });
    expect(call.inputs().at(-1)).toMatchObject({ kind: "not-spoken" });
    expect(spoken(effects)).toEqual(["Goodbye."]);
    expect(call.state().phase).toBe("closing");
  });

  test("even the words of the end: it hangs up", () => {
    const call = startedCall();
    call.greeted();
    call.utter(1, "hello");
    for (const { playId } of call.state().saying) call.post({ kind: "voice-failed", playId });
    const last = call.state().saying[0]?.playId ?? 0;
    expect(kinds(call.post({ kind: "voice-failed", playId: last }))).toContain("hang-up");
  });

  test("for a prompt that is over changes nothing", () => {
    const call = startedCall();
    call.greeted();
    expect(call.post({ kind: "voice-failed", playId: 1 })).toEqual([]);
  });
});

describe("where digits are asked", () => {
  const now = { utc: "2026-11-24T10:05:00.000Z", local: "2026-11-24T10:05" };

  test.each([
    ["phone", [{ kind: "wait", utteranceId: 1, silenceMs: 1_200 }]],
    ["date", []],
  ] as const)("(%s) the end is not taken for granted before the text is there", (asks, waits) => {
    const talk = {
      ...miniTalk,
      read: (state: ReturnType<typeof miniTalk.start>) => ({ ...miniTalk.read(state), asks }),
    };
    const open = openCall("call-1", talk, now);
    const talking: CallState<ReturnType<typeof miniTalk.start>> = { ...open, phase: "talking" };
    const { effects } = stepCall(talking, talk, { kind: "speech-started", utteranceId: 1 }, now);
    expect(effects.filter(({ kind }) => kind === "wait")).toEqual([...waits]);
  });
});

describe("what nobody has taken", () => {
  const flood = { kind: "emergency", emergency: "flood", unattended: true } as const;

  test("rings those on call though the caller hangs up, before the call is closed", () => {
    const talk = { ...miniTalk, unattended: () => flood };
    const { effects } = stepCall(openCall("call-1", talk, noon), talk, { kind: "gone", by: "caller" }, noon);
    expect(effects.slice(-2)).toMatchObject([flood, { kind: "finish" }]);
  });

  test("silences nothing of what the caller is being told", () => {
    const told = {
      kind: "say",
      sayId: 9,
      text: "Logged.",
      fixed: true,
      interruptible: true,
      disclosure: false,
    } as const;
    const talk: typeof miniTalk = {
      ...miniTalk,
      step: (state) => ({ state: { ...state, inputs: [] }, effects: [told, flood] }),
    };
    const { state, effects } = stepCall(openCall("call-1", talk, noon), talk, { kind: "timer", name: "greet" }, noon);
    expect(spoken(effects)).toEqual(["Logged."]);
    expect(kinds(effects)).toContain("emergency");
    expect(kinds(effects)).not.toContain("cancel-speech");
    expect(kinds(effects)).not.toContain("hush");
    expect(state.saying).toHaveLength(1);
  });
});

const noon = { utc: "2026-11-24T12:00:00.000Z", local: "2026-11-24T12:00" };
