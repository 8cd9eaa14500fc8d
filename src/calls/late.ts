/** The caller has spoken, and it takes time to make out what: a word now and then, and in the end "say that again". Pure. */
import { cancelled } from "./earlier.ts";
import type { CallState, Hearing, Now, Step, Talk } from "./machine.ts";
import { converse } from "./talking.ts";
import { notHeard } from "./turn-taking.ts";

/** After the first word a little more. */
const stillLateMs = 3_500;
/** Whoever has been told so often and waited on is asked again: nobody waits for ten seconds for one answer. */
const mostWaits = 2;
/** While he may be hearing the rest of what he spoke into. It may be next to nothing: as soon as it is over he is told. */
const lookAgainMs = 500;
/** What is not over by then is counted as a wait: it may be a voice that never comes. */
const mostLooks = 7;

export function late<S>(state: CallState<S>, talk: Talk<S>, now: Now): Step<S> {
  const { hearing } = state;
  if (state.phase !== "talking" || hearing?.final === undefined) return { state, effects: [] };
  if (hearing.waits >= mostWaits) {
    const step = notHeard({ ...state, earlier: [] }, talk, now, true);
    return { state: step.state, effects: [...cancelled([...state.earlier, { hearing }]), ...step.effects] };
  }
  // What he spoke into is held until it is known what he said, or for 5 s (agent-sound.ts): longer than the first wait.
  const isHeld = hearing.waits === 0 && state.saying.every(({ interruptible }) => interruptible);
  const isSilent = state.saying.length === 0 || isHeld;
  if (!isSilent)
    return { state: lookedAgain(state, hearing), effects: [{ kind: "timer", name: "late", afterMs: lookAgainMs }] };
  const told: CallState<S> = { ...state, hearing: { ...hearing, waits: hearing.waits + 1, looks: 0 } };
  const step = converse(told, talk, [{ kind: "late", times: hearing.waits, now: now.local }], now);
  return { state: step.state, effects: [...step.effects, { kind: "timer", name: "late", afterMs: stillLateMs }] };
}

function lookedAgain<S>(state: CallState<S>, hearing: Hearing): CallState<S> {
  const { waits, looks } = hearing;
  const isEnough = looks >= mostLooks;
  return { ...state, hearing: { ...hearing, waits: isEnough ? waits + 1 : waits, looks: isEnough ? 0 : looks + 1 } };
}
