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
    { kind: "ended", playId: 1, playedMs: 25, completed: true },
    { kind: "started", playId: 2 },
    { kind: "ended", playId: 2, playedMs: 6.25, completed: true },
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
  expect(frame(playout).events).toEqual([{ kind: "ended", playId: 1, playedMs: 0, completed: true }]);
});

/** Syllables: 200 ms of a loud wave, then 60 of a quiet one, again and again. */
const syllables = (ms: number) =>
  Int16Array.from({ length: 8 * ms }, (_, n) => (n % 2080 < 1600 ? 8000 : 300) * Math.sin((2 * Math.PI * n) / 16));

const pcm = (samples: Int16Array): PlayableAudio => ({ kind: "pcm", rateHz: 8000, samples });

const held = (playId: number, playedMs: number) => ({ playId, playedMs });

test("held, a prompt falls silent within 8 ms and waits; what must be heard in full goes on", () => {
  const playout = createPlayout();
  say(playout, 1, pcm(new Int16Array(8000).fill(9000)));
  say(playout, 2, sound(2, 160));
  frame(playout);
  expect(playout.hold()).toEqual([held(1, 20), held(2, 0)]);
  expect(playout.hold()).toEqual([]);
  const { into } = frame(playout);
  expect(into[0]).toBeGreaterThan(8000);
  expect([...into.subarray(60)].every((sample) => Math.abs(sample) < 700)).toBe(true);
  expect([...into.subarray(64)].every((sample) => sample === silence)).toBe(true);
  say(playout, 3, sound(3, 160), true, false);
  expect(frame(playout).into[0]).toBe(value(3));
  expect(frame(playout).into.every((sample) => sample === silence)).toBe(true);
});

test("released, it goes on from the last quiet place within 300 ms, rising from silence; played ms count once", () => {
  const playout = createPlayout();
  const wave = syllables(2000);
  say(playout, 1, pcm(wave));
  for (let i = 0; i < 35; i++) frame(playout);
  expect(playout.hold()).toEqual([held(1, 700)]);
  for (let i = 0; i < 10; i++) frame(playout);
  playout.release();
  const { into } = frame(playout);
  // Cut at 708 ms in the third syllable (520–720); the pause before it is at 460–520.
  const from = [463, 468, 473, 478, 483, 488, 493, 498, 503, 508, 513].find((ms) =>
    [...into.subarray(64)].every((sample, n) => sample === wave[8 * ms + 64 + n]),
  );
  expect(from).toBeDefined();
  expect(Math.abs(into[0] ?? 1)).toBeLessThan(20);
  const events = [];
  for (let i = 0; i < 100 && events.length === 0; i++) events.push(...frame(playout).events);
  expect(events).toEqual([{ kind: "ended", playId: 1, playedMs: 2000, completed: true }]);
});

test("a clause that comes in parts is played, held and gone back in as if it had come whole", () => {
  const wave = syllables(2000);
  const heard = (cuts: readonly number[]) => {
    const playout = createPlayout();
    const edges = [0, ...cuts, wave.length];
    const parts = edges.slice(1).map((to, i) => wave.subarray(edges[i], to));
    const pulled: number[] = [];
    const pull = (frames: number) => {
      for (let i = 0; i < frames; i++) pulled.push(...frame(playout).into);
    };
    for (const [i, samples] of parts.entries()) {
      playout.append({
        playId: 1,
        audio: pcm(samples),
        joins: i > 0,
        last: i === parts.length - 1,
        interruptible: true,
      });
      if (i === 0) pull(10); // the others come while it is played
    }
    pull(25);
    playout.hold();
    pull(10);
    playout.release();
    pull(100);
    return pulled;
  };

  const whole = heard([]);
  expect(whole.some((sample) => sample !== silence)).toBe(true);
  expect(heard([2400, 4800, 7200])).toEqual(whole);
  expect(heard([1999, 5600, 5603])).toEqual(whole); // 700 ms, where it is held, is the end of one
});

test("interrupted again and again, it comes to its end all the same, with no more than 1.5 s said twice", () => {
  const playout = createPlayout();
  say(playout, 1, pcm(syllables(3000)));
  for (let i = 0; i < 50; i++) frame(playout);
  let pulled = 0;
  const events = [];
  for (; pulled < 400 && events.length === 0; pulled++) {
    playout.hold();
    frame(playout);
    playout.release();
    events.push(...frame(playout).events);
  }
  expect(events).toEqual([{ kind: "ended", playId: 1, playedMs: 3000, completed: true }]);
  expect(pulled).toBeLessThanOrEqual((2000 + 1500) / 20 + 1); // and 8 ms each time while it fades
});

test("a break between two clauses repeats nothing", () => {
  const playout = createPlayout();
  say(playout, 1, sound(1, 160), false);
  frame(playout);
  playout.hold();
  say(playout, 1, sound(2, 160));
  frame(playout);
  playout.release();
  expect(frame(playout).into[80]).toBe(value(2));
});

test("what is sent while the caller speaks waits for the release", () => {
  const playout = createPlayout();
  playout.hold();
  say(playout, 1, sound(1, 160));
  expect(frame(playout)).toEqual({ into: new Int16Array(160), events: [] });
  playout.release();
  expect(frame(playout).events.map(({ kind }) => kind)).toEqual(["started", "ended"]);
});

test("one prompt is dropped, or all; a later word for it changes nothing", () => {
  const playout = createPlayout();
  for (const playId of [1, 2, 3]) say(playout, playId, sound(playId, 480));
  frame(playout);
  playout.hold();
  expect(playout.drop(1)).toEqual([{ kind: "ended", playId: 1, playedMs: 20, completed: false }]);
  expect(playout.drop(1)).toEqual([]);
  playout.release();
  expect(frame(playout).into[0]).toBe(value(2));
  expect(playout.dropAll()).toEqual([
    { kind: "ended", playId: 2, playedMs: 20, completed: false },
    { kind: "ended", playId: 3, playedMs: 0, completed: false },
  ]);
  expect(frame(playout).into[0]).toBe(silence);
});

test("what comes late for a prompt that was dropped is not played", () => {
  const playout = createPlayout();
  say(playout, 1, sound(1, 160), false);
  playout.drop(1);
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
    expect(ended.at(-1)).toEqual({ kind: "ended", playId: 1, playedMs: 1000, completed: true });
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
  playout.dropAll();
  expect(say(playout, 2, sound(1, 120 * 8000))).toBe("appended");
});
