/** How long a silence must be before what was said counts as a whole turn. Pure; ms, 200…1,200. */
import type { Patience } from "./contract.ts";
import { readAnswer } from "./understanding/answers.ts";
import { readDate } from "./understanding/dates.ts";
import { readName } from "./understanding/names.ts";
import { readPhone } from "./understanding/phones.ts";
import { readTime } from "./understanding/times.ts";
import { type Token, tokenise } from "./understanding/tokens.ts";

const ANSWERED_MS = 200;
/** A yes is acted on at once: the breath in "that's right, thank you" or "yes, but …" is a quarter of a second. */
const AGREED_MS = 320;
const COMPLETE_MS = 300;
const UNKNOWN_MS = 600;
/** More is certainly coming. */
const TRAILING_MS = 1_000;
/** Between the groups of a number people breathe, and look it up. */
const DIGITS_MS = 1_200;

// biome-ignore format: a list
const TRAILING = new Set([
  "and", "but", "or", "so", "because", "the", "a", "an", "my", "at", "on", "in", "to", "for", "of", "is", "it's", "with", "er", "erm", "um", "uh",
  "well", "like", "that", "half", "past", "quarter", "about", "around", "i", "i'd", "i'm", "next", "this", "number", "name", "then", "if",
  "would", "could", "can", "was", "from", "between", "after", "before", "oh", "double", "treble", "triple", "plus", "not", "mr", "mrs", "miss",
]);
/** Said last, these end a wish. */
const CLOSING = new Set(["please", "thanks", "thank", "you", "goodbye", "bye", "cheers"]);
// biome-ignore format: a list
const STREET_TYPES = new Set([
  "avenue", "close", "court", "crescent", "drive", "gardens", "grove", "hill", "house", "lane", "mews", "park", "place", "rise", "road", "row",
  "square", "street", "terrace", "view", "walk", "way",
]);
/** Hours do not matter here, only whether a time was said. */
const HOURS = { opens: "09:00", closes: "18:00" };
const ANY_DAY = "2026-01-07";

/** Silence after which the words so far are a turn. */
export const patience: Patience = (state, textSoFar) => {
  const tokens = tokenise(textSoFar);
  const last = tokens.at(-1)?.word;
  if (last === undefined) return UNKNOWN_MS;
  if (state.asks === "phone" || looksLikeDigits(tokens)) return forPhone(tokens);
  if (TRAILING.has(last)) return TRAILING_MS;
  switch (state.asks) {
    case "confirm":
    case "anything-else":
    case "choice":
      return forAnswer(tokens);
    case "date":
      return readDate(tokens, ANY_DAY, true) ? COMPLETE_MS : UNKNOWN_MS;
    case "time":
      return forTime(tokens);
    case "name":
      return forName(tokens);
    case "property":
      return forProperty(last);
    case "message":
      return 900; // people think while they tell a story
    default:
      if (readDate(tokens, ANY_DAY, false) && readTime(tokens, HOURS, false)) return COMPLETE_MS;
      return tokens.length > 2 && isWhole(last) ? forProperty(last) : UNKNOWN_MS;
  }
};

const looksLikeDigits = (tokens: readonly Token[]): boolean => {
  const reading = readPhone(tokens, "volunteered", undefined)?.reading;
  return reading?.kind === "incomplete" && reading.digits.length >= 5;
};

function forPhone(tokens: readonly Token[]): number {
  const phone = readPhone(tokens, "asked", undefined);
  if (phone === undefined) return TRAILING.has(tokens.at(-1)?.word ?? "") ? DIGITS_MS : UNKNOWN_MS;
  return phone.reading.kind === "complete" ? COMPLETE_MS + 50 : DIGITS_MS;
}

/** A street may be followed by a town or a day; "please" by nothing. */
function forProperty(last: string): number {
  if (CLOSING.has(last)) return COMPLETE_MS;
  return STREET_TYPES.has(last) ? 400 : UNKNOWN_MS - 100;
}

const isWhole = (last: string) => CLOSING.has(last) || STREET_TYPES.has(last);

/** "No" alone may be the beginning of "no, Thursday". */
function forAnswer(tokens: readonly Token[]): number {
  const answer = readAnswer(tokens);
  if (answer === undefined) return UNKNOWN_MS;
  if (answer === "no" && tokens.length === 1) return 500;
  return CLOSING.has(tokens.at(-1)?.word ?? "") ? ANSWERED_MS : AGREED_MS;
}

/** "Eleven" may go on as "eleven thirty"; "half past two" is whole. */
function forTime(tokens: readonly Token[]): number {
  const time = readTime(tokens, HOURS, true)?.reading;
  if (time === undefined) return UNKNOWN_MS;
  return time.kind === "at" && time.certainty < 0.9 ? 450 : COMPLETE_MS;
}

/** A surname may follow a first name; both together are whole. */
function forName(tokens: readonly Token[]): number {
  const name = readName(tokens, true)?.name;
  if (name === undefined) return UNKNOWN_MS;
  return name.includes(" ") ? COMPLETE_MS + 50 : 700;
}
