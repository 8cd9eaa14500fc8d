/** Words said into our own: an answer to us, or the noises of listening and talk in the caller's own room. Pure. */
import type { LocalTime } from "../agency/types.ts";
import type { Asks, Heard, StepView, Unfinished } from "./contract.ts";
import type { Flow } from "./flow.ts";
import { askedNow, listeningOf } from "./listening.ts";
import type { State } from "./state.ts";
import { isListening } from "./understanding/answers.ts";
import { isToSomebodyElse } from "./understanding/asides.ts";
import { readEmergency, readUrgency } from "./understanding/emergencies.ts";
import { tokenise } from "./understanding/tokens.ts";
import { type Understanding, understand } from "./understanding/understand.ts";

/**
 * Whether what the caller said while we spoke wants an answer. If not, we go on where we were: a word too few answered is
 * said again by him, a word too many throws the conversation off its course.
 */
export function interrupts(
  flow: Flow,
  state: State,
  heard: Heard,
  unfinished: Unfinished,
  now: LocalTime,
  view: StepView,
): boolean {
  if (readEmergency(heard)) return true;
  if (heard.doubtful) return false;
  if (readUrgency(heard)) return true;
  const tokens = tokenise(heard.text);
  const isAsked = hasHeardQuestion(unfinished);
  if (isListening(tokens)) return isAsked && yesNo.has(state.asks);
  const draft = { flow, view, now, state, effects: [], said: [] };
  const understood = understand(heard, listeningOf(draft, askedNow(draft)));
  if (isToSomebodyElse(tokens)) return holdsValue(understood) && !isPlainAnswer(understood);
  // Agreed to before it was told: he is to hear the rest of it.
  if (state.asks === "confirm" && !isAsked && understood.answer === "yes" && isPlainAnswer(understood)) return false;
  return isMeant(understood, state.asks, tokens.length);
}

/** Yes or no will do. */
const yesNo: ReadonlySet<Asks> = new Set(["confirm", "choice", "anything-else"]);

/** Words of a question that the caller need not wait for: "shall I book that?" has been asked at "shall I". */
const foreseenWords = 3;

/** The question, which comes last, was heard as far as it must be to be answered. */
function hasHeardQuestion({ text, heardText }: Unfinished): boolean {
  const rest = text.slice(heardText.length).trim();
  return rest === "" || rest.split(/\s+/).length <= foreseenWords;
}

const holdsValue = ({ property, date, time, phone, name }: Understanding): boolean =>
  (property ?? date ?? time ?? phone ?? name) !== undefined;

export const isPlainAnswer = (heard: Understanding): boolean => !holdsValue(heard) && heard.intents.size === 0;

/** Free words are an answer only where free words were asked for. */
const freeWords: ReadonlySet<Asks> = new Set(["message", "fault", "access", "position", "address", "email", "name"]);
const fewestFreeWords = 3;

/** While we were asked to wait, the room is talked to: what means nothing to us is left alone. */
export const isForUs = (heard: Understanding, asks: Asks): boolean => {
  const tokens = tokenise(heard.text);
  return !isToSomebodyElse(tokens) && isMeant(heard, asks, tokens.length);
};

/** How people take the floor: "wait", "excuse me", "no but", a question. */
const TAKES_FLOOR =
  /^(?:(?:er|erm|um|sorry|oh|okay|right|yes|yeah|no|but|and|well|so|actually|sorry to interrupt)\W+)*(?:wait|stop|excuse me|listen|hello|actually|hold|but|i (?:want|need|said|meant|mean|can't|don't|didn't|have|was|am|think|thought)|i'm|i'd|i've|can (?:i|you|we)|could (?:i|you|we)|would|what|how|do (?:you|i|we)|does|is (?:it|there|that|this)|are (?:you|there|they)|when|where|why|which|will|not)\b/i;

function isMeant(heard: Understanding, asks: Asks, words: number): boolean {
  if (heard.answer !== undefined || holdsValue(heard) || heard.intents.size > 0 || heard.items.length > 0) return true;
  if (TAKES_FLOOR.test(heard.text)) return true;
  return freeWords.has(asks) && words >= fewestFreeWords;
}
