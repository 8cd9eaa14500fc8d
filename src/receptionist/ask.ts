/** Questions: the next item, an item again, the read-back. */
import { appointmentInWords } from "./appointments.ts";
import { type Draft, enter, flowSlot, say, sayText, slotOf, taskOf } from "./draft.ts";
import type { SlotName } from "./flow.ts";
import { propertyWith } from "./listening.ts";
import { writtenPhone } from "./understanding/uk-phone.ts";
import { dateInWords, listInWords, poundsInWords, timeInWords } from "./wording.ts";

/** A slot's value as it is read back. */
export function inWords(draft: Draft, name: SlotName, value: string): string {
  switch (name) {
    case "property":
      return propertyWith(draft, value)?.address ?? value;
    case "date":
      return dateInWords(value);
    case "time":
      return timeInWords(value);
    case "phone":
      return writtenPhone(value);
    case "money":
      return poundsInWords(Number(value));
    case "beds":
      return `${value} bedroom${value === "1" ? "" : "s"}`;
    case "appointment":
      return appointmentInWords(draft, value);
    default:
      return value;
  }
}

/** Asks for the first item that is missing, or reads everything back. `fresh` are repeated in passing. */
export function nextQuestion(draft: Draft, fresh: readonly SlotName[] = []): void {
  const missing = taskOf(draft)?.slots.find((slot) => !slot.optional && slotOf(draft, slot.name) === undefined);
  if (missing === undefined) return readBack(draft);
  acknowledge(draft, fresh);
  askSlot(draft, missing.name);
}

const ACKNOWLEDGED: readonly SlotName[] = ["property", "address", "postcode", "date", "time"];

/** "14 Maple Road, Saturday the 28th of November at 11 o'clock." */
export function acknowledge(draft: Draft, fresh: readonly SlotName[]): void {
  let items = "";
  for (const name of ACKNOWLEDGED) {
    const value = fresh.includes(name) ? slotOf(draft, name)?.value : undefined;
    if (value === undefined) continue;
    const joint = items === "" ? "" : name === "time" && fresh.includes("date") ? " at " : ", ";
    items += joint + inWords(draft, name, value);
  }
  if (items !== "") say(draft, "got", { items: items.replace(/^\p{L}/u, (letter) => letter.toUpperCase()) });
}

/** Asks for a slot; again in other words after failed tries. */
export function askSlot(draft: Draft, name: SlotName): void {
  const slot = flowSlot(draft, name);
  if (slot === undefined) return;
  const tries = draft.state.tries[name] ?? 0;
  const again = slot.retry[Math.min(tries, slot.retry.length) - 1];
  sayText(draft, tries === 0 ? slot.ask : (again ?? slot.ask));
  enter(draft, { kind: "slot", slot: name });
}

/** Reads everything back, or only what has changed since the last time. */
function readBack(draft: Draft): void {
  const task = taskOf(draft);
  if (task === undefined) return;
  const { slots, changed } = draft.state;
  const words: Record<string, string> = {};
  for (const { name } of task.slots) words[name] = inWords(draft, name, slots[name]?.value ?? "");
  if (slots.name?.certainty === 0) words.name = "you"; // what stands there is for the team to read
  const values = Object.values(words).filter((value) => value !== "" && value !== "you");
  draft.state.readBack = { sayId: draft.state.nextSayId, values, missed: false };
  const changes = (changed ?? []).filter((name) => name in words).map((name) => words[name] ?? "");
  if (changes.length > 0 && changes.length < task.slots.length) {
    draft.state.readBack.values = changes;
    sayText(draft, task.confirmChange, { changes: listInWords(changes, "and") });
  } else {
    sayText(draft, task.confirm, words);
    draft.state.told = Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, slot.value]));
  }
  draft.state.changed = [];
  enter(draft, { kind: "confirm" });
}
