/** The caller's name, as given: with or without a lead, spelled, with a title. Pure. */

import { monthWord, weekdayWord } from "./calendar.ts";
import { spelledWord } from "./spelling.ts";
import { phraseOf, type Token } from "./tokens.ts";
import { wordTable } from "./word-table.ts";

export type NameAt = { name: string; certainty: number; from: number; to: number };

/** Sure leads count in any state; the others only where the name was asked for, or the word is written as a name. */
const SURE_LEADS: readonly (readonly string[])[] = [
  ["my", "full", "name", "is"],
  ["my", "name", "is"],
  ["my", "name's"],
  ["the", "name", "is"],
  ["the", "name's"],
  ["name", "is"],
  ["name's"],
  ["i'm", "called"],
  ["under", "the", "name", "of"],
  ["under", "the", "name"],
  ["my", "surname", "is"],
  ["surname", "is"],
  ["name", "of"],
  ["name", "to"],
];
// biome-ignore format: a list
const LEADS: readonly (readonly string[])[] = [
  ["this", "is"], ["it", "is"], ["it's"], ["its"], ["i'm"], ["i", "am"], ["that's"], ["that", "is"], ["call", "me"], ["yes", "it's"], ["you're", "speaking", "to"],
];
// biome-ignore format: a table
const TITLES = wordTable<string>({
  mr: "Mr", mister: "Mr", mrs: "Mrs", missus: "Mrs", ms: "Ms", miss: "Miss", mx: "Mx", dr: "Dr", doctor: "Dr", reverend: "Rev", sir: "Sir", lady: "Lady",
});
/** A name ends before these. */
// biome-ignore format: a list
const STOPS = new Set([
  "and", "my", "number", "phone", "please", "thanks", "thank", "on", "at", "for", "from", "the", "i", "i'd", "i'm", "speaking", "calling", "here", "is",
  "yes", "no", "not", "but", "so", "it's", "its", "that's", "with", "as", "in", "to", "about", "can", "you", "would", "like", "want", "looking", "just",
  "telephone", "mobile", "a", "an", "of", "or", "this", "we", "hello", "hi", "spelt", "spelled", "surname", "first", "me", "call", "hang", "sorry", "what",
  "correct", "right", "yeah", "tomorrow", "today", "book", "viewing", "okay", "ok", "interested", "after", "hoping", "trying", "ringing", "phoning",
  "buy", "buying", "rent", "renting", "viewings", "lovely", "perfect", "great", "brilliant", "sure", "thankyou", "bye", "goodbye", "forget", "go", "ahead", "cancel", "stop", "help", "excellent", "exactly", "never", "nothing", "who", "why", "don't", "can't", "won't", "isn't", "didn't", "speak", "talk", "say", "said", "again", "repeat", "pardon", "wait", "when", "where", "how", "do", "does", "are", "am", "was", "have", "has", "free", "fine",
  "available", "happy", "afraid", "wrong", "good", "going", "moving", "there", "your", "could", "er", "erm", "um", "uh", "well", "oh", "name", "if", "will",
]);
const PARTICLES = new Set(["de", "van", "von", "der", "den", "la", "le", "du", "bin", "al", "da", "del", "di", "st"]);
const MAX_WORDS = 4;

/**
 * @param asked The name was what we had asked for: bare words are then a name.
 * @returns Certainty below 0.5 where the words hardly look like a name ("Oo5 Clarke").
 */
export function readName(tokens: readonly Token[], asked: boolean): NameAt | undefined {
  for (const lead of SURE_LEADS) {
    const at = leadAt(tokens, lead);
    const found = at === undefined ? undefined : nameFrom(tokens, at + lead.length, true);
    if (at !== undefined && found) return { ...found, from: at };
  }
  for (const lead of LEADS) {
    const at = leadAt(tokens, lead);
    // "Daniel Khan, that's K A H N": the spelling belongs to the name before it.
    if (at === undefined || (at > 0 && spelledWord(tokens, at + lead.length) !== undefined)) continue;
    const found = nameFrom(tokens, at + lead.length, asked);
    if (found && (asked || writtenAsName(tokens, at + lead.length))) return { ...found, from: at };
  }
  return asked ? bareName(tokens) : undefined;
}

/** The last place where `lead` stands, so that a correction counts. */
function leadAt(tokens: readonly Token[], lead: readonly string[]): number | undefined {
  for (let at = tokens.length - lead.length - 1; at >= 0; at--) {
    if (lead.every((word, offset) => tokens[at + offset]?.word === word)) return at;
  }
  return undefined;
}

/** Unasked, "I'm Looking" is no name; "This is Sarah Patel" is: two words with capitals, none of them common. */
function writtenAsName(tokens: readonly Token[], at: number): boolean {
  const start = TITLES[tokens[at]?.word ?? ""] === undefined ? at : at + 1;
  const capital = (token: Token | undefined) =>
    token !== undefined && /^\p{Lu}\p{L}/u.test(token.raw) && !isCommon(token.word);
  return capital(tokens[start]) && (capital(tokens[start + 1]) || start > at);
}

const isCommon = (word: string): boolean =>
  STOPS.has(word) ||
  weekdayWord(word) !== undefined ||
  (monthWord(word) !== undefined && !/^(?:may|april|june|august)$/.test(word));

/** Before a bare name only these may stand, and after it only politeness: "I don't want to say" holds no name. */
const OPENERS =
  /^(?:er|erm|um|uh|ah|yes|yeah|yep|hi|hello|oh|well|so|sure|okay|ok|of|course|just|please|certainly|right|no|sorry)$/;
const CLOSERS =
  /^(?:\|phone|please|go|over|thanks|thank|you|here|speaking|that's|it|is|my|name|from|with|at|of|spelt|spelled|yes|and|love|mate|the)$/;

function bareName(tokens: readonly Token[]): NameAt | undefined {
  let at = 0;
  while (OPENERS.test(tokens[at]?.word ?? "")) at++;
  const found = nameFrom(tokens, at, true);
  const rest = found && tokens.slice(found.to);
  return rest !== undefined && (rest.length === 0 || CLOSERS.test(rest[0]?.word ?? "")) ? found : undefined;
}

function nameFrom(tokens: readonly Token[], start: number, lenient: boolean): NameAt | undefined {
  let at = start;
  while (/^(?:er|erm|um|uh|oh|yes|yeah|well|it's|just)$/.test(tokens[at]?.word ?? "")) at++;
  const title = TITLES[tokens[at]?.word ?? ""];
  if (title !== undefined) at++;
  const words: string[] = [];
  let certainty = 0.85;
  while (at < tokens.length && words.length < MAX_WORDS) {
    const token = tokens[at];
    const spelled = spelledWord(tokens, at); // before its end: "A Z I Z" begins with an article
    if (token === undefined || (spelled === undefined && isEnd(token, words.length))) break;
    if (spelled) {
      placeSpelled(words, spelled.word);
      certainty = 0.9;
      at = spelled.to;
      continue;
    }
    if (words.length >= 2 && token.breakBefore) break;
    if (words.length === 1 && token.breakBefore && repeatsIn(tokens, at, words[0] ?? "")) words.pop();
    certainty = Math.min(certainty, plausibility(token));
    words.push(capitalised(token.raw, words.length > 0));
    at++;
  }
  const last = spelledAfter(tokens, at);
  if (last) {
    placeSpelled(words, last.word);
    at = last.to;
  }
  if (words.length === 0 || (words.every((word) => word.length < 2) && !lenient)) return undefined;
  const name = [words.length === 1 ? title : undefined, ...words].filter(Boolean).join(" ");
  return {
    name,
    certainty: words.length === 1 && title === undefined ? Math.min(certainty, 0.6) : certainty,
    from: start,
    to: at,
  };
}

/** "Bond, James Bond", "Tom, Tom Hargreaves": the fuller form follows. */
const repeatsIn = (tokens: readonly Token[], at: number, word: string): boolean =>
  tokens.slice(at, at + 2).some((token, offset) => token.raw === word && !(offset === 1 && token.breakBefore)) &&
  tokens[at + 1]?.breakBefore === false;

function isEnd(token: Token, count: number): boolean {
  if (token.word.startsWith("|") || /^\d+$/.test(token.word)) return true;
  if (PARTICLES.has(token.word) && count > 0) return false;
  return isCommon(token.word);
}

/** "Khan, spelt K H A N", "that's C L A R K E": the spelling takes the place of the word it resembles, the last one. */
function spelledAfter(tokens: readonly Token[], at: number): { word: string; to: number } | undefined {
  const skipped = /^(?:spelt|spelled|that's|as|surname|spelling)$/.test(tokens[at]?.word ?? "") ? at + 1 : at;
  if (skipped === at) return undefined;
  return (
    spelledWord(tokens, skipped) ?? (tokens[skipped]?.word === "in" ? spelledWord(tokens, skipped + 1) : undefined)
  );
}

function placeSpelled(words: string[], spelled: string): void {
  const alike = words.findLastIndex((word) => word[0]?.toLowerCase() === spelled[0]?.toLowerCase());
  if (alike >= 0) words[alike] = spelled;
  else words.push(spelled);
}

/** Letters only, a vowel in it, not too long: else it was heard badly. */
function plausibility({ word, raw }: Token): number {
  if (/\d/.test(word)) return 0.3;
  if (word.length === 1) return 0.4;
  if (!/[aeiouy]/.test(word) && !/^(?:ng|md|jr|st)$/.test(word)) return 0.4;
  if (/(.)\1\1/.test(word) || word.length > 16) return 0.4;
  return /^\p{Lu}/u.test(raw) ? 0.85 : 0.7;
}

function capitalised(raw: string, inside: boolean): string {
  const lower = raw.toLowerCase();
  if (inside && PARTICLES.has(lower) && lower !== "st") return lower;
  if (/^\p{Lu}.*\p{Ll}/u.test(raw)) return raw;
  const first = lower.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
  return first.replace(
    /^(Mc|Mac(?=[bcdfghjklmnpqrstvwxz]{1}[a-z]{3,}$)|O')(\p{L})/u,
    (_, lead: string, letter: string) => lead + letter.toUpperCase(),
  );
}

/** "Clark with an E". */
export const withLetter = (tokens: readonly Token[]): string | undefined =>
  /\bwith an? ([a-z])\b/.exec(phraseOf(tokens))?.[1];
