/** One of several that were offered: by its value, its place in the list, or neither. */
import { advance } from "./advance.ts";
import { appointmentMeant } from "./appointments.ts";
import { type Draft, miss, say, setSlot } from "./draft.ts";
import { fill, takeProperty } from "./fill.ts";
import type { PromptName, SlotName } from "./flow.ts";
import { listeningOf, propertyWith } from "./listening.ts";
import { giveUp, retrySlot } from "./message.ts";
import type { Option, State } from "./state.ts";
import { type Understanding, understand } from "./understanding/understand.ts";
import { listInWords } from "./wording.ts";

type Choosing = Extract<State["phase"], { kind: "choose" }>;

export function chooseTurn(draft: Draft, heard: Understanding, phase: Choosing): void {
  const chosen = chosenOption(draft, heard, phase);
  if (chosen !== undefined) return choose(draft, phase, chosen);
  const { filled, asked } = fill(draft, heard);
  if (asked) return;
  if (filled.some((name) => name !== "name" && name !== "phone")) return advance(draft, filled);
  if (filled.length > 0) return sayChoice(draft, phase);
  const refused =
    heard.answer === "no" || heard.answer === "closing" || /\b(?:neither|none|nothing)\b/i.test(heard.text);
  if (refused) return retrySlot(draft, phase.slot);
  if (miss(draft, `choose-${phase.slot}`) >= 3) return giveUp(draft, phase.slot);
  say(draft, "notUnderstood");
  sayChoice(draft, phase);
}

const QUESTIONS: Partial<Record<SlotName, PromptName>> = {
  property: "whichProperty",
  appointment: "whichAppointment",
};

function sayChoice(draft: Draft, { slot, options }: Choosing): void {
  const labels = options.map(({ label }) => label);
  say(draft, QUESTIONS[slot] ?? "whichDate", { options: listInWords(labels, "or") });
}

function choose(draft: Draft, phase: Choosing, option: Option): void {
  if (phase.slot === "property") {
    const property = propertyWith(draft, option.value);
    const question = property && takeProperty(draft, property, 0.95);
    if (question) return question();
  } else setSlot(draft, phase.slot, option.value, 0.95);
  advance(draft);
}

function chosenOption(draft: Draft, heard: Understanding, { slot, options }: Choosing): Option | undefined {
  const value = valueHeard(draft, heard, slot, options);
  const named = options.find((option) => option.value === value);
  if (named !== undefined) return named;
  if (value !== undefined) return undefined; // something else was named
  const byPlace = placeIn(heard.text.toLowerCase(), options);
  return byPlace ?? (options.length === 1 && heard.answer === "yes" ? options[0] : undefined);
}

function valueHeard(draft: Draft, heard: Understanding, slot: string, options: readonly Option[]): string | undefined {
  switch (slot) {
    case "time":
      return heard.time?.kind === "at" ? heard.time.clock : undefined;
    case "date":
      return dateAmong(heard, options);
    case "appointment":
      return appointmentMeant(draft, heard)?.id;
    default: {
      const among = options.flatMap(({ value }) => propertyWith(draft, value) ?? []);
      const again = understand({ text: heard.text, nbest: [] }, listeningOf(draft, "property", among)).property;
      return again?.kind === "one" ? again.id : byNumber(heard.text, options);
    }
  }
}

/** "Tuesday the 8th", "the 8th", "next week's": a weekday alone still fits both. */
function dateAmong({ date }: Understanding, options: readonly Option[]): string | undefined {
  if (date?.kind === "on") return date.date;
  if (date?.kind !== "within") return undefined;
  return options.find(({ value }) => value >= date.from && value <= date.until)?.value;
}

/** "number 7", "seven": the house number alone. */
function byNumber(text: string, options: readonly Option[]): string | undefined {
  const number = /\b(\d+[a-z]?)\b/i.exec(text)?.[1]?.toLowerCase();
  const fitting = options.filter(({ label }) => label.toLowerCase().match(/\d+[a-z]?/)?.[0] === number);
  return number !== undefined && fitting.length === 1 ? fitting[0]?.value : undefined;
}

const PLACES: readonly (readonly [RegExp, number])[] = [
  [/\b(?:first|1st|former|earlier|earliest|sooner|soonest|this (?:week|coming)|option one|either|any|don't mind)\b/, 0],
  [/\b(?:second|2nd|option two)\b/, 1],
  [/\b(?:third|3rd)\b/, 2],
  [/\b(?:last|latter|later|latest|week after|following)\b/, -1],
];

function placeIn(text: string, options: readonly Option[]): Option | undefined {
  const place = PLACES.find(([pattern]) => pattern.test(text));
  return place && options.at(place[1]);
}
