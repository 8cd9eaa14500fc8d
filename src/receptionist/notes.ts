/** What a call's record keeps of a conversation beside its words: how far it got, and what went wrong. Pure. */
import type { TalkNotes } from "./contract.ts";
import type { State } from "./state.ts";

/** Counted by the receptionist for ends of its own: no sign that it did not understand. */
const NOT_MISHEARD = new Set([
  "abuse",
  "corrections",
  "danger-notice",
  "days",
  "offers",
  "read-back",
  "spoken-at-keys",
  "welcome",
  "yes-no-by-key",
]);

export function notesOf({ task, answered, unanswered, tries, holds }: State): TalkNotes {
  const misses = Object.entries(tries).filter(([what]) => !NOT_MISHEARD.has(what) && !what.startsWith("yes-"));
  return { task, answered, unanswered, misses: Object.fromEntries(misses), holding: holds !== null };
}
