/**
 * What cannot wait though nobody is in danger of his life: fixed words, where it is, and then it is a repair, written
 * down as soon as the property is known; see tasks/repair.ts.
 */
import type { Heard } from "./contract.ts";
import { clearSlot, type Draft, end, enter, miss, say, slotOf, speak, taskOf } from "./draft.ts";
import { urgencyInWords, urgentText, urgentWhere } from "./emergency-texts.ts";
import { repeatQuestion } from "./global.ts";
import { askedNow, listeningOf, propertyWith } from "./listening.ts";
import { startMessage } from "./message.ts";
import { goOnWithDuty } from "./on-duty.ts";
import type { Phase } from "./state.ts";
import { beginRepair } from "./turns.ts";
import { readUrgency } from "./understanding/emergencies.ts";
import { type Understanding, understand } from "./understanding/understand.ts";

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
  const understood = understand(heard, listeningOf(draft, askedNow(draft)));
  if (urgency === "power" && understood.topic === "power-cut") return false; // the whole street's: nothing that we could mend
  const [back, question] = [state.phase, state.lastSaid];
  state.urgent = urgency;
  draft.effects.push({ kind: "emergency", emergency: urgency });
  speak(draft, { text: urgentText(urgency, draft.view.agency().jurisdiction), fixed: true });
  const phase: UrgentPhase = { kind: "urgent", urgency, words: heard.text, back, question };
  const property = namedIn(draft, understood) ?? homeOf(draft);
  if (property !== undefined) passOn(draft, phase, property, understood);
  else askWhere(draft, phase);
  return true;
}

function answerWhere(draft: Draft, phase: UrgentPhase, heard: Understanding): void {
  const property = namedIn(draft, heard);
  if (property !== undefined) return passOn(draft, phase, property, heard);
  if (heard.intents.has("repeat")) return repeatQuestion(draft);
  if (heard.intents.has("goodbye")) {
    draft.effects.push({ kind: "emergency", emergency: phase.urgency, unattended: true });
    say(draft, "goodbye");
    return end(draft, "nothing");
  }
  if (heard.answer === "no" && heard.property === undefined) return standDown(draft, phase);
  if (heard.intents.has("person") || miss(draft, WHERE) >= MOST_WHERE) return passOnWithout(draft, phase, heard.text);
  askWhere(draft, phase);
}

function askWhere(draft: Draft, phase: UrgentPhase): void {
  speak(draft, { text: urgentWhere, fixed: true });
  enter(draft, phase);
}

const namedIn = (draft: Draft, { property }: Understanding): string | undefined =>
  property?.kind === "one" ? propertyWith(draft, property.id)?.id : undefined;

/** Where the caller lives, as far as he has said so: a house that he wants to view is not his. */
function homeOf(draft: Draft): string | undefined {
  if (taskOf(draft)?.onComplete !== "report-fault") return undefined;
  return propertyWith(draft, slotOf(draft, "property")?.value ?? "")?.id;
}

function passOn(draft: Draft, { words }: UrgentPhase, id: string, heard: Understanding): void {
  draft.state.silences = 0;
  beginRepair(draft, words, { ...heard, property: { kind: "one", id, certainty: 1 } });
}

/** No listing that we know: a message instead of a job, and whoever is on call may find out where it is. */
function passOnWithout(draft: Draft, { urgency, words, back }: UrgentPhase, where: string): void {
  draft.state.silences = 0;
  enter(draft, back);
  clearSlot(draft, "message");
  const told = draft.said.length;
  startMessage(draft, `Emergency: ${urgencyInWords(urgency)}. ${words}. ${where}`);
  goOnWithDuty(draft, told);
}

/** "No, I only asked about flooding": on where he was. */
function standDown(draft: Draft, { back, question }: UrgentPhase): void {
  enter(draft, back);
  say(draft, "misheardDanger");
  draft.said.pop(); // no part of the question
  for (const spoken of question) speak(draft, spoken);
  if (question.length === 0) say(draft, "welcomeAgain");
}
