/** Puts what was understood into the slots; asks where it fits several, or cannot be. */
import { dateOf } from "../agency/local-time.ts";
import type { LocalDate, Property } from "../agency/types.ts";
import { askSlot } from "./ask.ts";
import { clearSlot, type Draft, enter, isMessage, miss, say, setSlot, slotOf, taskOf } from "./draft.ts";
import type { SlotName } from "./flow.ts";
import { propertyWith } from "./listening.ts";
import { giveUp, retrySlot, retryWith } from "./message.ts";
import type { Option } from "./state.ts";
import { rulesOf } from "./tasks/rules.ts";
import type { DateReading } from "./understanding/date-reading.ts";
import { readDetails } from "./understanding/details.ts";
import { speaksOfVulnerable } from "./understanding/faults.ts";
import type { PhoneReading } from "./understanding/phones.ts";
import type { PropertyReading } from "./understanding/property-reading.ts";
import type { TimeReading } from "./understanding/time-reading.ts";
import type { Understanding } from "./understanding/understand.ts";
import { dateInWords, digitsInGroups, listInWords } from "./wording.ts";

/** `filled`: items that have a new value. `asked`: a question has been put, so nothing else is to be asked. */
export type Filling = { filled: SlotName[]; asked: boolean };

/** Below this a property is asked about before it is taken; at the read-back all else is. */
export const SURE_PROPERTY = 0.7;
const PLAUSIBLE_NAME = 0.5;

/** Takes over every item that the words held. Questions come last, and only one. */
export function fill(draft: Draft, heard: Understanding): Filling {
  const filling: Filling = { filled: [], asked: false };
  const note = (slot: SlotName | undefined) => slot !== undefined && filling.filled.push(slot);
  const wanted = new Set(taskOf(draft)?.slots.map(({ name }) => name));
  const questions: (() => void)[] = [];
  if (heard.time && wanted.has("time")) fillTime(draft, heard.time, note);
  if (heard.date && wanted.has("date")) fillDate(draft, heard.date, note, questions);
  note(fillName(draft, heard.name));
  const property = isWorthAsking(draft, heard.property) ? heard.property : undefined;
  if (property && wanted.has("property")) fillProperty(draft, property, note, questions);
  if (wanted.has("vulnerable")) note(fillVulnerable(draft, heard));
  for (const name of PLAIN) if (wanted.has(name)) note(fillPlain(draft, heard, name));
  if (!isMessage(draft)) Object.assign(draft.state.details, readDetails(heard.text));
  // A whole number is kept whatever else is to be asked; what is missing of one can wait.
  const isPhone = questions.length === 0 || heard.phone?.kind === "complete";
  if (isPhone && fillPhone(draft, heard.phone, note)) filling.asked = true;
  const question = questions.at(-1);
  if (question) {
    question();
    filling.asked = true;
  }
  return filling;
}

/** Where the property need not be known, none is asked about that was named unclearly. */
function isWorthAsking(draft: Draft, reading: PropertyReading | undefined): boolean {
  const isOptional = taskOf(draft)?.slots.find(({ name }) => name === "property")?.optional ?? false;
  return !isOptional || (reading?.kind === "one" && reading.certainty >= SURE_PROPERTY);
}

/** Items that are as they were heard: nothing of ours can contradict them. */
const PLAIN = ["department", "address", "postcode", "money", "beds"] as const;

function fillPlain(draft: Draft, heard: Understanding, name: (typeof PLAIN)[number]): SlotName | undefined {
  if (name === "department") {
    // Only once: in "we sell because the tenants left" nobody changes his mind.
    if (heard.department === undefined || slotOf(draft, name) !== undefined) return undefined;
    setSlot(draft, name, heard.department, 0.9);
    return name;
  }
  if (name === "beds") {
    if (heard.beds === undefined) return undefined;
    setSlot(draft, name, String(heard.beds), 0.9);
    return name;
  }
  const reading = heard[name];
  if (reading === undefined) return undefined;
  if (name === "money") rentIfMonthly(draft, heard.text);
  if (name === "money" && isOddAmount(draft, Number(reading.value))) return undefined;
  setSlot(draft, name, reading.value, reading.certainty);
  return name;
}

/** "Twelve hundred a month" buys nothing: whoever says that wants to rent, whatever had been made of his words before. */
function rentIfMonthly({ state, flow }: Draft, text: string): void {
  const canRent = flow.tasks.some(({ id }) => id === "applicant-rent");
  if (state.task === "applicant-buy" && canRent && MONTHLY.test(text)) state.task = "applicant-rent";
}
const MONTHLY = /\b(?:(?:a|per|each|every) (?:month|week)|monthly|weekly|pcm)\b/i;

/** Shares of the advertised price; and what homes cost, where none is talked of. */
const USUAL_SHARE = [0.6, 1.5] as const;
const USUAL_RENT = [100, 5_000] as const;
const USUAL_PRICE = [30_000, 8_000_000] as const;

/** "£9,000 a month", "£22,000 for the house": rather misheard than said. Said again, it is taken as it is. */
function isOddAmount(draft: Draft, amount: number): boolean {
  const price = propertyWith(draft, slotOf(draft, "property")?.value ?? "")?.price ?? 0;
  const [least, most] =
    price > 0
      ? [price * USUAL_SHARE[0], price * USUAL_SHARE[1]]
      : draft.state.task?.endsWith("-rent")
        ? USUAL_RENT
        : USUAL_PRICE;
  return (amount < least || amount > most) && miss(draft, `money ${amount}`) === 1;
}

/** Asked for, a yes or no; told at any time, a yes. */
function fillVulnerable(draft: Draft, heard: Understanding): SlotName | undefined {
  const { phase } = draft.state;
  const isAsked = phase.kind === "slot" && phase.slot === "vulnerable";
  const answer = isAsked && heard.answer !== undefined ? (heard.answer === "yes" ? "yes" : "no") : undefined;
  const value = speaksOfVulnerable(heard.text) ? "yes" : answer;
  if (value === undefined) return undefined;
  setSlot(draft, "vulnerable", value, 0.9);
  return "vulnerable";
}

type Note = (slot: SlotName | undefined) => void;

function fillTime(draft: Draft, reading: TimeReading, note: Note): void {
  const { state } = draft;
  if (reading.kind === "at") {
    setSlot(draft, "time", reading.clock, reading.certainty);
    state.timeWish = null;
  } else {
    clearSlot(draft, "time");
    const range =
      reading.kind === "between" ? { from: reading.from, until: reading.until } : { from: null, until: null };
    state.timeWish = { ...range, latest: reading.kind === "latest" };
  }
  note("time");
}

function fillDate(draft: Draft, reading: DateReading, note: Note, questions: (() => void)[]): void {
  switch (reading.kind) {
    case "on":
      return takeDate(draft, reading.date, reading.certainty, note, questions);
    case "either": {
      const open = reading.dates.filter((date) => draft.view.hoursOn(date) !== undefined && date >= dateOf(draft.now));
      const only = open[0];
      if (only !== undefined && open.length === 1) return takeDate(draft, only, 0.85, note, questions);
      const dates = open.length === 0 ? reading.dates : open;
      clearSlot(draft, "date");
      questions.push(() => offerDates(draft, dates));
      return;
    }
    case "within":
      clearSlot(draft, "date");
      draft.state.within = { from: reading.from, until: reading.until };
      questions.push(() => retryWith(draft, "date", () => say(draft, "whichDay")));
      return;
    case "earliest":
      if (slotOf(draft, "date") !== undefined) return;
      draft.state.anyDay = true;
      note("date");
  }
}

function offerDates(draft: Draft, dates: readonly LocalDate[]): void {
  const options = dates.map((value): Option => ({ value, label: dateInWords(value) }));
  say(draft, "whichDate", {
    options: listInWords(
      options.map(({ label }) => label),
      "or",
    ),
  });
  enter(draft, { kind: "choose", slot: "date", options });
}

/** A day of "next week" said afterwards lies in next week. */
function takeDate(draft: Draft, heard: LocalDate, certainty: number, note: Note, questions: (() => void)[]): void {
  const { within } = draft.state;
  const weekLater = new Date(Date.parse(`${heard}T00:00:00Z`) + 7 * 86_400_000).toISOString().slice(0, 10);
  const date = within !== null && heard < within.from && weekLater <= within.until ? weekLater : heard;
  if (date >= dateOf(draft.now) && draft.view.hoursOn(date) !== undefined) {
    draft.state.anyDay = false;
    draft.state.within = null;
    setSlot(draft, "date", date, certainty);
    return note("date");
  }
  clearSlot(draft, "date");
  questions.push(() => anotherDay(draft, date));
}

const MOST_DAYS_REFUSED = 5;

/** A day that was understood and cannot be is no failure of ours to understand: it is not counted as one. */
function anotherDay(draft: Draft, refused: LocalDate): void {
  if (miss(draft, "days") > MOST_DAYS_REFUSED) return giveUp(draft, "date");
  if (refused < dateOf(draft.now)) say(draft, "pastTime");
  else say(draft, "closedOn", { date: dateInWords(refused) });
  say(draft, "otherDay");
  enter(draft, { kind: "slot", slot: "date" });
}

/** A name that hardly looks like one is asked for again, once; then it is taken as it is. */
function fillName(draft: Draft, name: Understanding["name"]): SlotName | undefined {
  if (name === undefined) return undefined;
  const before = slotOf(draft, "name");
  if (name.certainty < PLAUSIBLE_NAME && (before !== undefined || (draft.state.tries.name ?? 0) === 0))
    return undefined;
  setSlot(draft, "name", name.value, name.certainty);
  return "name";
}

function fillProperty(draft: Draft, reading: PropertyReading, note: Note, questions: (() => void)[]): void {
  if (reading.kind === "unlisted") {
    questions.push(() => retrySlot(draft, "property", () => say(draft, "unlisted")));
    return;
  }
  if (reading.kind === "several") {
    const listed = reading.ids.flatMap((id) => propertyWith(draft, id) ?? []);
    questions.push(() => offerProperties(draft, listed));
    return;
  }
  const property = propertyWith(draft, reading.id);
  if (property === undefined) return;
  if (reading.certainty < SURE_PROPERTY && slotOf(draft, "property")?.value !== reading.id) {
    questions.push(() => {
      say(draft, "didYouMean", { value: property.address });
      enter(draft, { kind: "check", slot: "property", value: property.id });
    });
    return;
  }
  const question = takeProperty(draft, property, reading.certainty);
  if (question) questions.push(question);
  else note("property");
}

/** Takes a listing, or returns the question that is to be put instead. */
export function takeProperty(draft: Draft, property: Property, certainty: number): (() => void) | undefined {
  const question = rulesOf(draft)?.takes?.(draft, property);
  if (question === undefined) setSlot(draft, "property", property.id, certainty);
  else clearSlot(draft, "property");
  return question;
}

const MAX_CHOICES = 4;

function offerProperties(draft: Draft, listed: readonly Property[]): void {
  if (listed.length > MAX_CHOICES) return retrySlot(draft, "property", () => say(draft, "goOn"));
  const options = listed.map((property): Option => ({ value: property.id, label: property.address }));
  say(draft, "whichProperty", {
    options: listInWords(
      options.map(({ label }) => label),
      "or",
    ),
  });
  enter(draft, { kind: "choose", slot: "property", options });
}

/** True if more of the number, or all of it again, had to be asked for. */
function fillPhone(draft: Draft, reading: PhoneReading | undefined, note: Note): boolean {
  const { state } = draft;
  if (reading === undefined) return false;
  switch (reading.kind) {
    case "complete":
      state.phoneSoFar = "";
      setSlot(draft, "phone", reading.e164, reading.certainty);
      note("phone");
      return false;
    case "incomplete":
      return morePhone(draft, reading.digits);
    case "no-area-code":
      retryWith(draft, "phone", () => say(draft, "areaCode"));
      return true;
    case "impossible":
      state.phoneSoFar = "";
      retryWith(draft, "phone", () => say(draft, "restart"));
      return true;
  }
}

/** Part of a number: wait for the rest without a word more than needed. */
function morePhone(draft: Draft, digits: string): boolean {
  const { state } = draft;
  if (slotOf(draft, "phone") !== undefined) return false;
  const grew = digits.length > state.phoneSoFar.length;
  state.phoneSoFar = digits;
  if (!grew) {
    retryWith(draft, "phone", () => say(draft, "soFar", { digits: digitsInGroups(digits) }));
    return true;
  }
  if (state.phase.kind !== "slot" || state.phase.slot !== "phone") askSlot(draft, "phone");
  else if (digits.replace("+", "").length >= 9) say(draft, "soFar", { digits: digitsInGroups(digits) });
  else say(draft, "goOn");
  enter(draft, { kind: "slot", slot: "phone" });
  return true;
}
