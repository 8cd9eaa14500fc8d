/** Putting a caller through to a person, and having him back where nobody takes the call. */
import { clockOf, dateOf } from "../agency/local-time.ts";
import type { Person, TransferFailure } from "./contract.ts";
import { type Draft, end, enter, say, slotOf, speak } from "./draft.ts";
import { filled } from "./flow.ts";
import { propertyWith } from "./listening.ts";
import { aboutViewing, startMessage } from "./message.ts";
import type { Phase } from "./state.ts";
import type { Understanding } from "./understanding/understand.ts";

/** What is said of a person to the caller: rendered for each before the first call. */
export const personPrompts = [
  "tryPerson",
  "transferBusy",
  "transferNoAnswer",
  "transferUnreachable",
  "stillTrying",
] as const;

/** Who asks for nobody by name is put through to somebody with this role. */
const reception = "reception";
/** Told so often that we are still trying, a caller who talks on is talking to somebody else. */
const mostTold = 3;
/** Of a name that was not understood; see message.ts. */
const noCertainty = 0;

/** Whom to ring for a caller who wants `forWhom` (undefined: anybody); undefined outside of hours, or if there is nobody. */
export function personToTry(draft: Draft, forWhom: string | undefined): Person | undefined {
  const people = draft.view.people?.() ?? [];
  if (people.length === 0 || !isOpen(draft)) return undefined;
  const wanted = forWhom === undefined ? undefined : people.find((person) => isCalled(person, forWhom));
  // A name that is none of ours is one misheard, or one that reception will know what to do with.
  const person = wanted ?? people.find(({ roles }) => roles.includes(reception));
  return person === undefined || draft.state.tried.includes(person.name) ? undefined : person;
}

function isCalled({ name, roles }: Person, wanted: string): boolean {
  const [full, asked] = [name.toLowerCase(), wanted.toLowerCase()];
  return full === asked || full.split(" ").includes(asked) || roles.includes(asked);
}

function isOpen({ view, now }: Draft): boolean {
  const hours = view.hoursOn(dateOf(now));
  return hours !== undefined && clockOf(now) >= hours.opens && clockOf(now) < hours.closes;
}

export function putThrough(draft: Draft, person: Person): true {
  const { state } = draft;
  sayOf(draft, "tryPerson", person.name);
  draft.effects.push({ kind: "transfer", to: person, about: announcement(draft) });
  enter(draft, { kind: "transferring", person: person.name, back: state.phase, question: state.lastSaid, told: 0 });
  state.tried.push(person.name);
  return true;
}

/** "James Wilson, about 14 Maple Road". */
function announcement(draft: Draft): string {
  const [name, property] = [slotOf(draft, "name"), slotOf(draft, "property")];
  const who = name === undefined || name.certainty === noCertainty ? "a caller" : name.value;
  const address = property && propertyWith(draft, property.value)?.address;
  const about = address === undefined ? who : `${who}, about ${address}`;
  return filled(draft.flow.prompts.askPerson[0] ?? "{about}", { agency: draft.view.agency().name, about });
}

/** The caller hears a telephone ring, and speaks all the same. */
export function whileTransferring(
  draft: Draft,
  phase: Extract<Phase, { kind: "transferring" }>,
  heard: Understanding,
): void {
  const { intents, answer, text } = heard;
  if (intents.has("goodbye")) {
    draft.effects.push({ kind: "cancel-transfer" });
    say(draft, "goodbye");
    return end(draft, "nothing");
  }
  if (intents.has("message")) {
    draft.effects.push({ kind: "cancel-transfer" });
    return instead(draft, phase);
  }
  const isWithdrawn =
    intents.has("cancel") ||
    answer === "no" ||
    answer === "closing" ||
    /\b(?:go back|come back|cancel|stop)\b/i.test(text);
  if (isWithdrawn) return withdraw(draft, phase);
  if (heard.backchannel || answer === "yes" || phase.told >= mostTold) return;
  enter(draft, { ...phase, told: phase.told + 1 });
  sayOf(draft, "stillTrying", phase.person);
}

/** "Actually, never mind": back to where he was. */
function withdraw(draft: Draft, { person, back, question }: Extract<Phase, { kind: "transferring" }>): void {
  const { state } = draft;
  draft.effects.push({ kind: "cancel-transfer" });
  state.tried = state.tried.filter((other) => other !== person); // nobody has refused yet
  say(draft, "transferStopped");
  draft.said.pop(); // no part of the question
  enter(draft, back);
  for (const spoken of question) speak(draft, spoken);
  if (question.length === 0) say(draft, "welcomeAgain");
}

/** Nobody took the call: said so, and then on with what there is to do, as the caller likes. */
export function transferFailed(
  draft: Draft,
  phase: Extract<Phase, { kind: "transferring" }>,
  reason: TransferFailure,
): void {
  sayOf(
    draft,
    reason === "busy" ? "transferBusy" : isNobody(reason) ? "transferNoAnswer" : "transferUnreachable",
    phase.person,
  );
  draft.said.pop(); // said once, not with every repetition of the question
  const { person, back, question } = phase;
  if (draft.state.task !== "viewing") return offerMessage(draft);
  say(draft, "transferChoice");
  enter(draft, { kind: "resume", person, back, question });
}

const isNobody = (reason: TransferFailure): boolean => reason === "no-answer" || reason === "declined";

function offerMessage(draft: Draft): void {
  say(draft, "messageInstead");
  enter(draft, { kind: "offer-message", about: `Would like to speak to ${draft.state.forWhom ?? "somebody"}.` });
}

function instead(draft: Draft, { back }: Extract<Phase, { kind: "transferring" }>): void {
  enter(draft, back);
  startMessage(draft, draft.state.slots.property === undefined ? undefined : aboutViewing(draft));
}

function sayOf(draft: Draft, prompt: (typeof personPrompts)[number], person: string): void {
  const text = filled(draft.flow.prompts[prompt][0] ?? "", { agency: draft.view.agency().name, person });
  speak(draft, { text, fixed: true });
}
