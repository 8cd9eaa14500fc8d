import { describe, expect, test } from "bun:test";
import {
  type EndpointerEffect,
  type EndpointerInput,
  type EndpointerState,
  endpointerSettings,
  startEndpointer,
  stepEndpointer,
} from "../../src/media/endpointer.ts";

const stepMs = 32;
const settings = endpointerSettings({ speculateAfterMs: 120, defaultSilenceMs: 700, maxUtteranceMs: 4000 });

/** A listener that remembers; `hear(n, p)` is n steps of probability p, effects are noted in ms. */
function listener(given = settings) {
  let state: EndpointerState = startEndpointer(given);
  const feed = (input: EndpointerInput): EndpointerEffect[] => {
    const stepped = stepEndpointer(state, input);
    state = stepped.state;
    return stepped.effects;
  };
  return {
    hear: (steps: number, probability: number) =>
      Array.from({ length: steps }, () => feed({ kind: "step", probability })).flat(),
    wait: (silenceMs: number, pause?: number, utteranceId = 1) => feed({ kind: "wait", utteranceId, silenceMs, pause }),
  };
}

function kinds(effects: readonly EndpointerEffect[]): string[] {
  return effects.map(({ kind }) => kind);
}

const ms = (samples: number) => samples / 16;

describe("onset", () => {
  test("two steps of sure speech, or three of likely, and not one fewer", () => {
    const sure = listener();
    expect(sure.hear(1, 0.9)).toEqual([]);
    expect(kinds(sure.hear(1, 0.9))).toEqual(["started"]);
    const likely = listener();
    expect(likely.hear(2, 0.55)).toEqual([]);
    expect(kinds(likely.hear(1, 0.55))).toEqual(["started"]);
  });

  test("one unsure step makes the whole spell unsure", () => {
    const mixed = listener();
    expect(mixed.hear(1, 0.69)).toEqual([]);
    expect(mixed.hear(1, 0.99)).toEqual([]);
    expect(kinds(mixed.hear(1, 0.99))).toEqual(["started"]);
  });

  test("clicks are no speech, however many", () => {
    const one = listener();
    for (let i = 0; i < 20; i++) expect([...one.hear(1, 0.99), ...one.hear(2, 0.1)]).toEqual([]);
  });

  test("just under the threshold is no speech", () => {
    expect(listener().hear(200, 0.499)).toEqual([]);
    expect(kinds(listener().hear(3, 0.5))).toEqual(["started"]);
  });

  test("it is dated to the first step of the spell; the sound begins 224 ms before, never before the call", () => {
    const late = listener();
    late.hear(10, 0);
    const [started] = late.hear(2, 0.9);
    expect(started).toEqual({ kind: "started", utteranceId: 1, speechFrom: 10 * 512 });
    late.hear(1, 0.9);
    const [paused] = late.hear(4, 0);
    expect(paused).toMatchObject({ kind: "paused", from: 3 * 512, to: 17 * 512 });
    const early = listener();
    early.hear(3, 0.9);
    expect(early.hear(4, 0)).toMatchObject([{ kind: "paused", from: 0 }]);
  });

  test("the pre-roll takes nothing of the utterance before", () => {
    const one = listener();
    one.hear(4, 0.9);
    one.hear(4, 0);
    expect(kinds(one.wait(128))).toEqual(["utterance"]);
    one.hear(1, 0);
    one.hear(4, 0.9);
    expect(one.hear(4, 0)).toMatchObject([{ kind: "paused", utteranceId: 2, from: 4 * 512 }]);
  });
});

describe("pauses", () => {
  test("the fourth silent step is 128 ms: paused, and not after 96", () => {
    const one = listener();
    one.hear(5, 0.9);
    expect(one.hear(3, 0)).toEqual([]);
    expect(one.hear(1, 0)).toMatchObject([{ kind: "paused", utteranceId: 1, pause: 1, from: 0, to: 9 * 512 }]);
  });

  test("speech holds down to 0.35, below it is silence", () => {
    const one = listener();
    one.hear(3, 0.9);
    expect(one.hear(50, 0.35)).toEqual([]);
    expect(kinds(one.hear(4, 0.349))).toEqual(["paused"]);
  });

  test("64 ms of speech resumes, a click in the pause does not and delays nothing", () => {
    const one = listener();
    one.hear(5, 0.9);
    one.hear(4, 0);
    expect(one.hear(1, 0.9)).toEqual([]);
    expect(one.hear(16, 0)).toEqual([]);
    expect(one.hear(1, 0)).toMatchObject([{ kind: "utterance", pause: 1, speechTo: 5 * 512 }]);
    const two = listener();
    two.hear(5, 0.9);
    two.hear(4, 0);
    expect(kinds(two.hear(2, 0.5))).toEqual(["resumed"]);
    expect(two.hear(4, 0)).toMatchObject([{ kind: "paused", pause: 2, from: 0, to: 15 * 512 }]);
  });

  test("an utterance never ends in the middle of what may be the caller going on", () => {
    const one = listener();
    one.hear(5, 0.9);
    one.hear(21, 0);
    expect(one.hear(1, 0.9)).toEqual([]); // 704 ms are over, but somebody speaks
    expect(kinds(one.hear(1, 0.9))).toEqual(["resumed"]);
  });
});

describe("how like a voice it was", () => {
  test("is told of the speech alone, the onset and the pauses within it included", () => {
    const one = listener();
    one.hear(2, 0.6); // not yet an onset
    one.hear(4, 0.8);
    one.hear(4, 0.2); // a pause that speech goes on after
    const [paused] = [...one.hear(2, 1), ...one.hear(4, 0)].filter(({ kind }) => kind === "paused");
    expect(paused).toMatchObject({ voice: { strongest: 1, mean: expect.closeTo((1.2 + 3.2 + 0.8 + 2) / 12) } });
  });
});

describe("the end", () => {
  test("22 silent steps are 704 ms: over, not after 672; the pause that has it all is named", () => {
    const one = listener();
    one.hear(2, 0);
    one.hear(10, 0.9);
    expect(kinds(one.hear(21, 0))).toEqual(["paused"]);
    expect(one.hear(1, 0)).toEqual([
      {
        kind: "utterance",
        utteranceId: 1,
        pause: 1,
        from: 0,
        to: 34 * 512,
        speechFrom: 2 * 512,
        speechTo: 12 * 512,
        voice: { strongest: 0.9, mean: expect.closeTo(0.9) },
        reason: "silence",
      },
    ]);
    expect(one.hear(100, 0)).toEqual([]);
  });

  test("a wait in a pause that has lasted as long ends it at once", () => {
    const one = listener();
    one.hear(5, 0.9);
    one.hear(10, 0); // 320 ms
    expect(one.wait(321)).toEqual([]);
    expect(kinds(one.wait(320))).toEqual(["utterance"]);
  });

  test("a wait holds for its pause only: after it the usual one returns", () => {
    const one = listener();
    one.hear(5, 0.9);
    one.hear(4, 0);
    one.wait(200, 1);
    expect(kinds(one.hear(2, 0.9))).toEqual(["resumed"]);
    expect(kinds(one.hear(21, 0))).toEqual(["paused"]);
    expect(kinds(one.hear(1, 0))).toEqual(["utterance"]);
  });

  test("a wait for a pause that is over is ignored, as is one for another utterance", () => {
    const one = listener();
    one.hear(5, 0.9);
    one.hear(4, 0);
    one.hear(2, 0.9);
    one.wait(130, 1);
    one.hear(4, 0);
    expect(one.wait(128, 1)).toEqual([]);
    expect(one.wait(128, undefined, 9)).toEqual([]);
    expect(kinds(one.wait(128, 2))).toEqual(["utterance"]);
  });

  test("a wait in mid-speech holds for all pauses to come; a longer one is longer", () => {
    const one = listener();
    one.hear(5, 0.9);
    one.wait(1200);
    expect(kinds(one.hear(37, 0))).toEqual(["paused"]);
    expect(kinds(one.hear(1, 0))).toEqual(["utterance"]); // 1216 ms
  });

  test("however short the wait, the utterance has a pause with its sound", () => {
    const one = listener();
    one.hear(5, 0.9);
    one.wait(0);
    expect(kinds(one.hear(4, 0))).toEqual(["paused", "utterance"]);
  });
});

describe("too long", () => {
  const longest = 4000 / stepMs; // 125 steps

  test("is cut at its deepest pause in the second half; the rest is the next utterance and goes on", () => {
    const one = listener();
    one.hear(80, 0.9);
    one.hear(2, 0.4); // shallow
    one.hear(8, 0.9);
    one.hear(3, 0.05); // 96 ms: too short to be a pause, the deepest there is
    const rest = longest - 93;
    const effects = one.hear(rest, 0.9);
    expect(kinds(effects)).toEqual(["utterance", "started"]);
    const [cut, next] = effects;
    if (cut?.kind !== "utterance" || next?.kind !== "started") throw new Error("other effects");
    expect(cut).toMatchObject({ pause: undefined, from: 0, reason: "too-long" });
    expect(ms(cut.to)).toBeGreaterThanOrEqual(90 * stepMs - 32);
    expect(ms(cut.to)).toBeLessThanOrEqual(93 * stepMs + 32);
    expect(next).toEqual({ kind: "started", utteranceId: 2, speechFrom: cut.to });
    const after = one.hear(22, 0);
    expect(after).toMatchObject([
      { kind: "paused", utteranceId: 2, from: cut.to },
      { kind: "utterance", utteranceId: 2, from: cut.to, reason: "silence" },
    ]);
  });

  test("one step less is not cut", () => {
    const one = listener();
    expect(kinds(one.hear(longest - 1, 0.9))).toEqual(["started"]);
    expect(kinds(one.hear(1, 0.9))).toEqual(["utterance", "started"]);
  });

  test("in a pause it is over, with that pause's sound", () => {
    const one = listener();
    one.wait(5000);
    one.hear(100, 0.9);
    one.wait(5000);
    const effects = one.hear(25, 0);
    expect(effects).toMatchObject([
      { kind: "paused", pause: 1 },
      { kind: "utterance", pause: 1, reason: "too-long" },
    ]);
  });

  test("speech without end is cut again and again, and no sample is lost or told twice", () => {
    const one = listener();
    const cuts = one.hear(2000, 0.8).filter((effect) => effect.kind === "utterance");
    expect(cuts.length).toBeGreaterThan(15);
    let reached = 0;
    for (const cut of cuts) {
      expect(cut.from).toBe(reached);
      reached = cut.to;
      expect(ms(cut.to - cut.from)).toBeLessThanOrEqual(4000);
    }
  });
});
