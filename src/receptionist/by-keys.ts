/**
 * When words cannot be made out: keys, and the recording. The caller is told so, hears what to do in danger, and leaves
 * a number and a message, or is put through. Nothing said here is stopped by the caller's voice, only by a key: whoever
 * speaks to somebody who cannot hear would never learn what to press.
 */
import { type Draft, end, enter, messageTask, miss, say, slotOf, speak, submit } from "./draft.ts";
import { emergencyNotice } from "./emergency-texts.ts";
import { filled, isFixed, type PromptName } from "./flow.ts";
import { repeatQuestion } from "./global.ts";
import { personToTry, putThrough } from "./people.ts";
import type { Phase, Spoken } from "./state.ts";
import { aboutBegun } from "./tasks/rules.ts";
import { readPhone } from "./understanding/phones.ts";
import { tokenise } from "./understanding/tokens.ts";
import { writtenPhone } from "./understanding/uk-phone.ts";

type AtKeys = Extract<Phase, { kind: "keypad" }>;
type KeyStep = AtKeys["at"];

/** Under these names failed attempts are counted. */
const NUMBER = "keyed-number";
const IDLE = "keyed-nothing";
const SPOKEN = "spoken-at-keys";
const NOTICE = "danger-notice";
const YES_NO = "yes-no-by-key";
/** So many silences, idle keys or words in a row: the caller cannot do it, or is not there. */
const MOST_IDLE = 3;
const MOST_NUMBERS = 4;
/** Who speaks for longer than this has said what there is to say, or is a radio. */
const MOST_PARTS_OF_A_MESSAGE = 20;

/** For the team to read. */
const ABOUT = "Please ring back. Words could not be heard in this call: what was said is in its recording.";
const NOT_CONFIRMED = "The number was keyed in and not confirmed.";

/** From wherever the conversation is. What was asked is kept, in case we hear again. */
export function byKeys(draft: Draft): void {
  const { state } = draft;
  const { phase, lastSaid } = state;
  state.holds = null;
  state.silences = 0;
  tell(draft, "deaf");
  if (miss(draft, NOTICE) === 1) {
    speak(draft, { text: emergencyNotice(draft.view.agency().jurisdiction), fixed: true }, "by-key");
  }
  // One key is all that is wanting: what has been said so far need not be lost.
  if (phase.kind === "confirm" && miss(draft, YES_NO) === 1) {
    repeatQuestion(draft);
    return tell(draft, "keysYesNo");
  }
  state.keypad ??= { back: phase, question: lastSaid };
  ask(draft, "menu");
}

/** @param keys "#" alone ends a message; behind other keys it is not given. */
export function pressedAtKeys(draft: Draft, phase: AtKeys, keys: string): void {
  draft.state.silences = 0;
  delete draft.state.tries[SPOKEN];
  // Some voices sound like keys to a telephone exchange: they are no end of a message.
  if (phase.at === "voice") return keys === "#" ? bye(draft) : undefined;
  if (keys === "*") return ask(draft, phase.at, phase.number);
  // Of a number it is the first digit: who takes a while for the second does not want a person.
  if (keys === "0" && phase.at !== "number") return person(draft);
  switch (`${phase.at} ${keys}`) {
    case "menu 1":
      return ask(draft, draft.state.caller === null ? "number" : "own-number");
    case "menu 2":
      return person(draft);
    case "own-number 1":
    case "confirm 1":
      return take(draft, phase.at === "confirm" ? phase.number : (draft.state.caller ?? ""));
    case "own-number 2":
    case "confirm 2":
      return ask(draft, "number");
    default:
      return phase.at === "number" ? numberKeyed(draft, phase, keys) : idle(draft, phase);
  }
}

/** Words that are not understood, or silence. Spoken into the recording they are the message. */
export function unheardAtKeys(draft: Draft, phase: AtKeys): void {
  if (phase.at === "voice") {
    if (miss(draft, SPOKEN) >= MOST_PARTS_OF_A_MESSAGE) bye(draft);
    return;
  }
  if (miss(draft, SPOKEN) >= MOST_IDLE) return giveUp(draft, phase);
  tell(draft, "deaf");
  ask(draft, phase.at, phase.number);
}

export function silentAtKeys(draft: Draft, phase: AtKeys): void {
  if (phase.at === "voice") return bye(draft);
  if (++draft.state.silences >= MOST_IDLE) return giveUp(draft, phase);
  ask(draft, phase.at, phase.number);
}

/** The number is saved. What it is about may still be said: whoever hangs up now is rung back as well. */
export function keyedMessageTaken(draft: Draft): void {
  draft.state.messaged = true;
  draft.state.task = null;
  delete draft.state.tries[SPOKEN];
  tell(draft, "keysTaken");
  ask(draft, "voice");
}

/** We hear again: back to where the caller was. Waited for until they speak, as nobody is interrupted over a number. */
export function hearAgain(draft: Draft): void {
  const { keypad } = draft.state;
  draft.state.keypad = null;
  say(draft, "heardAgain");
  enter(draft, keypad?.back ?? { kind: "open" });
  if (keypad === null) return;
  const isFromTheBeginning = keypad.question.length === 0; // nothing had been asked yet
  draft.state.lastSaid = isFromTheBeginning ? [worded(draft, "welcome")] : keypad.question;
}

function ask(draft: Draft, at: KeyStep, number = ""): void {
  tell(draft, promptOf(draft, at), { phone: writtenPhone(number) });
  enter(draft, { kind: "keypad", at, number });
}

function promptOf(draft: Draft, at: KeyStep): PromptName {
  switch (at) {
    case "menu":
      return personToTry(draft, undefined) === undefined ? "keysMenu" : "keysMenuPerson";
    case "own-number":
      return "keysOwnNumber";
    case "number":
      return "keysNumber";
    case "confirm":
      return "keysConfirm";
    case "voice":
      return "keysVoice";
  }
}

function numberKeyed(draft: Draft, phase: AtKeys, keys: string): void {
  const reading = readPhone(tokenise(keys), "asked", undefined)?.reading;
  if (reading?.kind === "complete") return ask(draft, "confirm", reading.e164);
  if (miss(draft, NUMBER) >= MOST_NUMBERS) return giveUp(draft, phase);
  tell(draft, "keysNotANumber");
  ask(draft, "number");
}

function person(draft: Draft): void {
  const found = personToTry(draft, undefined);
  if (found !== undefined) return void putThrough(draft, found);
  tell(draft, "keysNobody");
  ask(draft, "menu");
}

function idle(draft: Draft, phase: AtKeys): void {
  if (miss(draft, IDLE) >= MOST_IDLE) return giveUp(draft, phase);
  tell(draft, "keysUnknown");
  ask(draft, phase.at, phase.number);
}

/** Somebody was there, and cannot or does not want to go on: an unsure number is better than none. */
function giveUp(draft: Draft, phase: AtKeys): void {
  const { state } = draft;
  if (phase.at === "confirm") return take(draft, phase.number, NOT_CONFIRMED);
  const isThere = (state.tries[SPOKEN] ?? 0) + (state.tries[IDLE] ?? 0) + (state.tries[NUMBER] ?? 0) > 0;
  if (isThere && state.caller !== null) return take(draft, state.caller);
  say(draft, isThere ? "cannotHelp" : "noAnswer");
  end(draft, isThere ? "failed" : "nothing");
}

function take(draft: Draft, phone: string, ...notes: string[]): void {
  const { state } = draft;
  const name = slotOf(draft, "name")?.value ?? "";
  const about = [aboutBegun(draft), ABOUT, ...notes].filter(Boolean).join(" ");
  state.task = messageTask(draft.flow)?.id ?? null;
  const forWhom = state.forWhom ?? undefined;
  submit(draft, { kind: "take-message", name, phone, about, forWhom });
}

function bye(draft: Draft): void {
  say(draft, "goodbye");
  end(draft, "nothing");
}

function tell(draft: Draft, name: PromptName, values: Readonly<Record<string, string>> = {}): void {
  speak(draft, worded(draft, name, values), "by-key");
}

function worded(draft: Draft, name: PromptName, values: Readonly<Record<string, string>> = {}): Spoken {
  const text = draft.flow.prompts[name][0] ?? "";
  return { text: filled(text, { agency: draft.view.agency().name, ...values }), fixed: isFixed(text) };
}
