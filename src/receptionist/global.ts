/** What a caller may say at any time: a person, again please, one moment, goodbye, what are you. */
import { advance } from "./advance.ts";
import { clearTask, type Draft, end, enter, isMessage, miss, say, speak } from "./draft.ts";
import { startMessage } from "./message.ts";
import { personAskedFor, personToTry, putThrough } from "./people.ts";
import { aboutBegun } from "./tasks/rules.ts";
import type { Understanding } from "./understanding/understand.ts";

const MOST_ABUSE = 3;

/** True if the words were answered here. */
export function answerGlobal(draft: Draft, heard: Understanding): boolean {
  const { intents } = heard;
  if (intents.has("machine")) return answerAndReturn(draft, () => say(draft, "isMachine"));
  if (intents.has("recording")) return aboutRecording(draft, heard.text);
  if (intents.has("privacy") && heard.topic === undefined)
    return offer(draft, () => say(draft, "privacyRequest"), `Privacy request: ${heard.text}`);
  const isFree = heard.topic === undefined && !intents.has("message") && draft.state.asks !== "name";
  const named = isFree ? personAskedFor(draft, heard.text) : undefined;
  if (named !== undefined) return wantsPerson(draft, { ...heard, forWhom: named });
  if (intents.has("person") && !intents.has("view")) return wantsPerson(draft, heard);
  if (hasItems(heard)) return false;
  if (intents.has("abuse")) return abused(draft);
  if (intents.has("hold")) return hold(draft);
  if (intents.has("slower")) return answerAndReturn(draft, () => say(draft, "slower"));
  if (intents.has("repeat")) return answerAndReturn(draft);
  if (intents.has("wrong-number")) {
    say(draft, "wrongNumber");
    end(draft, "nothing");
    return true;
  }
  if (intents.has("cancel") && cancel(draft)) return true;
  return intents.has("goodbye") && farewell(draft, heard);
}

/** Values were said: those come first. */
const hasItems = ({ property, date, time, phone, name }: Understanding): boolean =>
  (property ?? date ?? time ?? phone ?? name) !== undefined;

/** Says something and then the last question once more. */
function answerAndReturn(draft: Draft, answer?: () => void): true {
  const last = draft.state.lastSaid;
  answer?.();
  for (const spoken of last) speak(draft, spoken);
  return true;
}

function aboutRecording(draft: Draft, text: string): true {
  if (!wantsNoRecording(text)) {
    return answerAndReturn(draft, () => say(draft, "isRecorded"));
  }
  draft.effects.push({ kind: "stop-recording" });
  return answerAndReturn(draft, () => say(draft, "recordingStopped"));
}

/** Of words about the recording: that there be none. */
export const wantsNoRecording = (text: string): boolean =>
  /\b(?:don['’]t|didn['’]t|(?:do|did) not|stop|not (?:to )?(?:be )?record|never|no recording|(?:turn|switch|shut)\b.*\boff|without|rather)\b/i.test(
    text.replace(/record(?:ed|ing|s)?\b/gi, (word) => (/ing$/i.test(word) ? "recording" : "record")),
  );

function offer(draft: Draft, answer: () => void, about: string): true {
  answer();
  say(draft, "messageInstead");
  enter(draft, { kind: "offer-message", about });
  return true;
}

/** Put through, if there is anybody to put through to; otherwise a message, and nothing promised that nobody does. */
function wantsPerson(draft: Draft, heard: Understanding): boolean {
  const { state } = draft;
  if (isMessage(draft)) return false; // that is what it is for
  state.forWhom = heard.forWhom ?? null;
  const person = personToTry(draft, heard.forWhom);
  if (person !== undefined) return putThrough(draft, person);
  say(draft, "personMessage");
  startMessage(draft, hasItems(heard) ? heard.text : aboutBegun(draft));
  return true;
}

/** Once is forgiven; after that the call ends, politely. */
function abused(draft: Draft): true {
  if (miss(draft, "abuse") < MOST_ABUSE) {
    say(draft, "calm");
    repeatQuestion(draft);
    return true;
  }
  say(draft, "endOfAbuse");
  end(draft, "nothing");
  return true;
}

/** "Bear with me": no prompt for a good while. */
function hold(draft: Draft): true {
  say(draft, "holding");
  draft.state.holds = 0;
  return true;
}

/** Leaves the task; false if there is none. */
export function cancel(draft: Draft): boolean {
  if (draft.state.task === null) return false;
  dropTask(draft);
  say(draft, "cancelled");
  say(draft, "anythingElse");
  enter(draft, { kind: "else" });
  return true;
}

/** The task is over or dropped; the caller's name and number stay known. */
export function dropTask(draft: Draft): void {
  clearTask(draft);
  draft.state.forWhom = null;
  draft.state.due = null;
}

function farewell(draft: Draft, heard: Understanding): boolean {
  if (heard.answer === "yes" && draft.state.phase.kind === "confirm") {
    draft.state.leaving = true; // "yes please, bye": the deed first
    return false;
  }
  say(draft, "goodbye");
  end(draft, "nothing");
  return true;
}

/** The last question once more, in the same words. */
export function repeatQuestion(draft: Draft): void {
  for (const spoken of draft.state.lastSaid) speak(draft, spoken);
  if (draft.state.lastSaid.length === 0) advance(draft);
}
