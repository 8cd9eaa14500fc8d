/** The caller's words, phase by phase. */
import { advance } from "./advance.ts";
import { askSlot } from "./ask.ts";
import { chooseTurn } from "./choose.ts";
import { changeTurn, confirmTurn } from "./confirm.ts";
import { type Draft, end, enter, isArranging, isMessage, miss, say, setSlot, speak, taskOf } from "./draft.ts";
import { noteDue } from "./due.ts";
import { type Filling, fill, takeProperty } from "./fill.ts";
import { type SlotName, type Task, WORDS } from "./flow.ts";
import { answerGlobal, cancel, dropTask, repeatQuestion } from "./global.ts";
import { propertyWith } from "./listening.ts";
import { givenToPerson, giveUp, retrySlot, retryWith, startMessage } from "./message.ts";
import { personToTry, putThrough } from "./people.ts";
import { answerQuestions, note, whichTurn } from "./questions.ts";
import type { State } from "./state.ts";
import { aboutTask, rulesOf } from "./tasks/rules.ts";
import { answerTopic } from "./topics.ts";
import { waitsForUs } from "./understanding/appointment-words.ts";
import { topicNamed } from "./understanding/intents.ts";
import { messageIn, opensMessage } from "./understanding/messages.ts";
import type { PropertyReading } from "./understanding/property-reading.ts";
import { phraseOf, tokenise } from "./understanding/tokens.ts";
import type { Understanding } from "./understanding/understand.ts";

/** A longer sentence in answer to "what shall I tell them?" is the message itself, whatever else it sounds like. */
const MOST_ASIDE_WORDS = 6;

/** A shorter one may be what is left of a sentence that was heard badly. */
const FEWEST_WORDS_OF_A_WISH = 5;

/** Answers words heard after the disclosure, outside an emergency. */
export function takeTurn(draft: Draft, heard: Understanding): void {
  const { phase } = draft.state;
  if (heard.backchannel && phase.kind !== "open") return backchannel(draft);
  const words = heard.text.split(/\s+/).length;
  const telling = phase.kind === "slot" && WORDS.has(phase.slot) && words > MOST_ASIDE_WORDS;
  noteDue(draft, heard);
  if (!telling && (answerTopic(draft, heard) || answerGlobal(draft, heard))) return;
  if (!telling && asksAnew(draft, heard)) return;
  const rest = telling ? heard : answerQuestions(draft, heard);
  if (rest !== undefined) phaseTurn(draft, rest, phase);
}

function phaseTurn(draft: Draft, heard: Understanding, phase: State["phase"]): void {
  switch (phase.kind) {
    case "open":
    case "else":
      return openTurn(draft, heard);
    case "slot":
      return WORDS.has(phase.slot) ? wordsTurn(draft, heard, phase.slot) : slotTurn(draft, heard, phase.slot);
    case "check":
      return checkTurn(draft, heard, phase);
    case "offer-viewing":
      return offerViewingTurn(draft, heard, phase.property);
    case "which":
      return whichPropertyTurn(draft, heard, phase);
    case "offer-message":
      return offerTurn(draft, heard, phase.about);
    case "choose":
      return chooseTurn(draft, heard, phase);
    case "confirm": {
      const other = otherThanRead(draft, heard);
      return other === undefined ? confirmTurn(draft, heard) : beginTask(draft, other, heard);
    }
    case "change":
      return changeTurn(draft, heard);
    case "resume":
      return resumeTurn(draft, heard, phase);
    default: // greeting, waiting, transferring, emergency, ended: answered before they come here
      return;
  }
}

/** "Mm-hm", "right": no answer. If it cut our question short, that is asked again; else we just listen on. */
function backchannel(draft: Draft): void {
  if (draft.state.interrupted) repeatQuestion(draft);
}

function openTurn(draft: Draft, heard: Understanding): void {
  const { state } = draft;
  const { intents } = heard;
  const items = [heard.property, heard.date, heard.time].some((item) => item !== undefined);
  const isElse = state.phase.kind === "else";
  const when = heard.date ?? heard.time;
  if (isWaiting(heard)) {
    const person = personToTry(draft, undefined);
    const why = { said: "who is waiting at a viewing or late for one", about: heard.text };
    if (person !== undefined) return void putThrough(draft, person, why);
    say(draft, "otherTopic");
    return startMessage(draft, heard.text);
  }
  if (intents.has("message") && opensMessage(heard.text)) return beginMessage(draft, heard);
  const wanted = taskFor(draft, heard);
  if (wanted !== undefined) return beginTask(draft, wanted, heard);
  if (intents.has("manage") || (intents.has("other") && !intents.has("view") && when === undefined)) {
    say(draft, "otherTopic");
    return startMessage(draft, heard.text);
  }
  if (intents.has("message") && !intents.has("view")) return beginMessage(draft, heard);
  if (intents.has("view") || (items && asksToCome(heard))) return beginViewing(draft, heard);
  if (heard.property?.kind === "one") return offerToShow(draft, heard, heard.property.id);
  if (isElse && wantsNoMore(heard)) return state.result?.missed ? resultAgain(draft) : goodbye(draft);
  if ((intents.has("greeting") || isBareYes(heard)) && miss(draft, "welcome") <= 2)
    return say(draft, state.turns <= 2 ? "welcome" : "welcomeAgain");
  if (heard.name) setSlot(draft, "name", heard.name.value, heard.name.certainty);
  if (SOMEBODY_ELSE.test(heard.text)) {
    say(draft, "wrongNumber");
    return end(draft, "nothing");
  }
  notUnderstood(draft, heard);
}

/** "Is that Sandra? Sorry, wrong house": of a listing it would be said later in the call. */
const SOMEBODY_ELSE = /\bwrong (?:house|place|person|people|company|firm|office)\b/i;

/** "Yes, hello", not "yeah no, um, you left a card through my door". */
const isBareYes = ({ answer, text }: Understanding): boolean =>
  answer === "yes" && text.split(/\s+/).length <= MOST_ASIDE_WORDS;

/** At an appointment or late for one, whatever else is said of it. */
const isWaiting = ({ text, topic }: Understanding): boolean =>
  (topic === undefined || OF_APPOINTMENTS.has(topic)) && waitsForUs(phraseOf(tokenise(text)));

const OF_APPOINTMENTS: ReadonlySet<string> = new Set([
  "access",
  "feedback",
  "move-appointment",
  "cancel-appointment",
  "confirm-appointment",
]);

/** After "anything else?": "no", "that's everything", and as well "lovely, thank you" or "perfect". */
const wantsNoMore = ({ answer, text }: Understanding): boolean =>
  answer === "no" ||
  answer === "closing" ||
  (/\b(?:thank|thanks|cheers)/i.test(text) && !/\b(?:yes|yeah|please|also|actually)\b/i.test(text)) ||
  (answer === "yes" && !/\b(?:yes|yeah|yep|yup|aye|please|sure|actually|do|would)\b/i.test(text));

/** "Yes … thank you": spoken into "That's booked", which nobody then has heard. */
function resultAgain(draft: Draft): void {
  draft.state.result = null;
  repeatQuestion(draft);
}

function goodbye(draft: Draft): void {
  say(draft, "goodbye");
  end(draft, "nothing");
}

function notUnderstood(draft: Draft, { text }: Understanding): void {
  const tries = miss(draft, "open");
  if (tries >= 4) {
    if (givenToPerson(draft)) return;
    say(draft, "giveUpMessage");
    return startMessage(draft, undefined);
  }
  // A whole sentence that was said three times is something that the team will understand.
  if (tries === 3 && text.trim().split(/\s+/).length >= FEWEST_WORDS_OF_A_WISH) {
    say(draft, "cannotAnswer");
    say(draft, "messageInstead");
    return enter(draft, { kind: "offer-message", about: text });
  }
  say(draft, "notUnderstood", {}, tries - 1);
  say(draft, draft.state.phase.kind === "else" ? "anythingElse" : "welcomeAgain");
}

/** The task that somebody wants who says so; undefined: none, or the one that is in progress. */
function taskFor({ flow, state }: Draft, { topic, property, intents }: Understanding): Task | undefined {
  // "I'm looking to rent the flat in Station Road, can I see it?"
  if (topic?.startsWith("applicant-") && (property !== undefined || intents.has("view"))) return undefined;
  const task = topic && flow.tasks.find(({ begins }) => begins.includes(topic));
  return task?.id === state.task ? undefined : task;
}

/**
 * "No, could we push Friday's viewing back?", said to "Shall I book that?": begun by mistake. Whoever names another value
 * than the one read back corrects it instead.
 */
function otherThanRead(draft: Draft, heard: Understanding): Task | undefined {
  const { answer, topic, date, time, property } = heard;
  if (answer !== "no" || topic === undefined || !OF_APPOINTMENTS.has(topic) || !isArranging(draft)) return undefined;
  const value = (name: SlotName) => draft.state.slots[name]?.value;
  const isSame =
    (date === undefined || (date.kind === "on" && date.date === value("date"))) &&
    (time === undefined || (time.kind === "at" && time.clock === value("time"))) &&
    (property === undefined || (property.kind === "one" && property.id === value("property")));
  return isSame ? taskFor(draft, heard) : undefined;
}

/** Water through the ceiling waits for no booking and no message. `words`: what is wrong. */
export function beginRepair(draft: Draft, words: string, heard: Understanding): void {
  const task = draft.flow.tasks.find(({ onComplete }) => onComplete === "report-fault");
  if (task === undefined) return startMessage(draft, words);
  beginTask(draft, task, heard, words);
}

/** Beside a place or a day a whole sentence says more than "Saturday, the house in Mill Lane": it need not be a viewing. */
const asksToCome = ({ text, property, date, time }: Understanding): boolean =>
  text.trim().split(/\s+/).length < FEWEST_WORDS_OF_A_WISH ||
  (property?.kind !== "one" && property !== undefined) ||
  (property !== undefined && (date ?? time) !== undefined) ||
  /\b(?:come|coming|book|booked|free|appointment|slot|fit|see|saw|view|visit|pop|round|look|interested|after)\b/i.test(
    text,
  );

/** Something about a listing that was not understood: a wish to see it is asked about, not taken for granted. */
function offerToShow(draft: Draft, heard: Understanding, id: string): void {
  const property = propertyWith(draft, id);
  if (property?.status !== "available") return beginViewing(draft, heard); // which says why not
  draft.state.about = id;
  say(draft, "got", { items: property.address });
  say(draft, "offerViewing", { property: property.address });
  enter(draft, { kind: "offer-viewing", property: id });
}

/** "I only had a question", where something else has been begun and nothing answered: he is to ask it again. */
const ONLY_ASKING =
  /\b(?:only|just) (?:wanted|want|meant|mean|trying|calling|ringing) to ask\b|\b(?:only|just) (?:had|have|have got|got|wanted) an? (?:quick )?question\b|\b(?:only|just) asking\b/i;
const MOST_ASKED_ANEW = 2;

function asksAnew(draft: Draft, heard: Understanding): boolean {
  const { state } = draft;
  const { kind } = state.phase;
  const isOurs = ["slot", "which", "check", "choose", "offer-viewing", "offer-message"].includes(kind);
  if (!isOurs || heard.questions.length > 0 || !ONLY_ASKING.test(heard.text)) return false;
  if (state.answered.length > 0 || miss(draft, "asked-anew") > MOST_ASKED_ANEW) return false;
  dropTask(draft);
  say(draft, "welcome");
  enter(draft, { kind: "open" });
  return true;
}

/** For whom, and what about, as far as that has been said with the wish for it. */
function beginMessage(draft: Draft, heard: Understanding): void {
  if (heard.forWhom !== undefined) draft.state.forWhom = heard.forWhom;
  startMessage(draft, messageIn(heard.text));
}

function beginViewing(draft: Draft, heard: Understanding): void {
  const task = draft.flow.tasks.find(({ onComplete }) => onComplete === "book-viewing");
  if (task !== undefined) beginTask(draft, task, heard);
}

/** @param words by which it was begun, where that is not what was heard just now. */
function beginTask(draft: Draft, task: Task, heard: Understanding, words = heard.text): void {
  dropTask(draft);
  draft.state.task = task.id;
  for (const key of ["open", "offers", "confirm", ...task.slots.map(({ name }) => name)]) {
    if (key !== "name" && key !== "phone") delete draft.state.tries[key];
  }
  goOn(draft, fill(draft, rulesOf(draft)?.begin?.(draft, heard, words) ?? heard));
}

const goOn = (draft: Draft, { filled, asked }: Filling): void => {
  if (!asked) advance(draft, filled);
};

function slotTurn(draft: Draft, heard: Understanding, slot: SlotName): void {
  const filling = fill(draft, heard);
  if (filling.asked || filling.filled.length > 0) return goOn(draft, filling);
  const { intents } = heard;
  if (intents.has("message") && isArranging(draft)) return startMessage(draft, undefined);
  const other = isArranging(draft) ? taskFor(draft, heard) : undefined;
  if (other !== undefined) return beginTask(draft, other, heard);
  if (isMessage(draft) && wantsViewing(heard)) return beginViewing(draft, heard);
  if (heard.answer === "closing" && isArranging(draft)) return void cancel(draft);
  // "Could I take your name?" "Yes": the answer itself is still to come.
  if (heard.answer === "yes" && miss(draft, `yes-${slot}`) === 1) return askSlot(draft, slot);
  // A question of another kind in the midst of it: say who can answer, and come back.
  if (intents.has("other") && heard.text.split(" ").length >= 3) {
    say(draft, "cannotAnswer");
    note(draft, "unanswered", topicNamed(tokenise(heard.text)));
    return askSlot(draft, slot);
  }
  if (intents.has("dont-know") && leftViewing(draft, slot)) return;
  const tries = draft.state.tries[slot] ?? 0;
  if (slot === "name" && heard.name) return retryWith(draft, slot, () => say(draft, "spellName"));
  retrySlot(draft, slot, () => say(draft, "notUnderstood", {}, tries));
}

/** Whoever cannot say twice which home or day he wants to see may have wanted something else: asked, once. */
function leftViewing(draft: Draft, slot: SlotName): boolean {
  const isViewing = taskOf(draft)?.onComplete === "book-viewing" && /^(?:property|date|time)$/.test(slot);
  if (!isViewing || (draft.state.tries[slot] ?? 0) < 1 || miss(draft, "wish") > 1) return false;
  dropTask(draft);
  say(draft, "welcomeAgain");
  enter(draft, { kind: "open" });
  return true;
}

/** "I'd just like to book a viewing", said while a message is being taken. */
const wantsViewing = ({ intents }: Understanding): boolean =>
  intents.has("view") && !["message", "manage", "other", "person"].some((other) => intents.has(other as never));

/** Taken in the caller's own words; a bare yes or no is an answer only where it may be one. */
function wordsTurn(draft: Draft, heard: Understanding, slot: SlotName): void {
  const words = heard.text.trim();
  if (slot !== "access" && words.split(/\s+/).length < 2 && heard.answer !== undefined)
    return retrySlot(draft, slot, () => say(draft, "goOn"));
  setSlot(draft, slot, words.slice(0, 500), 1);
  const { filled, asked } = fill(draft, {
    ...heard,
    phone: heard.phone?.kind === "complete" ? heard.phone : undefined,
  });
  goOn(draft, { filled, asked });
}

function checkTurn(draft: Draft, heard: Understanding, phase: Extract<State["phase"], { kind: "check" }>): void {
  if (heard.answer === "yes") {
    const property = propertyWith(draft, phase.value);
    const question = property && takeProperty(draft, property, 0.95);
    return question ? question() : advance(draft, []);
  }
  const filling = fill(draft, heard);
  if (filling.asked || filling.filled.includes(phase.slot)) return goOn(draft, filling);
  if (heard.answer === "no" || heard.answer === "closing") return retrySlot(draft, phase.slot);
  if (miss(draft, "check") >= 3) return giveUp(draft, phase.slot);
  say(draft, "yesOrNo");
}

/** "A message, or shall we carry on?" What the caller was doing has been kept for him. */
function resumeTurn(draft: Draft, heard: Understanding, phase: Extract<State["phase"], { kind: "resume" }>): void {
  const { property, date, time, phone, name, answer, intents } = heard;
  if (intents.has("message") || /\bmessage\b/i.test(heard.text)) return startMessage(draft, aboutTask(draft));
  if ((property ?? date ?? time ?? phone ?? name) !== undefined) {
    enter(draft, phase.back);
    return takeTurn(draft, heard);
  }
  const isOn = /\b(?:carry|go|move|get|crack) on\b|\b(?:continue|proceed|viewing|the second|latter)\b/i.test(
    heard.text,
  );
  if (isOn || answer === "yes") {
    enter(draft, phase.back);
    for (const spoken of phase.question) speak(draft, spoken);
    return;
  }
  if (answer !== undefined) return void cancel(draft);
  if (miss(draft, "resume") >= 3) return startMessage(draft, aboutTask(draft));
  say(draft, "transferChoice");
}

/** "Would you like to view it?" "Yes, Saturday." */
function offerViewingTurn(draft: Draft, heard: Understanding, id: string): void {
  const when = heard.date ?? heard.time;
  if (heard.answer === "yes" || heard.intents.has("view") || when !== undefined || heard.property !== undefined) {
    const property: PropertyReading = heard.property ?? { kind: "one", id, certainty: 0.95 };
    return beginViewing(draft, { ...heard, property });
  }
  if (heard.answer === undefined) {
    const isShort = heard.text.trim().split(/\s+/).length < FEWEST_WORDS_OF_A_WISH;
    if (isShort && heard.intents.size === 0 && heard.topic === undefined && miss(draft, "offer-viewing") === 1)
      return say(draft, "yesOrNo");
    enter(draft, { kind: "else" }); // he has something else in mind
    return openTurn(draft, heard);
  }
  say(draft, "anythingElse");
  enter(draft, { kind: "else" });
}

/** "Which property is that about?" Whoever cannot say is answered by a person. */
function whichPropertyTurn(
  draft: Draft,
  heard: Understanding,
  phase: Extract<State["phase"], { kind: "which" }>,
): void {
  if (whichTurn(draft, heard, phase)) return;
  if (heard.property === undefined && miss(draft, "which") < 2) return say(draft, "whichAbout");
  for (const key of phase.questions) note(draft, "unanswered", key);
  say(draft, heard.property === undefined ? "cannotAnswer" : "unlisted");
  say(draft, "messageInstead");
  enter(draft, { kind: "offer-message", about: `Asked about: ${phase.questions.join(", ")}. ${heard.text}` });
}

function offerTurn(draft: Draft, heard: Understanding, about: string): void {
  const { state } = draft;
  if (heard.answer === "yes" || heard.intents.has("message")) return startMessage(draft, about);
  if (heard.property !== undefined) return beginViewing(draft, heard);
  if (heard.intents.has("view") && state.about !== null) return offerViewingTurn(draft, heard, state.about);
  if (heard.answer === undefined && miss(draft, "offer") < 3) return say(draft, "yesOrNo");
  dropTask(draft);
  say(draft, "anythingElse");
  enter(draft, { kind: "else" });
}
