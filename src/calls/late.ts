/** The caller has spoken, and it takes time to make out what: a word now and then, and in the end "say that again". Pure. */
import { cancelled } from "./earlier.ts";
import type { CallState, Now, Step, Talk } from "./machine.ts";
import { converse } from "./talking.ts";
import { notHeard } from "./turn-taking.ts";

/** After the first word a little more. */
const stillLateMs = 3_500;
/** Whoever has been told so often and waited on is asked again: nobody waits for ten seconds for one answer. */
const mostWaits = 2;

export function late<S>(state: CallState<S>, talk: Talk<S>, now: Now): Step<S> {
  const { hearing } = state;
  if (state.phase !== "talking" || hearing?.final === undefined) return { state, effects: [] };
  if (hearing.waits >= mostWaits) {
    const step = notHeard({ ...state, earlier: [] }, talk, now, true);
    return { state: step.state, effects: [...cancelled([...state.earlier, { hearing }]), ...step.effects] };
  }
  const waiting: CallState<S> = { ...state, hearing: { ...hearing, waits: hearing.waits + 1 } };
  // What he spoke into is held until it is known what he said, or for 5 s (agent-sound.ts): longer than the first wait.
  const isHeld = hearing.waits === 0 && state.saying.every(({ interruptible }) => interruptible);
  const isSilent = state.saying.length === 0 || isHeld;
  const step = isSilent
    ? converse(waiting, talk, [{ kind: "late", times: hearing.waits, now: now.local }], now)
    : { state: waiting, effects: [] };
  return { state: step.state, effects: [...step.effects, { kind: "timer", name: "late", afterMs: stillLateMs }] };
}
