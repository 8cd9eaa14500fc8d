/** What must be true of the playout for any order of prompts, holds, releases and drops. Seeded. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { createPlayout, type PlayoutEvent } from "../../src/media/playout.ts";

const runs = { seed: 20_261_121, numRuns: 400 };
const frameMs = 20;
const fadeMs = 8;
/** Of one prompt, said twice; and once for each time that it fades. */
const mostRepeatedMs = 1_500;

type Act =
  | { kind: "append"; playId: number; ms: number; last: boolean; interruptible: boolean }
  | { kind: "pull"; frames: number }
  | { kind: "hold" | "release" }
  | { kind: "drop"; playId: number };

const playId = fc.integer({ min: 1, max: 5 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant("append" as const),
    playId,
    ms: fc.integer({ min: 0, max: 900 }),
    last: fc.boolean(),
    interruptible: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("pull" as const), frames: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constantFrom("hold" as const, "release" as const) }),
  fc.record({ kind: fc.constant("drop" as const), playId }),
);

/** Every prompt is its own level, so that what is heard tells whose it is. */
const level = (id: number) => 1_000 * id;

function play(acts: readonly Act[]) {
  const playout = createPlayout();
  const events: PlayoutEvent[] = [];
  const appendedMs = new Map<number, number>();
  const isInterruptible = new Map<number, boolean>();
  const heardMs = new Map<number, number>();
  let holds = 0;
  let isHeld = false;
  let heldFrames = 0;
  const spokenWhileHeld: number[] = [];

  function pull(): void {
    const into = new Int16Array(frameMs * 8);
    events.push(...playout.pull(into, 8000));
    into.forEach((sample, n) => {
      const id = sample / 1000;
      if (Number.isInteger(id) && id > 0) heardMs.set(id, (heardMs.get(id) ?? 0) + 1 / 8);
      const isFading = heldFrames === 0 && n < fadeMs * 8;
      if (isHeld && !isFading && sample !== 0) spokenWhileHeld.push(Math.round(id));
    });
    if (isHeld) heldFrames++;
  }

  for (const one of acts) {
    if (one.kind === "append") {
      isInterruptible.set(one.playId, isInterruptible.get(one.playId) ?? one.interruptible);
      const samples = new Int16Array(one.ms * 8).fill(level(one.playId));
      const appended = playout.append({ ...one, audio: { kind: "pcm", rateHz: 8000, samples } });
      if (appended === "appended") appendedMs.set(one.playId, (appendedMs.get(one.playId) ?? 0) + one.ms);
    } else if (one.kind === "pull") for (let n = 0; n < one.frames; n++) pull();
    else if (one.kind === "drop") events.push(...playout.drop(one.playId));
    else if (one.kind === "hold") {
      if (!isHeld) [holds, heldFrames] = [holds + 1, 0];
      isHeld = true;
      for (const held of playout.hold()) expect(held.playedMs).toBeLessThanOrEqual(appendedMs.get(held.playId) ?? 0);
    } else {
      isHeld = false;
      playout.release();
    }
  }
  isHeld = false;
  playout.release();
  for (const id of isInterruptible.keys())
    playout.append({ playId: id, audio: undefined, last: true, interruptible: true });
  const endings = () => events.filter(({ kind }) => kind === "ended").length;
  for (let n = 0; n < 2_500 && endings() < isInterruptible.size; n++) pull();
  return { events, appendedMs, isInterruptible, heardMs, holds, spokenWhileHeld };
}

test("every prompt begins at most once and ends exactly once; no more is said to be played than was given", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const { events, appendedMs, isInterruptible } = play(acts);
      for (const id of isInterruptible.keys()) {
        const own = events.filter((event) => event.playId === id).map(({ kind }) => kind);
        expect(own.filter((kind) => kind === "started").length).toBeLessThanOrEqual(1);
        expect(own.filter((kind) => kind === "ended")).toEqual(["ended"]);
        expect(own.at(-1)).toBe("ended");
        for (const event of events) {
          if (event.kind !== "ended" || event.playId !== id) continue;
          expect(event.playedMs).toBeLessThanOrEqual((appendedMs.get(id) ?? 0) + 1e-6);
          if (event.completed) expect(event.playedMs).toBeCloseTo(appendedMs.get(id) ?? 0, 6);
        }
      }
    }),
    runs,
  );
});

test("nothing is heard twice but what a resumption repeats, and nothing interruptible while it is held", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const { appendedMs, heardMs, holds, isInterruptible, spokenWhileHeld } = play(acts);
      for (const [id, ms] of heardMs)
        expect(ms).toBeLessThanOrEqual(
          (appendedMs.get(id) ?? 0) + (holds > 0 ? mostRepeatedMs + holds * fadeMs : 0) + 1e-6,
        );
      for (const id of spokenWhileHeld) expect(isInterruptible.get(id)).toBe(false);
    }),
    runs,
  );
});
