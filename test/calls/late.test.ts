/** Answers that take their time: the caller hears a word, and is asked again in the end; never a long silence. */
import { describe, expect, test } from "bun:test";
import type { CallEffect } from "../../src/calls/machine.ts";
import { createSpeaker } from "../../src/calls/speaker.ts";
import type { ToMedia } from "../../src/media/messages.ts";
import { createClock } from "./clock.ts";
import { clearVoice, kinds, startedCall, transcript } from "./harness.ts";

const timers = (effects: readonly CallEffect[]) =>
  effects.flatMap((effect) => (effect.kind === "timer" && effect.name === "late" ? [effect.afterMs] : []));

describe("hearing", () => {
  function waiting() {
    const call = startedCall();
    call.greeted();
    call.post({ kind: "speech-started", utteranceId: 1 });
    call.post({ kind: "paused", utteranceId: 1, pause: 1, samples: call.samples, voice: clearVoice });
    const ended = call.post({
      kind: "utterance",
      utteranceId: 1,
      pause: 1,
      samples: undefined,
      voice: clearVoice,
      fromMs: 0,
      toMs: 9,
    });
    return { ...call, ended, late: () => call.post({ kind: "timer", name: "late" }) };
  }

  test("1.8 s after the caller was done the receptionist is told, and 3.5 s later again", () => {
    const call = waiting();
    expect(timers(call.ended)).toEqual([1_800]);
    expect(timers(call.late())).toEqual([3_500]);
    expect(call.inputs().at(-1)).toMatchObject({ kind: "late", times: 0 });
    call.late();
    expect(call.inputs().at(-1)).toMatchObject({ kind: "late", times: 1 });
  });

  test("the third time it is given up: the transcription is cancelled, and the caller asked again", () => {
    const call = waiting();
    call.late();
    call.late();
    expect(kinds(call.late())).toContain("cancel-transcription");
    expect(call.inputs().at(-1)).toMatchObject({ kind: "not-heard", failed: true });
    expect(
      kinds(call.post({ kind: "transcribed", utteranceId: 1, pause: 1, transcript: transcript("hello") })),
    ).toEqual([]);
  });

  test("the text ends the waiting, even in the midst of it", () => {
    const call = waiting();
    call.late();
    const taken = call.post({ kind: "transcribed", utteranceId: 1, pause: 1, transcript: transcript("hello") });
    expect(taken).toContainEqual({ kind: "stop-timer", name: "late" });
    expect(call.inputs().at(-1)).toMatchObject({ kind: "heard" });
  });

  function waitingInto() {
    const call = startedCall();
    call.greeted();
    call.utter(1, "hello");
    expect(call.state().saying).toHaveLength(1);
    call.post({ kind: "speech-started", utteranceId: 2 });
    call.post({ kind: "paused", utteranceId: 2, pause: 1, samples: call.samples, voice: clearVoice });
    const end = { utteranceId: 2, pause: 1, samples: undefined, voice: clearVoice, fromMs: 0, toMs: 9 };
    call.post({ kind: "utterance", ...end });
    const late = () => call.post({ kind: "timer", name: "late" });
    late();
    expect(call.inputs().at(-1)).toMatchObject({ kind: "late", times: 0 });
    // The word itself is over; the prompt may have gone on.
    const [prompt, ...words] = call.state().saying;
    for (const { playId } of words)
      call.post({ kind: "play-ended", playId, completed: true, heardShare: 1, heardText: "" });
    return { ...call, late, prompt: prompt?.playId ?? 0 };
  }

  test("who spoke into a prompt hears a word too, as that is held; once it may have gone on, none", () => {
    const call = waitingInto();
    const count = call.inputs().length;
    expect(timers(call.late())).toEqual([500]);
    expect(call.inputs()).toHaveLength(count);
  });

  test("as soon as that is over he is told, however little of it was left to be heard", () => {
    const call = waitingInto();
    call.late();
    call.post({ kind: "play-ended", playId: call.prompt, completed: true, heardShare: 1, heardText: "" });
    expect(timers(call.late())).toEqual([3_500]);
    expect(call.inputs().at(-1)).toMatchObject({ kind: "late", times: 1 });
    call.late();
    expect(call.inputs().at(-1)).toMatchObject({ kind: "not-heard", failed: true });
  });

  test("a prompt that is never over is not waited for longer than an answer", () => {
    const call = waitingInto();
    let waitedMs = 0;
    while (call.inputs().at(-1)?.kind !== "not-heard") waitedMs += timers(call.late())[0] ?? 0;
    expect(waitedMs).toBe(8 * 500);
  });

  test("without anybody waiting nothing is said", () => {
    const call = startedCall();
    call.greeted();
    expect(call.post({ kind: "timer", name: "late" })).toEqual([]);
  });
});

describe("the voice", () => {
  function speaker() {
    const clock = createClock();
    const sent: ToMedia[] = [];
    let speak: (() => void) | undefined;
    const made = createSpeaker("call-1", "PCMA", {
      media: { send: (message) => sent.push(message) },
      speech: {
        async *speak() {
          await new Promise<void>((resolve) => {
            speak = resolve;
          });
          yield { samples: new Int16Array(800), endsClause: true };
        },
      },
      prompts: {
        get: (text) =>
          text === "One moment." ? { kind: "encoded", codec: "PCMA", bytes: new Uint8Array(80) } : undefined,
      },
      filler: "One moment.",
      signal: new AbortController().signal,
      schedule: clock.schedule,
      ended: () => undefined,
      failed: (error) => {
        throw error;
      },
    });
    const plays = () => sent.flatMap((message) => (message.kind === "play" ? [message.playId] : []));
    const settle = async () => {
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    const say = (playId: number) =>
      made.speak({ playId, sayId: playId, text: "A long answer.", fixed: false, interruptible: true });
    return { made, clock, plays, settle, say, speak: () => speak?.(), sent };
  }

  test("is filled in for after 1.8 s and after 5.3 s, with a word that nobody interrupts", async () => {
    const { clock, plays, settle, say, speak, sent } = speaker();
    say(1);
    await settle();
    clock.turn(1_799);
    expect(plays()).toEqual([]);
    clock.turn(1);
    expect(plays()).toEqual([-1]);
    expect(sent[0]).toMatchObject({ last: true, interruptible: false });
    clock.turn(3_500);
    expect(plays()).toEqual([-1, -2]);
    speak();
    await settle();
    expect(plays()).toEqual([-1, -2, 1, 1]);
    clock.turn(60_000);
    expect(plays()).toHaveLength(4);
    expect(clock.waiting()).toBe(0);
  });

  test("needs no filler while what it said before still plays", async () => {
    const { made, clock, plays, settle, say, speak } = speaker();
    say(1);
    await settle();
    speak();
    await settle();
    say(2);
    await settle();
    clock.turn(5_000);
    expect(plays()).toEqual([1, 1]);
    made.playEnded({ kind: "play-ended", callId: "call-1", playId: 1, playedMs: 100, completed: true });
    clock.turn(300);
    expect(plays()).toEqual([1, 1, -1]);
  });
});
