/** The state being changed within one step, and the effects gathered on the way. */
import type { LocalTime } from "../agency/types.ts";
import type { Action, Asks, Effect, Outcome, Slot, StepView } from "./contract.ts";
import { type Flow, type FlowSlot, filled, isFixed, type PromptName, type SlotName, type Task } from "./flow.ts";
import type { Phase, State } from "./state.ts";
import { outcomeOf } from "./state.ts";

export type Draft = {
  readonly flow: Flow;
  readonly view: StepView;
  readonly now: LocalTime;
  /** Ours to change: a copy of what came in. */
  readonly state: State;
  readonly effects: Effect[];
  /** What was said in this step. */
  readonly said: State["lastSaid"];
};

/** Says one wording of a prompt: the `nth`, the last if there are fewer. */
export function say(draft: Draft, name: PromptName, values: Readonly<Record<string, string>> = {}, nth = 0): void {
  const wordings = draft.flow.prompts[name];
  sayText(draft, wordings[Math.min(nth, wordings.length - 1)] ?? "", values);
}

/** Says a text of the flow, its braces filled. */
export function sayText(draft: Draft, text: string, values: Readonly<Record<string, string>> = {}): void {
  speak(draft, { text: filled(text, { agency: draft.view.agency().name, ...values }), fixed: isFixed(text) });
}

/** @param interruptible By voice and keys, by keys only, or not at all. */
export function speak(
  draft: Draft,
  spoken: { text: string; fixed: boolean },
  interruptible: boolean | "by-key" = true,
): number {
  const sayId = draft.state.nextSayId++;
  const stops = interruptible === "by-key" ? { interruptible: false, byKey: true } : { interruptible };
  draft.effects.push({ kind: "say", sayId, ...spoken, ...stops, disclosure: false });
  draft.said.push(spoken);
  return sayId;
}

export function enter(draft: Draft, phase: Phase): void {
  draft.state.phase = phase;
  draft.state.asks = asksIn(phase);
}

/** What a question for that item counts as to others. */
export const slotAsks = (name: SlotName): Asks =>
  name === "department" || name === "vulnerable" || name === "appointment" ? "choice" : name;

function asksIn(phase: Phase): Asks {
  switch (phase.kind) {
    case "slot":
      return slotAsks(phase.slot);
    case "which":
      return "property";
    case "urgent":
      return phase.maybe === null ? "property" : "confirm";
    case "check":
    case "offer-viewing":
    case "offer-message":
    case "confirm":
      return "confirm";
    case "choose":
    case "change":
    case "resume":
      return "choice";
    case "else":
      return "anything-else";
    case "keypad":
      return phase.at === "number" ? "phone" : phase.at === "voice" ? "voice-message" : "keys";
    default:
      return null;
  }
}

/** Hands it to the agency's books. What comes of it is said when it is known. */
export function submit(draft: Draft, action: Action): void {
  enter(draft, { kind: "waiting", action: action.kind });
  draft.effects.push({ kind: "do", action });
}

/** Hangs up once everything said has played out. */
export function end(draft: Draft, otherwise: Outcome): void {
  enter(draft, { kind: "ended" });
  draft.state.ended = true;
  draft.effects.push({ kind: "end", outcome: outcomeOf(draft.state, otherwise) });
}

/** Counts a failed attempt at `what`; how many that makes. */
export function miss(draft: Draft, what: string): number {
  const count = (draft.state.tries[what] ?? 0) + 1;
  draft.state.tries[what] = count;
  return count;
}

export const slotOf = (draft: Draft, name: SlotName): Slot<string> | undefined => draft.state.slots[name];

export function setSlot(draft: Draft, name: SlotName, value: string, certainty: number): void {
  const { slots, changed, tries } = draft.state;
  const before = slots[name];
  if (before?.value !== value) {
    slots[name] = { value, certainty, confirmed: false };
    if (changed !== null) draft.state.changed = [...changed.filter((other) => other !== name), name];
  } else before.certainty = Math.max(before.certainty, certainty);
  delete tries[name];
}

export function clearSlot(draft: Draft, name: SlotName): void {
  delete draft.state.slots[name];
}

/** What belongs to a task is forgotten; who calls stays known. */
export function clearTask({ state }: Draft): void {
  state.task = null;
  state.changed = null;
  state.timeWish = null;
  state.anyDay = false;
  state.within = null;
  state.phoneSoFar = "";
  state.details = {};
  state.reported = "not";
  state.found = [];
  for (const name of Object.keys(state.slots)) if (name !== "name" && name !== "phone") delete state.slots[name];
}

export const messageTask = ({ tasks }: Flow): Task | undefined =>
  tasks.find(({ onComplete }) => onComplete === "take-message");

/** A message is being taken: the way out of everything else. */
export const isMessage = (draft: Draft): boolean => taskOf(draft)?.onComplete === "take-message";

/** Something else than a message is being arranged. */
export const isArranging = (draft: Draft): boolean => draft.state.task !== null && !isMessage(draft);

export function taskOf(draft: Draft): Task | undefined {
  return draft.flow.tasks.find((task) => task.id === draft.state.task);
}

export const flowSlot = (draft: Draft, name: SlotName): FlowSlot | undefined =>
  taskOf(draft)?.slots.find((slot) => slot.name === name) ??
  draft.flow.tasks.flatMap((task) => task.slots).find((slot) => slot.name === name);
