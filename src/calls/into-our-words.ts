/** Of what was said into our words: whether it is an answer to us. Pure. */
import type { Unfinished } from "../receptionist/contract.ts";
import { readEmergency } from "../receptionist/understanding/emergencies.ts";
import type { Transcript } from "../speech/ports.ts";
import { type CallState, type Hearing, heardOf, type Now, type Talk } from "./machine.ts";
import { isOfNobody, unheard } from "./nobody.ts";
import { isFaintBeside } from "./speaking-level.ts";

/** Something that the caller may interrupt is being said, or about to be. */
export const isHoldingBack = <S>(state: CallState<S>): boolean => state.saying.some((say) => say.interruptible);

export function unfinishedOf<S>({ saying }: CallState<S>): Unfinished | undefined {
  const last = saying.findLast((say) => say.interruptible);
  return last && { text: last.text, heardText: last.heardText };
}

/** So often between two turns somebody is in the background; more often it is the caller, who now speaks less loudly. */
const mostInBackground = 2;

/** Said by somebody behind the caller, or by him to somebody else. */
export const isFaint = <S>({ levelsDb, faint }: CallState<S>, hearing: Hearing | undefined): boolean =>
  faint <= mostInBackground && isFaintBeside(levelsDb, hearing?.levelDb);

/**
 * Whether it is an answer to us: no noise, no "mm-hm", nothing said to somebody else, nor by somebody behind the caller.
 * Danger is one from wherever it is called.
 */
export function isTurn<S>(
  state: CallState<S>,
  talk: Talk<S>,
  hearing: Hearing | undefined,
  transcript: Transcript,
  now: Now,
): boolean {
  if (transcript.text === "" || isOfNobody(transcript, hearing?.voice ?? unheard)) return false;
  const unfinished = unfinishedOf(state) ?? hearing?.into;
  if (unfinished === undefined) return true;
  const heard = heardOf(transcript);
  if (isFaint(state, hearing) && readEmergency(heard) === undefined) return false;
  return talk.interrupts(state.talk, heard, unfinished, now.local);
}
