/** What cannot wait: whoever is on call is rung in turn, and if nobody takes it the call goes on with what is missing. */
import type { Effect } from "./contract.ts";
import { type Draft, enter, slotOf } from "./draft.ts";
import { urgencyInWords } from "./emergency-texts.ts";
import type { Flow } from "./flow.ts";
import { personOnDuty, putThrough } from "./people.ts";
import type { Phase, State } from "./state.ts";
import { aboutTask } from "./tasks/rules.ts";

/**
 * Rings whoever is on duty.
 * @param told How much of what was said in this step comes before the question, which is kept for afterwards.
 */
export function goOnWithDuty(draft: Draft, told: number): void {
  const person = personOnDuty(draft);
  if (person === undefined) return unattended(draft);
  const question = draft.said.splice(told);
  draft.effects.splice(draft.effects.length - question.length);
  draft.state.lastSaid = question;
  ring(draft, person);
}

/** Whoever was rung did not take it: the next of them. @returns whether somebody is rung. */
export function nextOnDuty(
  draft: Draft,
  { back, question, goesOn }: Extract<Phase, { kind: "transferring" }>,
): boolean {
  if (!goesOn) return false;
  const person = personOnDuty(draft);
  if (person === undefined) {
    unattended(draft);
    return false;
  }
  enter(draft, back);
  draft.state.lastSaid = question;
  ring(draft, person);
  return true;
}

function ring(draft: Draft, person: NonNullable<ReturnType<typeof personOnDuty>>): void {
  const { urgent } = draft.state;
  const said = urgent === null ? "with an emergency" : `with an emergency: ${urgencyInWords(urgent)}`;
  putThrough(draft, person, { said, about: aboutTask(draft) ?? "" }, true);
}

/** What nobody has taken when the call is over, however it ended: who was told "at once" need not stay on the line. */
export function leftUnattended(flow: Flow, state: State): Unattended | undefined {
  const { urgent, transferred, task, slots } = state;
  if (urgent === null || transferred) return undefined;
  const isRepair = flow.tasks.find(({ id }) => id === task)?.onComplete === "report-fault";
  const where = isRepair && slots.property !== undefined ? { property: slots.property.value } : {};
  return { kind: "emergency", emergency: urgent, unattended: true, ...where };
}

type Unattended = Extract<Effect, { kind: "emergency" }>;

/** Nobody took it: they are rung until somebody does, the caller on the line or not. */
function unattended(draft: Draft): void {
  const { urgent } = draft.state;
  const property = slotOf(draft, "property")?.value;
  if (urgent === null) return;
  const where = property === undefined ? {} : { property };
  draft.effects.push({ kind: "emergency", emergency: urgent, unattended: true, ...where });
}
