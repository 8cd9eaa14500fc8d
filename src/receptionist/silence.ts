/** Nothing heard, or nothing that our hearing could make out. */
import { byKeys, silentAtKeys } from "./by-keys.ts";
import { sayAgain } from "./danger.ts";
import { type Draft, end, say } from "./draft.ts";
import { repeatQuestion } from "./global.ts";
import { digitsInGroups } from "./wording.ts";

/** After that many silences in a row the line is given up. */
const MOST_SILENCES = 3;

export function noInput(draft: Draft, isFaint: boolean): void {
  const { state } = draft;
  if (state.phase.kind === "emergency") return sayAgain(draft, state.phase);
  if (state.phase.kind === "keypad") return silentAtKeys(draft, state.phase);
  if (!state.hears && state.phase.kind !== "waiting") return byKeys(draft); // he may well have spoken
  if (state.holds !== null) return stillHolding(draft, state.holds);
  state.silences++;
  if (state.phase.kind === "else" && state.silences > 1) {
    say(draft, "goodbye");
    return end(draft, "nothing");
  }
  if (state.silences > MOST_SILENCES) {
    if (isFaint) return byKeys(draft); // keys are loud on the worst of lines
    say(draft, "noAnswer");
    return end(draft, "nothing");
  }
  if (state.phoneSoFar !== "" && state.asks === "phone") {
    return say(draft, "soFar", { digits: digitsInGroups(state.phoneSoFar) });
  }
  say(draft, "noInput", {}, state.silences - 1);
  repeatQuestion(draft);
}

/** The caller asked us to wait: a word now and then, and after a minute the question again. */
function stillHolding(draft: Draft, holds: number): void {
  const { state } = draft;
  if (holds + 1 >= draft.flow.limits.holds) {
    state.holds = null;
    return repeatQuestion(draft);
  }
  state.holds = holds + 1;
  say(draft, "stillHere");
}
