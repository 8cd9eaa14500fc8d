/** What must be true of the endpointer for any sequence of probabilities and waits. Seeded; a failure prints its case. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  type EndpointerEffect,
  type EndpointerInput,
  endpointerSettings,
  startEndpointer,
  stepEndpointer,
  stepSamples,
} from "../../src/media/endpointer.ts";

const runs = { seed: 20_261_121, numRuns: 300 };
const samplesPerMs = 16;
const settings = endpointerSettings({ speculateAfterMs: 120, defaultSilenceMs: 700, maxUtteranceMs: 4_000 });

/** Stretches, as speech and silence come; `wait` is for the utterance in progress, at its latest pause or at any. */
type Piece = { steps: number; probability: number } | { silenceMs: number; isLate: boolean };

const piece: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      steps: fc.integer({ min: 1, max: 40 }),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ silenceMs: fc.integer({ min: 200, max: 1_200 }), isLate: fc.boolean() }) },
);

type Noted = EndpointerEffect & { position: number };

/** And then silence. `spokenTo`: where that begins. */
function listen(pieces: readonly Piece[]): { effects: Noted[]; spokenTo: number } {
  let state = startEndpointer(settings);
  const effects: Noted[] = [];
  const feed = (input: EndpointerInput) => {
    const stepped = stepEndpointer(state, input);
    state = stepped.state;
    effects.push(...stepped.effects.map((effect) => ({ ...effect, position: state.position })));
  };
  for (const one of pieces) {
    if ("steps" in one) for (let n = 0; n < one.steps; n++) feed({ kind: "step", probability: one.probability });
    else {
      const utteranceId = state.nextUtteranceId - 1 - Number(one.isLate);
      feed({ kind: "wait", utteranceId, silenceMs: one.silenceMs, pause: state.utterance?.pauses });
    }
  }
  const spokenTo = state.position;
  for (let n = 0; n < 60; n++) feed({ kind: "step", probability: 0 });
  return { effects, spokenTo };
}

test("every sample is in at most one utterance, and utterances are in order", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      let heardTo = 0;
      let id = 0;
      for (const effect of listen(pieces).effects) {
        if (effect.kind !== "utterance") continue;
        expect(effect.utteranceId).toBe(++id);
        expect(effect.speechFrom).toBeGreaterThanOrEqual(effect.from);
        expect(effect.speechTo).toBeGreaterThanOrEqual(effect.speechFrom);
        expect(effect.to).toBeGreaterThanOrEqual(effect.speechTo);
        expect(effect.from).toBeGreaterThanOrEqual(heardTo); // its sound begins after the words of the one before
        expect(effect.to).toBeLessThanOrEqual(effect.position);
        expect(effect.to - effect.from).toBeLessThanOrEqual(settings.maxUtteranceMs * samplesPerMs + stepSamples);
        heardTo = effect.speechTo;
      }
    }),
    runs,
  );
});

test("started, then paused and resumed by turns, then over: in this order and no other, and none stays open", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      let open: { id: number; pause: number; isPaused: boolean } | undefined;
      for (const effect of listen(pieces).effects) {
        if (effect.kind === "started") {
          expect(open).toBeUndefined();
          open = { id: effect.utteranceId, pause: 0, isPaused: false };
          continue;
        }
        expect(effect.utteranceId).toBe(open?.id ?? Number.NaN);
        if (open === undefined) return;
        if (effect.kind === "paused") {
          expect([open.isPaused, effect.pause]).toEqual([false, open.pause + 1]);
          open = { ...open, pause: effect.pause, isPaused: true };
        } else if (effect.kind === "resumed") {
          expect(open.isPaused).toBe(true);
          open.isPaused = false;
        } else {
          expect(effect.pause).toBe(open.isPaused ? open.pause : undefined);
          open = undefined;
        }
      }
      expect(open).toBeUndefined();
    }),
    runs,
  );
});

test("no utterance ends by silence before 200 ms of it, and none is waited for longer than 1,200", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const { effects, spokenTo } = listen(pieces);
      for (const effect of effects) {
        if (effect.kind !== "utterance" || effect.reason !== "silence") continue;
        expect(effect.position - effect.speechTo).toBeGreaterThanOrEqual(200 * samplesPerMs);
        expect(effect.position - spokenTo).toBeLessThanOrEqual(1_200 * samplesPerMs + stepSamples);
      }
    }),
    runs,
  );
});
