/**
 * Questions about a listing or the office, in any phase: answered from the agency's own listings and knowledge or not at
 * all, then back to what had been asked. What could not be answered is remembered for the managers.
 */
import { dateOf } from "../agency/local-time.ts";
import type { Property } from "../agency/types.ts";
import { type Draft, enter, isArranging, say, slotOf, speak } from "./draft.ts";
import { propertyWith } from "./listening.ts";
import type { State } from "./state.ts";
import { knowledgeFor } from "./understanding/knowledge.ts";
import { factsNamed, officeQuestions, privateQuestion, type Question, wordsOfKey } from "./understanding/questions.ts";
import { tokenise } from "./understanding/tokens.ts";
import type { Understanding } from "./understanding/understand.ts";
import { dateInWords, listInWords, poundsInWords, statusInWords, timeInWords } from "./wording.ts";

/** Phases in which the caller's words are no question to us, whatever they sound like. */
const OWN_WORDS = new Set(["message", "fault", "access", "position"]);
const mostKept = 20;
/** More listings than these are not read out. */
const mostNamed = 4;

/** @returns What is left to be answered of the words; undefined: nothing, the turn is over. */
export function answerQuestions(draft: Draft, heard: Understanding): Understanding | undefined {
  const { phase } = draft.state;
  if (phase.kind === "slot" && OWN_WORDS.has(phase.slot)) return heard;
  // "Anything with parking?" asks about no listing of ours: somebody looks for a home.
  if (heard.topic?.startsWith("applicant-") && heard.property === undefined) return { ...heard, questions: [] };
  const question = draft.state.lastSaid;
  const property = talkedOf(draft, heard);
  const facts = factQuestions(heard, property);
  const office = heard.questions.filter(isOffice);
  const known = facts.length === 0 && office.length === 0 ? knowledgeOf(draft, heard) : undefined;
  if (facts.length === 0 && office.length === 0 && known === undefined) return heard;
  if (facts.length > 0 && property === undefined && known === undefined && office.length === 0) {
    return askWhich(draft, heard, facts);
  }
  const before = draft.said.length;
  if (known !== undefined) {
    speak(draft, { text: known.answer, fixed: false });
    note(draft, "answered", known.id);
  }
  for (const key of office) answerOffice(draft, key, heard);
  const told = property === undefined ? [] : facts.map((key) => answerFact(draft, property, key));
  draft.said.length = before; // answers are no part of the question, which may be repeated
  const rest = withoutAnswered(draft, heard, property);
  if (isMore(rest)) return rest;
  if (isUntold(draft, told)) offerToAsk(draft, heard.text);
  else backToQuestion(draft, facts.length > 0 ? property : undefined, question);
  return undefined;
}

/** Nothing of what was asked is in the listing, and nothing else is in progress. */
const isUntold = (draft: Draft, told: readonly boolean[]): boolean =>
  told.length > 0 &&
  !told.includes(true) &&
  ["open", "else", "offer-viewing"].includes(draft.state.phase.kind) &&
  draft.state.task === null;

/** "The team can tell you": then they are to hear of it. */
function offerToAsk(draft: Draft, text: string): void {
  say(draft, "messageInstead");
  enter(draft, { kind: "offer-message", about: text });
}

/** "Which property is that about?": the answer to it. True if it was one. */
export function whichTurn(
  draft: Draft,
  heard: Understanding,
  phase: Extract<State["phase"], { kind: "which" }>,
): boolean {
  if (heard.property?.kind !== "one") return false;
  const property = propertyWith(draft, heard.property.id);
  if (property === undefined) return false;
  draft.state.about = property.id;
  for (const key of phase.questions) answerFact(draft, property, key);
  draft.said.length = 0;
  enter(draft, phase.back);
  backToQuestion(draft, property, phase.question);
  return true;
}

const isOffice = (key: Question): boolean => officeQuestions.some((one) => one === key);

/** Named just now, or what is being arranged, or what was talked of before. */
function talkedOf(draft: Draft, { property }: Understanding): Property | undefined {
  const named = property?.kind === "one" ? property.id : undefined;
  const id = named ?? slotOf(draft, "property")?.value ?? draft.state.about;
  const found = id === null ? undefined : propertyWith(draft, id);
  if (found !== undefined) draft.state.about = found.id;
  return found;
}

function factQuestions({ questions, text }: Understanding, property: Property | undefined): Question[] {
  const asked = questions.filter((key) => !isOffice(key));
  const named = property === undefined ? [] : factsNamed(tokenise(text), publicFacts(property));
  const more = named.filter((key) => !asked.some((other) => isSameKey(other, key)));
  return more.length > 0 && asked.length === 1 && asked[0] === "price" ? more : [...asked, ...more];
}

const isSameKey = (a: string, b: string): boolean => wordsOfKey(a).join("") === wordsOfKey(b).join("");

/** What a listing may hold for the office's eyes. */
const NOT_FOR_CALLERS = /^(?:min|lowest|reserve|motive|reason|vacan|empty|owner|vendor|landlord|note|key|alarm|offer)/i;

/** Wherever it stands: "access-code", "price-reserve", "viewing-notes". */
const PRIVATE_WORDS = new Set(
  "reserve seller sellers vendor vendors owner owners landlord landlords code codes lockbox keysafe safe password passcode pin note notes offer offers commission phone mobile email".split(
    " ",
  ),
);

const publicFacts = ({ facts }: Property): string[] =>
  Object.keys(facts).filter(
    (key) => !NOT_FOR_CALLERS.test(key) && !wordsOfKey(key).some((word) => PRIVATE_WORDS.has(word)),
  );

/** Who wants something done ("what's my house worth?") is not told what it costs. */
const knowledgeOf = (draft: Draft, { text, topic }: Understanding) =>
  topic === undefined || (topic === "keys" && WHEN_OR_WHERE.test(text))
    ? knowledgeFor(text, draft.view.knowledge())
    : undefined;

/** "When can I pick up my keys?" is a question; "I'd like to pick up my keys" is for the team. */
const WHEN_OR_WHERE = /\b(?:when|where|what time)\b/i;

function askWhich(draft: Draft, heard: Understanding, questions: Question[]): Understanding | undefined {
  const { state } = draft;
  if (questions.includes(privateQuestion)) {
    declinePrivate(draft);
    backToQuestion(draft, undefined, state.lastSaid);
    return undefined;
  }
  // In the midst of something else, or on his way into it: that is to be settled first.
  if (state.task !== null || heard.topic !== undefined || heard.intents.has("message")) return heard;
  const back = state.phase;
  const listed = heard.property?.kind === "several" ? heard.property.ids : [];
  const addresses = listed.flatMap((id) => propertyWith(draft, id)?.address ?? []);
  enter(draft, { kind: "which", questions, back, question: state.lastSaid });
  if (addresses.length === 0 || addresses.length > mostNamed) say(draft, "whichAbout");
  else say(draft, "whichProperty", { options: listInWords(addresses, "or") });
  return undefined;
}

/** False if the team are to be asked. */
function answerFact(draft: Draft, property: Property, key: Question): boolean {
  if (key === privateQuestion) {
    declinePrivate(draft);
    return true;
  }
  const about = { property: property.address };
  const said = fieldAnswer(draft, property, key, about) || writtenAnswer(draft, property, key, about);
  if (!said) say(draft, "factUnknown", { ...about, fact: labelOf(key) });
  note(draft, said ? "answered" : "unanswered", key);
  return said;
}

function declinePrivate(draft: Draft): void {
  say(draft, "cannotDiscuss");
  note(draft, "unanswered", privateQuestion);
}

/** From the listing's own fields. */
function fieldAnswer(draft: Draft, property: Property, key: Question, about: { property: string }): boolean {
  const { kind, price, beds, type, status } = property;
  switch (key) {
    case "price":
      if (price === 0) return false;
      say(draft, kind === "sale" ? "answerPrice" : "answerRent", { ...about, price: poundsInWords(price) });
      return true;
    case "beds":
      if (beds === 0) return false;
      say(draft, "answerBeds", { ...about, beds: `${beds} bedroom${beds === 1 ? "" : "s"}` });
      return true;
    case "type":
      if (type === "") return false;
      say(draft, "answerFact", { ...about, fact: "type of property", value: type });
      return true;
    case "availability":
      if (status === "available") say(draft, "answerAvailable", about);
      else say(draft, "answerStatus", { ...about, status: statusInWords(status) });
      return true;
    default:
      return false;
  }
}

function writtenAnswer(draft: Draft, property: Property, key: Question, about: { property: string }): boolean {
  const names = [key, ...(ALSO_CALLED[key] ?? [])];
  const found = publicFacts(property).find((fact) => names.some((name) => isSameKey(name, fact)));
  const value = found && property.facts[found]?.trim();
  if (found === undefined || value === undefined || value === "") return false;
  say(draft, "answerFact", { ...about, fact: labelOf(key), value });
  return true;
}

/** Under which other keys listings have it. */
const ALSO_CALLED: Readonly<Record<string, readonly string[]>> = {
  "council-tax": ["council-tax-band", "tax-band"],
  epc: ["epc-rating", "energy-rating", "energy"],
  lease: ["lease-length", "years-on-lease", "tenure"],
  "floor-area": ["size", "square-feet", "area"],
  parking: ["garage", "driveway"],
  "available-from": ["move-in", "available"],
  garden: ["outside-space", "outside"],
  furnished: ["furnishing"],
  "flood-risk": ["flood", "flooding"],
};

const LABELS: Readonly<Record<string, string>> = {
  "council-tax": "council tax band",
  epc: "energy rating",
  pets: "rule on pets",
};
const labelOf = (key: string): string => LABELS[key] ?? wordsOfKey(key).join(" ");

function answerOffice(draft: Draft, key: Question, { date }: Understanding): void {
  const { view, now } = draft;
  const branches = view.branches().filter(({ address }) => address !== "");
  const departments = [...new Set(view.staff().map(({ department }) => department))].filter((name) => name !== "");
  if (key === "office-hours") {
    const day = date?.kind === "on" ? date.date : dateOf(now);
    const hours = view.hoursOn(day);
    const values = { date: dateInWords(day) };
    if (hours === undefined) say(draft, "closedOn", values);
    else say(draft, "officeOpen", { ...values, opens: timeInWords(hours.opens), closes: timeInWords(hours.closes) });
  } else if (key === "office-address" && branches.length > 0) {
    say(draft, "officeAddress", {
      address: listInWords(
        branches.map(({ address }) => address),
        "and",
      ),
    });
  } else if (key === "departments" && departments.length > 0) {
    say(draft, "officeDepartments", { departments: listInWords(departments, "and") });
  } else {
    say(draft, "cannotAnswer");
    return note(draft, "unanswered", key);
  }
  note(draft, "answered", key);
}

/** For the call's record; a topic is named once. */
export function note({ state }: Draft, list: "answered" | "unanswered", id: string): void {
  if (!state[list].includes(id) && state[list].length < mostKept) state[list].push(id);
}

/** A day asked about is none wished for; another listing asked about takes the place of none. */
function withoutAnswered(draft: Draft, heard: Understanding, property: Property | undefined): Understanding {
  const chosen = slotOf(draft, "property")?.value;
  const isOther = chosen !== undefined && property !== undefined && property.id !== chosen;
  const isHours = heard.questions.includes("office-hours");
  return {
    ...heard,
    questions: [],
    ...(isOther ? { property: undefined } : {}),
    ...(isHours ? { date: undefined, time: undefined } : {}),
    ...(NAMES_SELF.test(heard.text) ? {} : { name: undefined }),
    answer: ANSWERED.test(heard.text) ? heard.answer : undefined,
    intents: new Set([...heard.intents].filter((intent) => intent !== "other" && intent !== "dont-know")),
  };
}

/** A yes or no of its own beside the question: at the beginning, or after a pause. */
const ANSWERED = /(?:^|[.,;?!…] *(?:and |but )?| and )(?:yes|yeah|yep|no|nope|okay|that's (?:right|fine|correct))\b/i;

/** "What's" is no name where a name was asked for. */
const NAMES_SELF = /\b(?:name|this is|i'm|it's)\b/i;

/** More than the question was said: that is answered next. */
const isMore = ({ date, time, phone, name, answer, intents, topic, money }: Understanding): boolean =>
  (date ?? time ?? phone ?? name) !== undefined ||
  (topic === "offer" && money !== undefined) ||
  answer !== undefined ||
  ["view", "message", "cancel", "manage", "goodbye"].some((one) => intents.has(one as never));

function backToQuestion(draft: Draft, property: Property | undefined, question: State["lastSaid"]): void {
  const { state } = draft;
  const { kind } = state.phase;
  if (isArranging(draft) || (kind !== "open" && kind !== "else" && kind !== "offer-viewing")) {
    for (const spoken of question) speak(draft, spoken);
    return;
  }
  if (property?.status === "available") {
    say(draft, "offerViewing", { property: property.address });
    return enter(draft, { kind: "offer-viewing", property: property.id });
  }
  say(draft, "anythingElse");
  enter(draft, { kind: "else" });
}
