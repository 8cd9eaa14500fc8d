/**
 * What cannot wait though nobody is in danger of his life: fixed words, where it is, and then it is a repair, written
 * down as soon as the property is known; see tasks/repair.ts.
 */
import type { Heard } from "./contract.ts";
import { clearSlot, type Draft, end, enter, miss, say, slotOf, speak, taskOf } from "./draft.ts";
import { urgencyInWords, urgentText, urgentWhere } from "./emergency-texts.ts";
import { SURE_PROPERTY } from "./fill.ts";
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
/** Readings that were not sure. */
const WHETHER = "urgent-whether";
const MOST_WHETHER = 1;

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
  const phase: UrgentPhase = { kind: "urgent", urgency, words: heard.text, maybe: null, back, question };
  const property = namedIn(draft, understood) ?? homeOf(draft);
  if (property === undefined) askWhere(draft, phase);
  else if (isSure(property)) passOn(draft, phase, property, understood);
  else askWhether(draft, phase, property);
  return true;
}

function answerWhere(draft: Draft, phase: UrgentPhase, heard: Understanding): void {
  const named = namedIn(draft, heard);
  const isMeant = phase.maybe !== null && heard.answer === "yes" && heard.property === undefined;
  const property = isMeant ? { id: phase.maybe ?? "", certainty: CONFIRMED } : named;
  if (property !== undefined && isSure(property)) return passOn(draft, phase, property, heard);
  if (heard.intents.has("repeat") || heard.intents.has("recording")) return repeatQuestion(draft);
  if (heard.intents.has("goodbye")) {
    say(draft, "goodbye");
    return end(draft, "nothing");
  }
  if (heard.answer === "no" && phase.maybe === null && isDenial(heard)) return standDown(draft, phase);
  if (heard.intents.has("person")) return passOnWithout(draft, phase, heard.text);
  const isOther = property !== undefined && property.id !== phase.maybe;
  if (isOther && (draft.state.tries[WHETHER] ?? 0) < MOST_WHETHER) return askWhether(draft, phase, property);
  if (miss(draft, WHERE) >= MOST_WHERE) return passOnWithout(draft, phase, heard.text);
  askWhere(draft, { ...phase, maybe: null });
}

/** "No", "no, I only asked about flooding"; not "no idea, it's my mum's", nor "no, please hurry, it's pouring in". */
function isDenial({ text, property, intents }: Understanding): boolean {
  if (property !== undefined || intents.has("dont-know")) return false;
  if (ONLY_ASKED.test(text)) return true;
  const isShort = text.trim().split(/\s+/).length <= MOST_WORDS_OF_A_NO;
  return (isShort || DENIES.test(text)) && readUrgency({ text, nbest: [] }) === undefined;
}

const MOST_WORDS_OF_A_NO = 3;
const ONLY_ASKED =
  /\b(?:only|just) (?:ask(?:ed|ing)?|want(?:ed)?|meant|mean|check(?:ed|ing)?|wonder(?:ed|ing)|(?:have|had) a question)\b/i;
const DENIES =
  /\b(?:(?:there's no|there is no|there isn't an?y?) (?:flood|leak|water|emergency|danger|problem|break-in|burglary)|not an emergency|not urgent|didn't (?:say|mean)|misunder\w+|misheard|mistake|view|viewing)\b/i;

function askWhere(draft: Draft, phase: UrgentPhase): void {
  speak(draft, { text: urgentWhere, fixed: true });
  enter(draft, phase);
}

/** Somebody will be sent there: where that is not sure, it is asked. */
function askWhether(draft: Draft, phase: UrgentPhase, { id }: Where): void {
  miss(draft, WHETHER);
  say(draft, "didYouMean", { value: propertyWith(draft, id)?.address ?? "" });
  enter(draft, { ...phase, maybe: id });
}

type Where = { id: string; certainty: number };
const CONFIRMED = 0.95;
const isSure = ({ certainty }: Where): boolean => certainty >= SURE_PROPERTY;

function namedIn(draft: Draft, { property }: Understanding): Where | undefined {
  const id = property?.kind === "one" ? propertyWith(draft, property.id)?.id : undefined;
  return id === undefined || property?.kind !== "one" ? undefined : { id, certainty: property.certainty };
}

/** Where the caller lives, as far as he has said so: a house that he wants to view is not his. */
function homeOf(draft: Draft): Where | undefined {
  if (taskOf(draft)?.onComplete !== "report-fault") return undefined;
  const slot = slotOf(draft, "property");
  const id = propertyWith(draft, slot?.value ?? "")?.id;
  return slot === undefined || id === undefined ? undefined : { id, certainty: slot.certainty };
}

function passOn(draft: Draft, { words }: UrgentPhase, where: Where, heard: Understanding): void {
  draft.state.silences = 0;
  beginRepair(draft, words, { ...heard, property: { kind: "one", ...where } });
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
  draft.state.urgent = null; // told of it again, it is heeded again
  enter(draft, back);
  say(draft, "misheardDanger");
  draft.said.pop(); // no part of the question
  for (const spoken of question) speak(draft, spoken);
  if (question.length === 0) say(draft, "welcomeAgain");
}
