/** Words of an utterance. Every reader of the understanding works on these, never on raw text. */

export type Token = {
  /** Lower case, straight apostrophes; numbers keep their inner ":", "." and "/" ("2.30"). */
  word: string;
  /** As written, for names. */
  raw: string;
  /** Punctuation stands between this token and the one before it (or it is the first). */
  breakBefore: boolean;
};

/** A token that a reader has used up; `word` says which, so that "Saturday eleven" is still seen as date + hour. */
export type TakenBy = "|property" | "|date" | "|time" | "|phone" | "|name" | "|postcode";

/** Longer input than any breath is noise; it is cut so that the time of a step has a bound. */
const MAX_CHARACTERS = 1_000;
const MAX_TOKENS = 180;

const PATTERN =
  /\d{4}-\d{2}-\d{2}|\d+(?:st|nd|rd|th)\b|\d+[a-z](?![\p{L}\d'])|\+?\d+(?:[:./]\d+)*|\p{L}+(?:'\p{L}+)*/giu;

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/[’‘`´]/g, "'"],
  [/\b([ap])\.\s?m\b\.?/gi, "$1m"],
  [/\bo['\s]?\s?clock\b/gi, "o'clock"],
  [/\bst\.\s/gi, "st "],
  [/\+\s+(?=\d)/g, "+"],
];

/** Splits text into tokens; "3pm" becomes two, "14a", "5th" and "2.30" stay one, hyphens separate. */
export function tokenise(text: string): Token[] {
  let cleaned = text.slice(0, MAX_CHARACTERS);
  for (const [from, to] of SPELLINGS) cleaned = cleaned.replace(from, to);
  const tokens: Token[] = [];
  let lastEnd = 0;
  for (const match of cleaned.matchAll(PATTERN)) {
    const gap = cleaned.slice(lastEnd, match.index);
    lastEnd = match.index + match[0].length;
    tokens.push({
      word: match[0].toLowerCase(),
      raw: match[0],
      breakBefore: tokens.length === 0 || /[.,;:?!–—]/.test(gap),
    });
    if (tokens.length === MAX_TOKENS) break;
  }
  return tokens;
}

/** The tokens with [from, to) replaced by one that says who took them. */
export function take(tokens: readonly Token[], from: number, to: number, by: TakenBy): Token[] {
  const mark: Token = { word: by, raw: "", breakBefore: tokens[from]?.breakBefore ?? true };
  return [...tokens.slice(0, from), mark, ...tokens.slice(to)];
}

/** True if the words at `index` are exactly `words`. */
export function wordsAt(tokens: readonly Token[], index: number, words: readonly string[]): boolean {
  return words.every((word, offset) => tokens[index + offset]?.word === word);
}

/** The words joined by single spaces, a comma kept as " | ": what the phrase patterns look at. */
export function phraseOf(tokens: readonly Token[]): string {
  return tokens.map((token, index) => (token.breakBefore && index > 0 ? `| ${token.word}` : token.word)).join(" ");
}
