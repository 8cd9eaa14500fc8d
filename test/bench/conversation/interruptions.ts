/**
 * What a sound into the agent's words did to them, from the two channels alone: the same words were heard once without
 * it, so every frame in which the agent should be heard and is not is known, and so is whether what it says afterwards
 * are those words or others. Pure.
 */
import { findSound } from "./heard-again.ts";
import { frameMs, frameSamples, type Span } from "./sounds.ts";

/** Frames of 20 ms of what was received. */
export type Heard = { frames: readonly Int16Array[]; loud: readonly boolean[] };

/** What the agent said in one go, and where in the call; `disturbed`: a sound of the caller's fell into it. */
export type Prompt = Heard & Span & { disturbed: boolean };

/** Where in the call these words begin, where the caller's sound is in them, and his next move. */
export type Disturbance = { prompt: number; sound: Span; until: number };

export type Interruption = {
  /** From the sound's onset to the first frame that is missing; undefined: the agent spoke on. */
  silentMs: number | undefined;
  /** From the sound's end until the agent spoke again, not below 0; undefined: it did not. */
  resumedMs: number | undefined;
  outcome: Outcome;
};

/** `repeated`: the words were said again from their beginning. The last two are what must not happen. */
export type Outcome = "spoke on" | "resumed" | "repeated" | "answered" | "fell silent";

/** A frame or two may be lost or late: so many in a row are missing because the agent stopped. */
const missingFrames = 3;
/** Of what is said afterwards, so much is compared. */
const compareFrames = 25;
/** Resumed may mean from the beginning of the word, or of the clause. */
const fromStartFrames = 15;
const lateFrames = 20;

/** Whether what was said before the sound is how these other words begin. */
export function isBeginningOf(heard: Heard, { prompt, sound }: Disturbance, words: Heard): boolean {
  const before = { from: prompt, to: Math.min(sound.from, prompt + 2 * compareFrames) };
  const beginning = { frames: words.frames.slice(0, before.to - prompt + missingFrames), loud: [] };
  return placeOf(heard, before, beginning) !== undefined;
}

/**
 * @param undisturbed The same words of the agent, from their first loud frame to their last.
 * @returns undefined if too little was left of them to disturb.
 */
export function interruptionOf(
  heard: Heard,
  undisturbed: Heard,
  { prompt, sound, until }: Disturbance,
): Interruption | undefined {
  const place = (frame: number) => frame - prompt;
  if (place(sound.from) >= undisturbed.frames.length - compareFrames) return undefined;
  const stop = firstMissing(heard, undisturbed, sound.from, until, place);
  const silentMs = stop === undefined ? undefined : (stop - sound.from) * frameMs;
  let end = prompt + undisturbed.frames.length;
  let outcome: Outcome = "spoke on";
  let resumedMs: number | undefined;
  if (stop !== undefined) {
    const back = heard.loud.indexOf(true, stop + missingFrames);
    if (back < 0 || back >= until) return { silentMs, resumedMs, outcome: "fell silent" };
    resumedMs = Math.max(0, (back - sound.to) * frameMs);
    const at = placeOf(heard, { from: back, to: Math.min(until, back + compareFrames) }, undisturbed);
    if (at === undefined) return { silentMs, resumedMs, outcome: "answered" };
    outcome = at <= fromStartFrames && place(stop) > 2 * fromStartFrames ? "repeated" : "resumed";
    end = back - at + undisturbed.frames.length;
  }
  const more = heard.loud.indexOf(true, Math.max(end + lateFrames, sound.to));
  if (more >= 0 && more < until) {
    const at = placeOf(heard, { from: more, to: Math.min(until, more + compareFrames) }, undisturbed);
    outcome = at === undefined ? "answered" : at <= fromStartFrames ? "repeated" : outcome;
  }
  return { silentMs, resumedMs, outcome };
}

/** The first frame from which on several in a row are silent that were loud when nobody disturbed. */
function firstMissing(
  heard: Heard,
  undisturbed: Heard,
  from: number,
  until: number,
  place: (frame: number) => number,
): number | undefined {
  let missing = 0;
  for (let frame = from; frame < until && place(frame) < undisturbed.loud.length; frame++) {
    const isMissing = undisturbed.loud[place(frame)] === true && heard.loud[frame] !== true;
    missing = isMissing ? missing + 1 : 0;
    if (missing === missingFrames) return frame - missingFrames + 1;
  }
  return undefined;
}

/** @returns the frame of `undisturbed` at which the span of `heard` begins; undefined if it is not in there. */
function placeOf(heard: Heard, { from, to }: Span, undisturbed: Heard): number | undefined {
  const at = findSound(joinedFrames(heard.frames.slice(from, to)), joinedFrames(undisturbed.frames));
  return at === undefined ? undefined : Math.round(at / frameSamples);
}

function joinedFrames(frames: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(frames.length * frameSamples);
  for (const [i, frame] of frames.entries()) out.set(frame.subarray(0, frameSamples), i * frameSamples);
  return out;
}
