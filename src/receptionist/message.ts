/** Ways out: to a message for the team, or to a goodbye that says so. */
import { askSlot, nextQuestion } from "./ask.ts";
import {
  clearTask,
  type Draft,
  end,
  enter,
  flowSlot,
  isMessage,
  messageTask,
  miss,
  say,
  setSlot,
  slotOf,
  submit,
} from "./draft.ts";
import type { SlotName } from "./flow.ts";
import { personToTry, putThrough } from "./people.ts";
import { aboutTask } from "./tasks/rules.ts";

const MAX_ABOUT_CHARACTERS = 500;
/** For the team to read; its certainty is 0. */
const NO_NAME = "Name not understood";

/** Begins the message, `about` filled in if it is known. Name and number that we have are kept. */
export function startMessage(draft: Draft, about: string | undefined): void {
  const { state } = draft;
  clearTask(draft);
  state.task = messageTask(draft.flow)?.id ?? null;
  for (const key of ["name", "phone", "confirm", "change"]) delete state.tries[key];
  if (about !== undefined) setSlot(draft, "message", about.trim().slice(0, MAX_ABOUT_CHARACTERS), 1);
  nextQuestion(draft);
}

/** An item could not be had. What was being arranged becomes a message. */
export function giveUp(draft: Draft, failed: SlotName): void {
  if (failed === "phone") return withoutNumber(draft);
  if (isMessage(draft)) {
    setSlot(draft, failed, failed === "name" ? NO_NAME : "Please call back.", 0);
    return nextQuestion(draft);
  }
  if (givenToPerson(draft)) return;
  say(draft, "giveUpMessage");
  const about = aboutTask(draft);
  if (failed === "name") setSlot(draft, "name", NO_NAME, 0); // asked for often enough
  startMessage(draft, about);
}

/** Where we are at our wits' end a person is better than a message, if there is one to be had. */
export function givenToPerson(draft: Draft): boolean {
  const person = personToTry(draft, undefined);
  if (person === undefined) return false;
  say(draft, "giveUpPerson");
  return putThrough(draft, person);
}

/** The number could not be had. Who called and what about is worth a note; the call's own row may know the number. */
function withoutNumber(draft: Draft): void {
  const { state } = draft;
  const name = slotOf(draft, "name");
  if (name === undefined || name.certainty === 0) {
    say(draft, "cannotHelp");
    return end(draft, "failed");
  }
  const about = aboutTask(draft) ?? "";
  const forWhom = state.forWhom ?? undefined;
  state.task = messageTask(draft.flow)?.id ?? null;
  say(draft, "noNumber");
  submit(draft, { kind: "take-message", name: name.value, phone: "", about, forWhom });
}

/** The answer to a slot was not understood: `explain`, then once more in other words, or give up. */
export function retrySlot(draft: Draft, name: SlotName, explain?: () => void): void {
  const tries = miss(draft, name);
  if (tries >= (flowSlot(draft, name)?.maxTries ?? 3)) return giveUp(draft, name);
  explain?.();
  askSlot(draft, name);
}

/** As `retrySlot`, where `ask` is the whole question. */
export function retryWith(draft: Draft, name: SlotName, ask: () => void): void {
  if (miss(draft, name) >= (flowSlot(draft, name)?.maxTries ?? 3)) return giveUp(draft, name);
  ask();
  enter(draft, { kind: "slot", slot: name });
}
