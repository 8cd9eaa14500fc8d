/** Whom a caller can be put through to, and the first word of it. */
import { clockOf, dateOf } from "../agency/local-time.ts";
import type { Person } from "./contract.ts";
import { type Draft, enter, slotOf, speak } from "./draft.ts";
import { filled } from "./flow.ts";
import { propertyWith } from "./listening.ts";

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
const duty = "on-call";
/** Whoever has called it off so often has people's telephones ring for nothing, and takes the legs that others need. */
const mostRung = 4;
/** Of a name that was not understood; see message.ts. */
const noCertainty = 0;

/** Whom to ring for a caller who wants `forWhom` (undefined: anybody); undefined outside of hours, if there is nobody, or after too many attempts. */
export function personToTry(draft: Draft, forWhom: string | undefined): Person | undefined {
  const people = draft.view.people?.() ?? [];
  if (people.length === 0 || draft.state.rung >= mostRung || !isOpen(draft)) return undefined;
  const wanted = forWhom === undefined ? undefined : people.find((person) => isCalled(person, forWhom));
  // A name that is none of ours is one misheard, or one that reception will know what to do with.
  const person = wanted ?? people.find(({ roles }) => roles.includes(reception));
  return person === undefined || draft.state.tried.includes(person.name) ? undefined : person;
}

/**
 * Who is rung next for what cannot wait, at any hour: those on call in the order of the staff, as far as this trunk
 * reaches them; where there is none, reception while we are open.
 */
export function personOnDuty(draft: Draft): Person | undefined {
  const people = draft.view.people?.() ?? [];
  const rota = draft.view.staff().filter((one) => one.onCall);
  const byRota = rota.flatMap(({ extension }) => people.filter((person) => person.extension === extension));
  const onCall = byRota.length > 0 ? byRota : people.filter(({ roles }) => roles.includes(duty));
  if (onCall.length === 0) return personToTry(draft, undefined);
  if (draft.state.rung >= mostRung) return undefined;
  return onCall.find(({ name }) => !draft.state.tried.includes(name));
}

/** "Is Kieran about?", "Dawn please", "I'm after Moira Tate": whom of ours; undefined: nobody, or it is no such wish. */
export function personAskedFor({ view }: Draft, text: string): string | undefined {
  const said = text.toLowerCase().replace(/[^\p{L}' ]+/gu, " ");
  return view.people?.().find(({ name }) => {
    const [first = "", ...rest] = name.toLowerCase().split(" ");
    const called = `${first}(?: ${rest.join(" ")})?`;
    const wish = `\\b(?:is|was|has) ${called} (?:still )?(?:in|there|about|around|available|free|back|working|at (?:his|her) desk)\\b|\\b(?:after|want|need|get me|fetch|find|reach|hold of|(?:looking|asking|ask) for) ${called}(?: please| if\\b.*| now| today)?\\s*$|^(?:\\S+ )?${called} please\\s*$`;
    return /^[\p{L}' -]+$/u.test(name) && new RegExp(wish).test(said);
  })?.name;
}

function isCalled({ name, roles }: Person, wanted: string): boolean {
  const [full, asked] = [name.toLowerCase(), wanted.toLowerCase()];
  return full === asked || full.split(" ").includes(asked) || roles.includes(asked);
}

function isOpen({ view, now }: Draft): boolean {
  const hours = view.hoursOn(dateOf(now));
  return hours !== undefined && clockOf(now) >= hours.opens && clockOf(now) < hours.closes;
}

/** @param why said to the person, and left as the message if he cannot be had; undefined: only that he is asked for. */
export function putThrough(draft: Draft, person: Person, why?: { said: string; about: string }, goesOn = false): true {
  const { state } = draft;
  sayOf(draft, "tryPerson", person.name);
  draft.effects.push({ kind: "transfer", to: person, about: announcement(draft, why?.said) });
  const about = why?.about ?? `Would like to speak to ${state.forWhom ?? "somebody"}.`;
  const [back, question] = [state.phase, state.lastSaid];
  enter(draft, { kind: "transferring", person: person.name, about, back, question, told: 0, goesOn });
  state.tried.push(person.name);
  state.rung += 1;
  return true;
}

/** "James Wilson, about 14 Maple Road". */
function announcement(draft: Draft, why: string | undefined): string {
  const [name, property] = [slotOf(draft, "name"), slotOf(draft, "property")];
  const who = name === undefined || name.certainty === noCertainty ? "a caller" : name.value;
  const address = property && propertyWith(draft, property.value)?.address;
  const about = [who, why, address && `about ${address}`].filter(Boolean).join(", ");
  return filled(draft.flow.prompts.askPerson[0] ?? "{about}", { agency: draft.view.agency().name, about });
}

export function sayOf(draft: Draft, prompt: (typeof personPrompts)[number], person: string): void {
  const text = filled(draft.flow.prompts[prompt][0] ?? "", { agency: draft.view.agency().name, person });
  speak(draft, { text, fixed: true });
}
