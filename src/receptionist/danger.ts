/** Emergencies: fixed words at once, from any state; then the line is given up, unless it was a mistake. */
import type { Heard } from "./contract.ts";
import { disclose } from "./disclosure.ts";
import { type Draft, end, enter, say, slotOf, speak } from "./draft.ts";
import { emergencyText } from "./emergency-texts.ts";
import { SURE_PROPERTY } from "./fill.ts";
import { askedNow, listeningOf, propertyWith } from "./listening.ts";
import type { Phase } from "./state.ts";
import { readAnswer } from "./understanding/answers.ts";
import { readEmergency } from "./understanding/emergencies.ts";
import type { Danger } from "./understanding/emergency-words.ts";
import { tokenise } from "./understanding/tokens.ts";
import { understand } from "./understanding/understand.ts";

/** How often the words are said before we hang up. */
const TIMES_SAID = 3;

export function alarm(draft: Draft, { danger, unwell }: { danger: Danger; unwell: boolean }, heard: Heard): void {
  const { state, view } = draft;
  const text = emergencyText(danger, unwell, view.agency().jurisdiction);
  const back: Phase = "back" in state.phase ? state.phase.back : state.phase;
  // Nobody in danger is kept waiting for a person to pick up a telephone.
  if (state.phase.kind === "transferring") draft.effects.push({ kind: "cancel-transfer" });
  state.alarmed = true;
  state.holds = null;
  // The effect comes first: whatever is being said, the disclosure included, makes way.
  const emergency = danger === "carbon-monoxide" ? "gas" : danger;
  const property = propertySpokenOf(draft, heard);
  draft.effects.push({ kind: "emergency", emergency, ...(property === undefined ? {} : { property }) });
  speak(draft, { text, fixed: !unwell }, false);
  enter(draft, { kind: "emergency", text, said: 1, back });
}

/** For whoever is sent there: the listing named just now, that of the task in progress, or the one talked of last. */
function propertySpokenOf(draft: Draft, heard: Heard): string | undefined {
  const { property } = understand(heard, listeningOf(draft, askedNow(draft)));
  if (property?.kind === "one" && property.certainty < SURE_PROPERTY) return undefined; // none is better than a wrong one
  const named = property?.kind === "one" ? property.id : undefined;
  const id = named ?? slotOf(draft, "property")?.value ?? draft.state.about;
  return id === null ? undefined : propertyWith(draft, id)?.id;
}

/** More words after the alarm: the numbers again, or back if there never was a danger. */
export function afterAlarm(draft: Draft, phase: Extract<Phase, { kind: "emergency" }>, text: string): void {
  const danger = readEmergency({ text, nbest: [] });
  if (danger) {
    const words = emergencyText(danger.danger, danger.unwell, draft.view.agency().jurisdiction);
    return sayAgain(draft, { ...phase, text: words });
  }
  if (isDenial(text)) return standDown(draft, phase.back);
  if (/\b(?:bye|thank|thanks|okay|ok|right|going|will do|yes)\b/i.test(text)) return end(draft, "emergency");
  sayAgain(draft, phase);
}

/** Silence after the words: said once more, then the line is free for the call that matters. */
export function sayAgain(draft: Draft, phase: Extract<Phase, { kind: "emergency" }>): void {
  if (phase.said >= TIMES_SAID) return end(draft, "emergency");
  speak(draft, { text: phase.text, fixed: true }, false);
  enter(draft, { ...phase, said: phase.said + 1 });
}

/** "No, there's no gas, I want to view a house." */
const isDenial = (text: string): boolean =>
  readAnswer(tokenise(text)) === "no" &&
  /\b(?:no (?:gas|fire|smoke|emergency|danger|smell|leak)|isn't|not a|not an|didn't (?:say|mean)|there's no|there isn't|misunder\w+|misheard|view|mistake|wrong)\b/i.test(
    text,
  );

function standDown(draft: Draft, back: Phase): void {
  const { state } = draft;
  state.alarmed = false;
  enter(draft, back);
  say(draft, "misheardDanger");
  if (!state.disclosed) return disclose(draft);
  for (const spoken of state.lastSaid) speak(draft, spoken);
}
