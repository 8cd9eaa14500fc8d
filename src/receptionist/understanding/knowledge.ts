/** Which of the office's own answers fits a question that was put in other words. Pure. */
import type { Knowledge } from "../../agency/types.ts";
import { type Token, tokenise } from "./tokens.ts";

// biome-ignore format: a list
const SMALL = new Set([
  "a", "an", "the", "is", "are", "was", "be", "do", "does", "did", "can", "could", "would", "will", "should", "i", "i'd", "i'm", "you", "your", "we", "our", "my", "me", "us",
  "it", "its", "it's", "there", "this", "that", "to", "of", "in", "on", "at", "for", "from", "with", "and", "or", "if", "so", "any", "some", "have", "has", "had", "got", "get", "please",
  "what", "what's", "when", "where", "which", "who", "how", "why", "about", "just", "know", "tell", "ask", "wanted", "want", "like", "wondering", "hello", "hi", "need", "er", "erm", "um",
  "thanks", "thank", "yes", "no", "ok", "okay", "also", "by", "way", "one", "as", "up", "out", "much", "many", "long", "am", "been", "take", "use", "somewhere",
]);
/** This share of what a question is about must have been said. */
const LEAST_SHARE = 0.6;
/** A longer sentence is about something else as well. */
const MOST_WORDS = 30;

const QUESTION =
  /\b(?:what|what's|how|where|where's|when|which|who|do (?:you|i|we)|does|is there|are there|(?:can|could|may|should|would) (?:i|you|we)|are you|have you|is it|tell me|wondering|whether|any)\b|\?\s*$/i;

/** "Somewhere to leave the car" is somewhere to park. */
const LEAVE_CAR = /\b(?:leave|put|stick) (?:the|my|our|a) (?:car|van)\b/gi;

const GET_KEYS = /\b(?:get|have|fetch|grab|pick up) (?:my|our|the) (?:new )?keys\b/gi;

/** @returns The entry whose question shares most with the words; undefined if none shares enough, or nothing is asked. */
export function knowledgeFor(text: string, known: readonly Knowledge[]): Knowledge | undefined {
  if (!QUESTION.test(text)) return undefined;
  const said = contentOf(tokenise(text.replace(LEAVE_CAR, "park").replace(GET_KEYS, "collect keys")));
  if (said.size === 0 || said.size > MOST_WORDS) return undefined;
  let best: { entry: Knowledge; score: number } | undefined;
  for (const entry of known) {
    for (const question of entry.questions) {
      const score = likeness(said, contentOf(tokenise(question)));
      if (score > (best?.score ?? 0)) best = { entry, score };
    }
  }
  return best?.entry;
}

/** 0 unless enough of the question was said; of two that fit, the one that leaves less unsaid, then less unasked. */
function likeness(said: ReadonlySet<string>, asked: ReadonlySet<string>): number {
  if (asked.size === 0) return 0;
  const shared = [...asked].filter((word) => said.has(word)).length;
  const share = shared / asked.size;
  return share >= LEAST_SHARE ? share + 0.2 * (shared / said.size) + 0.01 * shared : 0;
}

const contentOf = (tokens: readonly Token[]): Set<string> =>
  new Set(tokens.map(({ word }) => word.replace(/'s$/, "")).flatMap((word) => (SMALL.has(word) ? [] : [stem(word)])));

/** "parking", "parked", "parks" → "park". */
const stem = (word: string): string => {
  const bare = word.replace(/(?:ings?|ed|es|s|e)$/, "");
  return bare.length >= 3 ? bare : word;
};
