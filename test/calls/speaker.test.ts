import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/app-error.ts";
import type { CallEvent, Say } from "../../src/calls/machine.ts";
import { createSpeaker } from "../../src/calls/speaker.ts";
import type { CodecName, ToMedia } from "../../src/media/messages.ts";
import { createClock } from "./clock.ts";

const clauses = ["So that's", "14 Maple Road,", "shall I book that?"];
const say: Say = { playId: 1, sayId: 1, text: clauses.join(" "), fixed: false, interruptible: true };

/** A voice that makes three clauses of 100 ms, each of its own level, and dies as often and as early as told. */
function speaking(deaths: number[], cached: string[] = [], codec: CodecName = "PCMA") {
  const clock = createClock();
  const sent: ToMedia[] = [];
  const ended: CallEvent[] = [];
  const failures: unknown[] = [];
  const abort = new AbortController();
  const rates: unknown[] = [];
  let attempts = 0;
  const speaker = createSpeaker("call-1", codec, {
    media: { send: (message) => sent.push(message) },
    speech: {
      async *speak(_text, _signal, rateHz) {
        rates.push(rateHz);
        const lives = deaths[attempts++] ?? clauses.length;
        for (let clause = 0; clause < clauses.length; clause++) {
          if (clause === lives) throw new AppError("speech_failed", "its process died");
          yield { samples: new Int16Array(800).fill(clause + 1), endsClause: true };
        }
      },
    },
    prompts: {
      get: (text) =>
        cached.includes(text) ? { kind: "encoded", codec: "PCMA", bytes: new Uint8Array(1_600) } : undefined,
    },
    signal: abort.signal,
    schedule: clock.schedule,
    ended: (event) => ended.push(event),
    failed: (error) => failures.push(error),
  });
  const levels = () =>
    sent.flatMap((message) =>
      message.kind === "play" && message.audio?.kind === "pcm" ? message.audio.samples[0] : [],
    );
  const settle = async () => {
    for (let i = 0; i < 20; i++) {
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      clock.turn(2_000);
    }
  };
  return { speaker, sent, ended, failures, abort, levels, settle, rates, attempts: () => attempts };
}

const isLast = (message: ToMedia | undefined) => message?.kind === "play" && message.last;

test.each([
  ["PCMU", 8000],
  ["G722", 16_000],
  ["opus", 16_000],
] as const)("in a call of %s the voice speaks at %d Hz", async (codec, rateHz) => {
  const { speaker, settle, sent, rates } = speaking([], [], codec);
  speaker.speak(say);
  await settle();
  expect(rates).toEqual([rateHz]);
  expect(sent[0]).toMatchObject({ audio: { kind: "pcm", rateHz } });
});

describe("a prompt whose voice dies", () => {
  test("before its first clause is said whole by the next voice", async () => {
    const { speaker, levels, settle, sent, ended } = speaking([0]);
    speaker.speak(say);
    await settle();
    expect(levels()).toEqual([1, 2, 3]);
    expect(isLast(sent.at(-1))).toBe(true);
    expect(ended).toEqual([]);
  });

  test("after a clause goes on with the one that follows", async () => {
    const { speaker, levels, settle, attempts } = speaking([1, 2]);
    speaker.speak(say);
    await settle();
    expect(attempts()).toBe(3);
    expect(levels()).toEqual([1, 2, 3]);
  });

  test("again and again: the machine is told that nothing was heard, once", async () => {
    const { speaker, sent, settle, ended, attempts, failures } = speaking([0, 0, 0, 0, 0]);
    speaker.speak(say);
    await settle();
    expect(attempts()).toBe(4);
    expect(sent).toEqual([]);
    expect(ended).toEqual([{ kind: "voice-failed", playId: 1 }]);
    expect(failures).toEqual([]);
  });

  test("for good after a clause: what was made is played out", async () => {
    const { speaker, levels, settle, sent, ended } = speaking([1, 1, 1, 1]);
    speaker.speak(say);
    await settle();
    expect(levels()).toEqual([1]);
    expect(isLast(sent.at(-1))).toBe(true);
    expect(ended).toEqual([]);
    speaker.playEnded({
      kind: "play-ended",
      callId: "call-1",
      playId: 1,
      playedMs: 100,
      completed: true,
    });
    expect(ended).toEqual([{ kind: "play-ended", playId: 1, completed: true, heardShare: 1, heardText: say.text }]);
  });

  test("is not tried again once the caller has interrupted it", async () => {
    const { speaker, settle, ended, attempts } = speaking([0]);
    speaker.speak(say);
    await Promise.resolve();
    await Promise.resolve();
    speaker.cancel(1);
    await settle();
    expect(attempts()).toBeLessThanOrEqual(1);
    expect(ended).toEqual([{ kind: "play-ended", playId: 1, completed: false, heardShare: 0, heardText: "" }]);
  });
});

test("a fixed prompt needs no voice", async () => {
  const { speaker, sent, settle, attempts } = speaking([0], [say.text]);
  speaker.speak({ ...say, fixed: true });
  await settle();
  expect(attempts()).toBe(0);
  expect(sent).toHaveLength(1);
  expect(isLast(sent[0])).toBe(true);
});

/** A voice of two clauses, each in two parts; its first process dies before a part. */
function inParts(dies: number) {
  const sent: ToMedia[] = [];
  const clock = createClock();
  let attempts = 0;
  const speaker = createSpeaker("call-1", "PCMA", {
    media: { send: (message) => sent.push(message) },
    speech: {
      async *speak() {
        attempts++;
        for (let part = 0; part < 4; part++) {
          if (attempts === 1 && part === dies) throw new AppError("speech_failed", "its process died");
          yield { samples: new Int16Array(800).fill(part + 1), endsClause: part % 2 === 1 };
        }
      },
    },
    prompts: { get: () => undefined },
    signal: new AbortController().signal,
    schedule: clock.schedule,
    ended: () => undefined,
    failed: (error) => expect(error).toBeUndefined(),
  });
  const settle = async () => {
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.turn(2_000);
    }
  };
  return { speaker, settle, sent };
}

const partsOf = (sent: readonly ToMedia[]) =>
  sent.flatMap((message) =>
    message.kind === "play" && message.audio?.kind === "pcm"
      ? [`${message.joins ? "+" : ""}${message.audio.samples[0]}`]
      : [],
  );

test("the parts of a clause are handed over as they come, as going on where the one before ended", async () => {
  const { speaker, settle, sent } = inParts(9);
  speaker.speak(say);
  await settle();
  expect(partsOf(sent)).toEqual(["1", "+2", "3", "+4"]);
  expect(isLast(sent.at(-1))).toBe(true);
});

test.each([
  [0, ["1", "+2", "3", "+4"]],
  [1, ["1", "1", "+2", "3", "+4"]],
  [2, ["1", "+2", "3", "+4"]],
  [3, ["1", "+2", "3", "3", "+4"]],
])("of a voice that dies after %d parts the clause that broke off is said again, and no other", async (dies, heard) => {
  const { speaker, settle, sent } = inParts(dies);
  speaker.speak(say);
  await settle();
  expect(partsOf(sent)).toEqual(heard);
  expect(isLast(sent.at(-1))).toBe(true);
});
