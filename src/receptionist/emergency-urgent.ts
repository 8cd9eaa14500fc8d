/**
 * What cannot wait though nobody is in danger of his life: fixed words, where it is, and then whoever is on call, with
 * the job written as soon as the property is known.
 */
import type { Heard, Person } from "./contract.ts";
import { type Draft, end, enter, miss, say, slotOf, speak } from "./draft.ts";
import { urgencyInWords, urgentText, urgentWhere } from "./emergency-texts.ts";
import { repeatQuestion } from "./global.ts";
import { askedNow, listeningOf, propertyWith } from "./listening.ts";
import { startMessage } from "./message.ts";
import { putThrough } from "./people.ts";
import type { Phase } from "./state.ts";
import { readUrgency } from "./understanding/emergencies.ts";
import { type Understanding, understand } from "./understanding/understand.ts";
import type { Urgency } from "./understanding/urgent-words.ts";

type UrgentPhase = Extract<Phase, { kind: "urgent" }>;

/** Under this name answers are counted that named no listing; after so many, people must find out. */
const WHERE = "urgent-where";
const MOST_WHERE = 2;

/** @returns whether the words were about something urgent: then the turn is over. */
export function urgentTurn(draft: Draft, heard: Heard): boolean {
  const { state } = draft;
  if (state.phase.kind === "urgent") {
    answerWhere(draft, state.phase, understand(heard, listeningOf(draft, "property")));
    return true;
  }
  const urgency = readUrgency(heard);
  if (urgency === undefined || urgency === state.urgent) return false;
  const [back, question] = [state.phase, state.lastSaid];
  state.urgent = urgency;
  const property = namedIn(draft, understand(heard, listeningOf(draft, askedNow(draft)))) ?? knownTo(draft);
  note(draft, urgency, property);
  speak(draft, { text: urgentText(urgency, draft.view.agency().jurisdiction), fixed: true });
  const phase: UrgentPhase = { kind: "urgent", urgency, back, question };
  if (property !== undefined) passOn(draft, phase, property);
  else askWhere(draft, phase);
  return true;
}

function answerWhere(draft: Draft, phase: UrgentPhase, heard: Understanding): void {
  const property = namedIn(draft, heard);
  if (property !== undefined) {
    note(draft, phase.urgency, property);
    return passOn(draft, phase, property);
  }
  if (heard.intents.has("repeat")) return repeatQuestion(draft);
  if (heard.intents.has("goodbye")) {
    say(draft, "goodbye");
    return end(draft, "nothing");
  }
  if (heard.answer === "no" && heard.property === undefined) return standDown(draft, phase);
  if (heard.intents.has("person") || miss(draft, WHERE) >= MOST_WHERE) return passOn(draft, phase, undefined);
  askWhere(draft, phase);
}

function askWhere(draft: Draft, phase: UrgentPhase): void {
  speak(draft, { text: urgentWhere, fixed: true });
  enter(draft, phase);
}

const namedIn = (draft: Draft, { property }: Understanding): string | undefined =>
  property?.kind === "one" ? propertyWith(draft, property.id)?.id : undefined;

function knownTo(draft: Draft): string | undefined {
  const id = slotOf(draft, "property")?.value ?? draft.state.about;
  return id === null ? undefined : propertyWith(draft, id)?.id;
}

/** Told again with the property, it is the same emergency, and now a job. */
function note(draft: Draft, emergency: Urgency, property: string | undefined): void {
  draft.effects.push({ kind: "emergency", emergency, ...(property === undefined ? {} : { property }) });
}

/** To whoever is on call; if there is nobody to try, a message. */
function passOn(draft: Draft, { urgency, back }: UrgentPhase, propertyId: string | undefined): void {
  const address = propertyId && propertyWith(draft, propertyId)?.address;
  const about = `Emergency: ${urgencyInWords(urgency)}${address ? ` at ${address}` : ""}.`;
  draft.state.silences = 0;
  enter(draft, back);
  if (!tryOnCall(draft, about)) startMessage(draft, about);
}

/** @returns whether somebody is rung. */
function tryOnCall(draft: Draft, about: string): boolean {
  const person = onCallToTry(draft);
  return person !== undefined && putThrough(draft, person, { said: about.replace(/\.$/, ""), about });
}

/** Whoever is on call did not take it: the next of them. @returns whether somebody is rung. */
export function nextOnCall(draft: Draft, { about, back }: Extract<Phase, { kind: "transferring" }>): boolean {
  if (draft.state.urgent === null || !about.startsWith("Emergency: ")) return false;
  enter(draft, back);
  return tryOnCall(draft, about);
}

/** In the order of the staff, whatever the hour; by this trunk they must be in reach. */
function onCallToTry({ view, state }: Draft): Person | undefined {
  const people = view.people?.() ?? [];
  return view
    .staff()
    .filter(({ onCall }) => onCall)
    .flatMap(({ extension }) => people.filter((person) => person.extension === extension))
    .find(({ name }) => !state.tried.includes(name));
}

/** "No, I only asked about flooding": on where he was. */
function standDown(draft: Draft, { back, question }: UrgentPhase): void {
  enter(draft, back);
  say(draft, "misheardDanger");
  draft.said.pop(); // no part of the question
  for (const spoken of question) speak(draft, spoken);
  if (question.length === 0) say(draft, "welcomeAgain");
}
