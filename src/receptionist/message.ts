/** Ways out: to a message for the team, or to a goodbye that says so. */
import { askSlot, nextQuestion } from "./ask.ts";
import { clearSlot, type Draft, end, enter, flowSlot, miss, say, setSlot, slotOf } from "./draft.ts";
import type { SlotName } from "./flow.ts";
import { propertyWith } from "./listening.ts";
import { personToTry, putThrough } from "./people.ts";
import { dateInWords, timeInWords } from "./wording.ts";

const MAX_ABOUT_CHARACTERS = 500;
/** For the team to read; its certainty is 0. */
const NO_NAME = "Name not understood";

/** Begins the message, `about` filled in if it is known. Name and number that we have are kept. */
export function startMessage(draft: Draft, about: string | undefined): void {
  const { state } = draft;
  state.task = "message";
  state.changed = null;
  state.phoneSoFar = "";
  state.timeWish = null;
  state.anyDay = false;
  for (const name of ["property", "date", "time", "message"] as const) clearSlot(draft, name);
  for (const key of ["name", "phone", "confirm", "change"]) delete state.tries[key];
  if (about !== undefined) setSlot(draft, "message", about.trim().slice(0, MAX_ABOUT_CHARACTERS), 1);
  nextQuestion(draft);
}

/** An item could not be had. A booking becomes a message. */
export function giveUp(draft: Draft, failed: SlotName): void {
  if (failed === "phone") return withoutNumber(draft);
  if (draft.state.task === "message") {
    setSlot(draft, failed, failed === "name" ? NO_NAME : "Please call back.", 0);
    return nextQuestion(draft);
  }
  if (givenToPerson(draft)) return;
  say(draft, "giveUpMessage");
  const about = aboutViewing(draft);
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
  const about = state.task === "message" ? (slotOf(draft, "message")?.value ?? "") : aboutViewing(draft);
  const forWhom = state.forWhom ?? undefined;
  state.task = "message";
  say(draft, "noNumber");
  draft.effects.push({ kind: "take-message", name: name.value, phone: "", about, forWhom });
  enter(draft, { kind: "waiting" });
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

/** What is known of a viewing that could not be booked. */
export function aboutViewing(draft: Draft): string {
  const [property, date, time] = [slotOf(draft, "property"), slotOf(draft, "date"), slotOf(draft, "time")];
  const address = property && propertyWith(draft, property.value)?.address;
  const parts = [
    `Would like to view ${address ?? "a property"}`,
    date && `on ${dateInWords(date.value)}`,
    time && `at ${timeInWords(time.value)}`,
  ];
  return `${parts.filter(Boolean).join(" ")}.`;
}
