/** How long a silence must be before what was said counts as a whole turn. Pure; ms, 200…1,200. */
import type { Asks, Patience, PublicState } from "./contract.ts";
import { itemPatience, volunteeredPatience } from "./patience-items.ts";
import { isTrailing, lastWord, waits, wantsPlace } from "./patience-words.ts";
import { isListening, readAnswer } from "./understanding/answers.ts";
import { readDate } from "./understanding/dates.ts";
import { readIntents } from "./understanding/intents.ts";
import { readPhone } from "./understanding/phones.ts";
import { readTime } from "./understanding/times.ts";
import { type Token, tokenise } from "./understanding/tokens.ts";

/** Said last, these end a wish. */
const CLOSING = new Set(["please", "thanks", "thank", "you", "goodbye", "bye", "cheers"]);
/** Hours do not matter here, only whether a time was said. */
const HOURS = { opens: "09:00", closes: "18:00" };
const ANY_DAY = "2026-01-07";

/** Silence after which the words so far are a turn. */
export const patience: Patience = (state, textSoFar, doubt) => {
  const tokens = tokenise(textSoFar);
  const waitMs = forReading(state, textSoFar, tokens);
  if (doubt === undefined || readAnswer(tokens) !== undefined) return waitMs; // a yes is a yes
  // The half of a word or of a number is heard as another one: less surely than a whole one, or as several.
  const others = doubt.readings.map((text) => forReading(state, text, tokenise(text)));
  return Math.max(waitMs, ...others, doubt.unsure ? doubtedMs(state.asks, textSoFar) : 0);
};

function forReading({ asks, begun }: PublicState, text: string, tokens: readonly Token[]): number {
  if (tokens.length === 0) return waits.unread; // "er"
  const waitMs = forText(asks, text, tokens, begun);
  return asks !== null && waitMs <= waits.agreed && isClosed(tokens) ? waits.answered : waitMs;
}

/** A number that is wrong and seems whole is the half of one; of words a breath more will do. */
const doubtedMs = (asks: Asks, text: string): number =>
  asks === "phone" || asks === "postcode" || /\d\W*$/.test(text) ? waits.trailing : waits.likely;

function forText(asks: Asks, text: string, tokens: readonly Token[], begun: string | undefined): number {
  if (asksBack(tokens)) return waits.agreed;
  const read = itemPatience(asks, text, tokens, begun);
  if (endsSpelled(asks, tokens, read)) return read ?? waits.unknown;
  // Digits may end in "double", an address in "at": there the item knows better how long.
  if (isTrailing(text, tokens)) return Math.max(waits.trailing, read ?? 0);
  const waitMs = read ?? forWords(asks, tokens);
  const isOther = asks !== null && waitMs === (read === undefined ? waits.unknown : waits.unread);
  return (isOther ? forOther(text, tokens) : undefined) ?? waitMs;
}

/** Nothing of what was asked for: an answer to something else, or something else that the caller came to say. */
function forOther(text: string, tokens: readonly Token[]): number | undefined {
  if (looksLikeDigits(tokens)) return waits.digits;
  if (readAnswer(tokens) !== undefined && isClosed(tokens)) return waits.complete;
  return volunteeredPatience(text, tokens);
}

const isClosed = (tokens: readonly Token[]): boolean => tokens.length > 1 && CLOSING.has(lastWord(tokens));

const fewestOfRequest = 4;

/** "Can you say that again", whole as it is: "sorry" or "repeat" alone may be the beginning of it, or of an address. */
const asksBack = (tokens: readonly Token[]): boolean =>
  tokens.length >= fewestOfRequest && readIntents(tokens).has("repeat") && !isNumeric(tokens);

/** "One two three, again one two three." */
const isNumeric = (tokens: readonly Token[]): boolean => readPhone(tokens, "asked", undefined) !== undefined;

/** "… one a a", "CF10 3AT": the last of what is whole is a letter or two, and no word. */
const endsSpelled = (asks: Asks, tokens: readonly Token[], read: number | undefined): boolean =>
  read !== undefined && read <= waits.likely && (asks === "postcode" || lastWord(tokens).length === 1);

function forWords(asks: Asks, tokens: readonly Token[]): number {
  if (looksLikeDigits(tokens)) return waits.digits;
  switch (asks) {
    case "confirm":
    case "anything-else":
    case "choice":
      return forAnswer(tokens, asks);
    case "message":
    case "fault":
    case "access":
    case "position":
      return CLOSING.has(lastWord(tokens)) && tokens.length > 4 ? waits.likely : waits.telling;
    default:
      if (wantsPlace(tokens)) return waits.unread;
      if (readDate(tokens, ANY_DAY, false) && readTime(tokens, HOURS, false)) return waits.complete;
      return tokens.length > 2 && CLOSING.has(lastWord(tokens)) ? waits.complete : waits.unknown;
  }
}

/** A number volunteered, of which five digits and not all were said. */
const looksLikeDigits = (tokens: readonly Token[]): boolean => {
  const reading = readPhone(tokens, "volunteered", undefined)?.reading;
  return reading?.kind === "incomplete" && reading.digits.length >= 5;
};

const BARE_NO = new Set(["no", "nope", "nah", "wrong", "incorrect", "quite"]);

/** "No" alone may be the beginning of "no, Thursday"; "the time's wrong" of what it should be. */
function forAnswer(tokens: readonly Token[], asks: Asks): number {
  const answer = readAnswer(tokens);
  if (answer === undefined) return isListening(tokens) ? waits.agreed : waits.unknown;
  if (answer === "no" && BARE_NO.has(lastWord(tokens))) return asks === "confirm" ? waits.openBegun : waits.begun;
  return CLOSING.has(lastWord(tokens)) ? waits.answered : waits.agreed;
}
