/** With what in mind an utterance is heard: what was asked, which day it is, what the agency has. */
import { addDays, dateOf } from "../agency/local-time.ts";
import type { LocalDate, Property } from "../agency/types.ts";
import type { Asks } from "./contract.ts";
import { type Draft, slotAsks, slotOf, taskOf } from "./draft.ts";
import { registerOf } from "./understanding/register.ts";
import type { OpenHours } from "./understanding/time-reading.ts";
import type { Listening } from "./understanding/understand.ts";

const USUAL: OpenHours = { opens: "09:00", closes: "18:00" };

export function listeningOf(draft: Draft, asked: Asks, among?: readonly Property[]): Listening {
  const { state, view, now } = draft;
  const today = dateOf(now);
  const phone = slotOf(draft, "phone");
  const phoneBefore = state.phoneSoFar !== "" ? { digits: state.phoneSoFar } : phone && { e164: phone.value };
  return {
    asked,
    today,
    hoursOn: (day) => (day === undefined ? undefined : view.hoursOn(day)) ?? usualHours(draft, today),
    date: slotOf(draft, "date")?.value,
    register: registerOf(among ?? view.properties()),
    phoneBefore,
    money: taskOf(draft)?.slots.some(({ name }) => name === "money") ?? false,
    context: contextOf(draft),
    home: taskOf(draft)?.slots.some(({ name }) => name === "address" || name === "postcode") ?? false,
  };
}

/** Of the listing in question, or of the wish to rent. */
function contextOf(draft: Draft): "sale" | "let" | undefined {
  const property = propertyWith(draft, slotOf(draft, "property")?.value ?? draft.state.about ?? "");
  if (draft.state.task === null || property !== undefined) return property?.kind;
  return draft.state.task.endsWith("-rent") ? "let" : "sale";
}

/** The hours of the next open day stand for a usual one. */
function usualHours({ view }: Draft, today: LocalDate): OpenHours {
  for (let ahead = 1; ahead <= 4; ahead++) {
    const hours = view.hoursOn(addDays(today, ahead));
    if (hours !== undefined) return hours;
  }
  return USUAL;
}

/** What the words of this turn answer. Choosing among times, a bare "two" is a time. */
export function askedNow({ state }: Draft): Asks {
  return state.phase.kind === "choose" ? slotAsks(state.phase.slot) : state.asks;
}

/** The listing with that id, if it is still there. */
export const propertyWith = (draft: Draft, id: string): Property | undefined =>
  registerOf(draft.view.properties()).byId.get(id.toLowerCase())?.property;
