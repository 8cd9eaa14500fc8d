/** What a caller's last word tells, whatever was asked; and the waits that there are. Pure. */
import type { Token } from "./understanding/tokens.ts";

/** Silences, ms. The shortest are those after which hardly anybody goes on. */
export const waits = {
  answered: 200,
  complete: 300,
  /** A yes is acted on at once: the breath in "that's right, thank you" or "yes, but …" is a quarter of a second. */
  agreed: 320,
  completeLong: 350,
  likely: 450,
  begun: 500,
  /** Of an answer that is more often than not the first word of a longer one. */
  openBegun: 640,
  unknown: 600,
  /** Nothing of what was asked for: it is still to come, or will not. */
  unread: 720,
  /** People think while they tell a story. */
  telling: 900,
  /** More is certainly coming. */
  trailing: 1_000,
  /** Between the groups of a number people breathe, and look it up. */
  digits: 1_200,
} as const;

// biome-ignore format: a list
const TRAILING = new Set([
  "and", "but", "or", "so", "because", "the", "a", "an", "my", "our", "at", "on", "in", "to", "for", "of", "is", "with", "er", "erm", "um", "uh", "hmm",
  "well", "like", "half", "past", "quarter", "about", "around", "roughly", "maybe", "probably", "say", "i", "next", "number", "name", "then", "if", "would", "could", "can", "was", "were",
  "are", "from", "between", "after", "before", "until", "till", "by", "oh", "double", "treble", "triple", "plus", "not", "mr", "mrs", "miss", "ms", "dr", "doctor", "mister",
  "actually", "sorry", "wait", "either", "any", "some", "than", "as", "be", "have", "has", "do", "does", "we", "they", "he", "she", "spelt", "spelled", "spelling", "called",
  "dot", "underscore", "dash", "hyphen", "slash", "under", "over", "up", "just", "only", "which", "who", "what", "when", "where", "that", "this", "your", "his", "her", "their", "very",
]);
/** "it's", "I'd", "the time's", "we'll": a verb is to come. */
const CONTRACTED =
  /^(?:i|it|that|there|he|she|we|they|you|name|time|date|day|number|address|postcode|what)'(?:s|d|m|ll|ve|re)$/;
/** Looking it up; the item follows. */
const THINKING =
  /\b(?:let me (?:see|think|check|look|just look|find it)|what was it|what is it|what's it|how does it go|i'll just (?:look|check)|i think|i believe|hold on a sec|trying to (?:think|remember)|off the top of my head|if i remember(?: rightly)?|as far as i know|something like)\W*$/i;
/** A verb that wants its object. */
const WANTS_OBJECT =
  /\b(?:to|could (?:i|we)|can (?:i|we)) (?:see|view|visit|book|have|get|change|make)\W*$|\b(?:i|we|wife|husband|partner|he|she|they|advert|website) (?:said|saw|liked|meant|want|need|like|say|says)\W*$|^(?:\w+ )?(?:could|can|would) you\W*$|^(?:is|was) (?:it|that)\W*$/i;
/** "I'd like to book a viewing": whole as a sentence, and the place is still to come. */
const WISH =
  /\b(?:book|arrange|make|have|get|for|about|want|need|like) (?:a|an|another|the) (?:viewing|valuation|appointment|visit)$/;

export const wantsPlace = (tokens: readonly Token[]): boolean =>
  WISH.test(
    tokens
      .slice(-3)
      .map(({ word }) => word)
      .join(" "),
  );

/** "It is", "I do", "I'd like that": the same words at the end of a whole sentence. */
const ENDED =
  /\b(?:it|that|this|he|she|they) (?:is|was|does|has)\W*$|\b(?:i|we|you|please|yes|they) (?:do|can|have|could|would|are|was)\W*$|\b(?:like|make|do|want|see|than|about|book) (?:that|this)\W*$|\b(?:afraid|hope|think|course|why|probably|rather) not\W*$|^either\W*$|\bcome (?:in|on|over|up)\W*$/i;
/** A recogniser's own sign that the sentence is not over. */
const UNFINISHED = /(?:\.\.\.|…|,|[-–—])\s*$/;

export const lastWord = (tokens: readonly Token[]): string => tokens.at(-1)?.word ?? "";

/** The words end in the middle of a sentence. */
export function isTrailing(text: string, tokens: readonly Token[]): boolean {
  const last = lastWord(tokens);
  if (CONTRACTED.test(last) || THINKING.test(text) || UNFINISHED.test(text) || WANTS_OBJECT.test(text)) return true;
  return TRAILING.has(last) && !ENDED.test(text);
}
