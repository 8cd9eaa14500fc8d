/** What every caller hears first and in full: that this is a machine, and that the call is recorded. */
import { type Draft, end } from "./draft.ts";
import { filled, isFixed } from "./flow.ts";

/** The disclosure is tried this often; a line on which it cannot be heard is given up. */
const DISCLOSURE_TRIES = 4;

export function disclose(draft: Draft): void {
  const { state } = draft;
  if (++state.disclosureTries > DISCLOSURE_TRIES) return end(draft, "failed");
  const text = draft.flow.prompts.disclosure[0] ?? "";
  const sayId = state.nextSayId++;
  state.disclosureSayId = sayId;
  const words = filled(text, { agency: draft.view.agency().name });
  draft.effects.push({ kind: "say", sayId, text: words, interruptible: false, fixed: isFixed(text), disclosure: true });
}
