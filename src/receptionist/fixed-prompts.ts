/** The texts that are said the same in every call: rendered once, kept in the prompt cache. */
import type { Agency } from "../agency/types.ts";
import type { Person } from "./contract.ts";
import { emergencyNotice, emergencyTexts, urgentTexts } from "./emergency-texts.ts";
import { type Flow, filled, isFixed } from "./flow.ts";
import { personPrompts } from "./people.ts";

/** In the order in which a call is likely to need them; no text twice. */
export function fixedPrompts(flow: Flow, agency: Agency, people: readonly Person[] = []): string[] {
  const { disclosure, welcome, ...others } = flow.prompts;
  const asked = flow.tasks.flatMap((task) => task.slots.flatMap((slot) => [slot.ask, ...slot.retry]));
  const texts = [...disclosure, ...welcome, ...asked, ...Object.values(others).flat()];
  const fixed = texts.filter(isFixed).map((text) => filled(text, { agency: agency.name }));
  // A handful of people: what is said of each of them is as good as fixed.
  const named = people.flatMap(({ name }) =>
    personPrompts.flatMap((prompt) =>
      flow.prompts[prompt].map((text) => filled(text, { agency: agency.name, person: name })),
    ),
  );
  const inDanger = [...emergencyTexts(agency.jurisdiction)];
  return [
    ...new Set([
      ...inDanger,
      ...fixed,
      emergencyNotice(agency.jurisdiction),
      ...urgentTexts(agency.jurisdiction),
      ...named,
    ]),
  ];
}
