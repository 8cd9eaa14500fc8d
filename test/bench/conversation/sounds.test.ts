import { expect, test } from "bun:test";
import { isLoud, rms } from "../../caller/loudness.ts";
import { createMouths } from "../../caller/voice.ts";
import { scriptsOf } from "./script.ts";
import { framesOf, rendered } from "./sounds.ts";

/** The first line of each voice takes a moment: it is measured. */
const timeoutMs = 30_000;
const mouth = await createMouths();
const [first = { index: 0, voice: "gmw/en", moves: [] }] = scriptsOf(1, 1, ["Tuesday"]);

test(
  "a pause is as long as it is asked to be, from the last loud frame to the next, and nothing in it is loud",
  () => {
    const pieces = [{ words: "er" }, { pauseMs: 600 }, { words: "on Tuesday" }, { pauseMs: 300 }, { words: "please" }];
    const { samples, heard, pauses } = rendered({ kind: "turn", label: "hesitant", pieces }, first, mouth);
    const loud = framesOf(samples).map(isLoud);
    expect(pauses.map(({ ms, from, to }) => [ms, (to - from) * 20])).toEqual([
      [600, 600],
      [300, 300],
    ]);
    for (const { from, to } of pauses) {
      expect(loud.slice(from, to)).not.toContain(true);
      expect([loud[from - 1], loud[to]]).toEqual([true, true]);
    }
    expect([loud[heard.from], loud[heard.to - 1], loud.slice(heard.to).includes(true)]).toEqual([true, true, false]);
  },
  timeoutMs,
);

test(
  "side talk is 15 dB below the caller, in another voice; the same move sounds the same again",
  () => {
    const aside = { kind: "sound", sound: "side talk", words: "not now love", variant: 1, afterMs: 0 } as const;
    const { samples, heard } = rendered(aside, first, mouth);
    const own = rendered({ kind: "barge-in", words: "not now love", afterMs: 0 }, first, mouth);
    const level = (sound: Int16Array) => 20 * Math.log10(Math.max(...framesOf(sound).map(rms)));
    expect(level(own.samples) - level(samples)).toBeGreaterThan(11);
    expect(level(own.samples) - level(samples)).toBeLessThan(19);
    expect(heard.to - heard.from).toBeGreaterThan(25);
    expect(rendered(aside, first, mouth).samples).toEqual(samples);
  },
  timeoutMs,
);

test("another variant is another cough", () => {
  const coughs = [1, 2].map((variant) =>
    rendered({ kind: "sound", sound: "cough", words: "", variant, afterMs: 0 }, first, mouth),
  );
  expect(coughs[0]?.samples).not.toEqual(coughs[1]?.samples);
  expect((coughs[0]?.heard.to ?? 0) * 20).toBeGreaterThan(400);
});
