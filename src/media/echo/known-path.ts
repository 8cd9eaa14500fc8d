/** An echo's path at work, block by block: what is left of a frame, whose voice that is, and whether the path still holds. */
import { pathBlocks } from "./path-filter.ts";
import { type FoundPath, shifted } from "./path-search.ts";
import { createResidualGate } from "./residual-gate.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

export type KnownPath = {
  /** The latest frame of the timeline. @returns valid until the next call. */
  cancel(frame: Int16Array): { samples: Int16Array; verdict: Verdict };
  /** The echo comes by another way now. */
  follow(path: FoundPath): void;
  /**
   * The same way, but so many samples longer, or shorter.
   * @param next where on the timeline of what is heard the next block begins.
   */
  shift(samples: number, next: number): void;
  /** After a pause: nothing of what was said before comes back any more. */
  rest(): void;
  /** The echo may come by another way than it did. */
  readonly isDoubtful: boolean;
  /** For long it has been of no use. */
  readonly isIdle: boolean;
  readonly path: FoundPath;
};

/** How much of the sums is kept from block to block: of 30 ms, and of a second. */
const [shortMemory, longMemory] = [0.7, 0.99];
/** A path that is right leaves less than there was, whoever speaks besides; one that is wrong adds what it foresaw. */
const [worse, telling] = [1.15, 0.25];
/** Where a path hardly helps, a voice may be the caller's, or ours by another way: for so long that is looked into. */
const [doubtful, comparable, longestDoubtMs] = [0.75, 0.35, 160];
/** After so much of being wrong it must be the room that changed, and is learned anew. */
const doubtMs = 300;
/** Less than half a dB is no use; asked of a path that had the time to learn. */
const [useless, learnedMs] = [0.89, 1500];

export function createKnownPath(timeline: Timeline, found: FoundPath): KnownPath {
  const { rateHz, blockSamples } = timeline;
  const blockMs = (1000 * blockSamples) / rateHz;
  const gate = createResidualGate(rateHz);
  const [echo, left] = [new Float64Array(blockSamples), new Float64Array(blockSamples)];
  let path = found;
  let cleaned = new Int16Array(0);
  /** How the block before ended: with the echo taken out, or as it came. */
  let wasBetter = true;
  let [leftSum, heardSum, echoSum] = [0, 0, 0];
  let [longLeft, longHeard] = [0, 0];
  let [wrongMs, doubtedMs, ageMs] = [0, 0, 0];

  function follow(next: FoundPath): void {
    path = next;
    gate.reset(2 * next.left);
    [leftSum, heardSum, echoSum, longLeft, longHeard] = [0, 0, 0, 0, 0];
    [wrongMs, doubtedMs, ageMs] = [0, 0, 0];
  }
  follow(found);

  /** What will be said cannot be foreseen, where what comes before the echo is cut short. */
  const heldBack = (): number => Math.max(0, path.lagSamples);

  /** One block, which ends at `end`. @returns its verdict. */
  function cancelBlock(frame: Int16Array, at: number, end: number): Verdict {
    path.filter.predict(timeline.saidBefore(end - heldBack(), blockSamples), echo);
    let [e, y, p] = [0, 0, 0];
    for (let n = 0; n < blockSamples; n++) {
      const value = (frame[at + n] ?? 0) / 32_768;
      const foreseen = echo[n] as number;
      const rest = value - foreseen;
      left[n] = rest;
      e += rest * rest;
      y += value * value;
      p += foreseen * foreseen;
    }
    weigh(e, y, p);
    if (wrongMs === 0 || wrongMs > doubtMs) path.filter.learn(left);
    write(frame, at, e <= y);
    if (e > y) for (let n = 0; n < blockSamples; n++) left[n] = (frame[at + n] ?? 0) / 32_768;
    const verdict = gate.judge(echo, left);
    if (verdict === "echo") {
      longLeft = longMemory * longLeft + Math.min(e, y);
      longHeard = longMemory * longHeard + y;
    }
    const isDoubtful = leftSum > doubtful * heardSum && echoSum > comparable * heardSum;
    doubtedMs = verdict === "echo" ? 0 : doubtedMs + (isDoubtful ? blockMs : 0);
    const isUnsure = wrongMs > 0 || (isDoubtful && doubtedMs <= longestDoubtMs);
    return verdict === "caller" && isUnsure ? "unsure" : verdict;
  }

  function weigh(e: number, y: number, p: number): void {
    ageMs += blockMs;
    leftSum = shortMemory * leftSum + e;
    heardSum = shortMemory * heardSum + y;
    echoSum = shortMemory * echoSum + p;
    const isWrong = leftSum > worse * heardSum && echoSum > telling * heardSum;
    wrongMs = isWrong ? wrongMs + blockMs : 0;
    if (wrongMs === doubtMs) path.filter.doubt();
  }

  /** What is left where that is less than what came; from one to the other within the block. */
  function write(frame: Int16Array, at: number, isBetter: boolean): void {
    const [from, to] = [wasBetter ? 1 : 0, isBetter ? 1 : 0];
    for (let n = 0; n < blockSamples; n++) {
      const share = from + ((to - from) * n) / blockSamples;
      const value = (frame[at + n] ?? 0) - 32_768 * share * (echo[n] as number);
      cleaned[at + n] = Math.max(-32_768, Math.min(32_767, Math.round(value)));
    }
    wasBetter = isBetter;
  }

  return {
    cancel(frame) {
      if (cleaned.length !== frame.length) cleaned = new Int16Array(frame.length);
      let verdict: Verdict = "echo";
      const start = timeline.heardEnd - frame.length;
      for (let at = 0; at < frame.length; at += blockSamples) {
        const judged = cancelBlock(frame, at, start + at + blockSamples);
        if (verdict !== "caller" && judged !== "echo") verdict = judged;
      }
      return { samples: cleaned, verdict };
    },
    follow,
    shift(samples, next) {
      path = shifted(path, samples, rateHz);
      path.filter.prime(timeline.saidBefore(next - heldBack(), pathBlocks * blockSamples));
    },
    rest() {
      path.filter.prime(new Float32Array(blockSamples));
      gate.rest();
      [leftSum, heardSum, echoSum, wrongMs] = [0, 0, 0, 0];
    },
    get isDoubtful() {
      return wrongMs > 0 || doubtedMs > 0;
    },
    get isIdle() {
      return ageMs >= learnedMs && longLeft > useless * longHeard;
    },
    get path() {
      return path;
    },
  };
}
