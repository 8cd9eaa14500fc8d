import { expect, test } from "bun:test";
import { decodeByte } from "../../src/media/g711.ts";
import type { PlayableAudio } from "../../src/media/messages.ts";
import { createPlayout, type Playout } from "../../src/media/playout.ts";

const silence = 0;

function sound(byte: number, samples: number): PlayableAudio {
  return { kind: "encoded", codec: "PCMA", bytes: new Uint8Array(samples).fill(byte) };
}

const value = (byte: number) => decodeByte("PCMA", byte);

function frame(playout: Playout) {
  const into = new Int16Array(160).fill(silence);
  const events = playout.pull(into, 8000);
  return { into, events };
}

function say(playout: Playout, playId: number, audio: PlayableAudio | undefined, last = true, interruptible = true) {
  return playout.append({ playId, audio, last, interruptible });
}

test("prompts follow one another within a frame, to the sample", () => {
  const playout = createPlayout();
  say(playout, 1, sound(1, 200));
  say(playout, 2, sound(2, 50));
  expect(frame(playout).events).toEqual([{ kind: "started", playId: 1 }]);
  const { into, events } = frame(playout);
  expect([into[39], into[40], into[89], into[90]]).toEqual([value(1), value(2), value(2), silence]);
  expect(events).toEqual([
    { kind: "ended", playId: 1, playedMs: 25, completed: true, byCaller: false },
    { kind: "started", playId: 2 },
    { kind: "ended", playId: 2, playedMs: 6.25, completed: true, byCaller: false },
  ]);
});

test("an open prompt keeps its turn while its next clause is made; that silence is not counted as played", () => {
  const playout = createPlayout();
  say(playout, 1, sound(1, 80), false);
  say(playout, 2, sound(2, 80));
  expect([...frame(playout).into.subarray(78, 82)]).toEqual([value(1), value(1), silence, silence]);
  expect(frame(playout).events).toEqual([]);
  say(playout, 1, sound(3, 80));
  expect(frame(playout).events.map(({ kind, playId }) => `${kind} ${playId}`)).toEqual([
    "ended 1",
    "started 2",
    "ended 2",
  ]);
});

test("a prompt closed without any sound ends at once, completed", () => {
  const playout = createPlayout();
  say(playout, 1, undefined);
  expect(frame(playout).events).toEqual([{ kind: "ended", playId: 1, playedMs: 0, completed: true, byCaller: false }]);
});

test("the caller stops what may be interrupted, waiting or playing; the rest goes on", () => {
  const playout = createPlayout();
  say(playout, 1, sound(1, 480), true, false);
  say(playout, 2, sound(2, 160));
  frame(playout);
  expect(playout.stop("interruptible", true)).toEqual([
    { kind: "ended", playId: 2, playedMs: 0, completed: false, byCaller: true },
  ]);
  expect(frame(playout).into[0]).toBe(value(1));
  expect(playout.stop("all", false)).toEqual([
    { kind: "ended", playId: 1, playedMs: 40, completed: false, byCaller: false },
  ]);
  expect(frame(playout).into[0]).toBe(silence);
});

test("what comes late for a prompt that was stopped is not played", () => {
  const playout = createPlayout();
  say(playout, 1, sound(1, 160), false);
  playout.stop("all", false);
  expect(say(playout, 1, sound(1, 160))).toBe("over");
  expect(frame(playout).events).toEqual([]);
});

test("PCM and both laws follow one another", () => {
  const playout = createPlayout();
  say(playout, 1, { kind: "pcm", rateHz: 8000, samples: new Int16Array(80).fill(7) }, false);
  say(playout, 1, { kind: "encoded", codec: "PCMU", bytes: new Uint8Array(80).fill(0x80) });
  expect(new Set(frame(playout).into)).toEqual(new Set([7, 32_124]));
});

test("sound of 8 kHz fills a call of 16 kHz, and the reverse, in its own time and pitch", () => {
  const tone = (rateHz: 8000 | 16_000) =>
    Int16Array.from({ length: rateHz }, (_, n) => 10_000 * Math.sin((2 * Math.PI * 1000 * n) / rateHz));
  for (const [from, to] of [
    [8000, 16_000],
    [16_000, 8000],
  ] as const) {
    const playout = createPlayout();
    say(playout, 1, { kind: "pcm", rateHz: from, samples: tone(from) });
    const heard = new Int16Array(to);
    const ended: unknown[] = [];
    for (let at = 0; at < to; at += to / 50)
      ended.push(...playout.pull(heard.subarray(at, at + to / 50), to).slice(-1));
    expect(ended.at(-1)).toEqual({ kind: "ended", playId: 1, playedMs: 1000, completed: true, byCaller: false });
    const delay = (15 * to) / 10_000; // of the filter, 1.5 ms
    const expected = tone(to);
    for (let n = 100; n < to; n++) expect(Math.abs((heard[n] ?? 0) - (expected[n - delay] ?? 0))).toBeLessThan(120);
  }
});

test("two minutes fit, more is refused; what is stopped makes room", () => {
  const playout = createPlayout();
  expect(say(playout, 1, sound(1, 120 * 8000), false)).toBe("appended");
  expect(say(playout, 1, sound(1, 1), false)).toBe("full");
  frame(playout);
  expect(say(playout, 1, sound(1, 160), false)).toBe("appended");
  playout.stop("all", false);
  expect(say(playout, 2, sound(1, 120 * 8000))).toBe("appended");
});
