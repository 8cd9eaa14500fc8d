/** Words of a decoded text, and where they were said. Pure. */
import type { TokenTable } from "./tokens.ts";

/** `first`…`end`: which of the tokens spell it. */
export type Word = { text: string; first: number; end: number };

/** In samples. */
export type Span = { from: number; to: number };

/** A word takes the space before it along (bpe.ts): a token that begins with one begins a word. */
export function wordsOf(tokens: readonly number[], table: TokenTable): Word[] {
  const starts = tokens.flatMap((id, at) => (at === 0 || table.bytes(id)[0] === 0x20 ? [at] : []));
  return starts.flatMap((first, at) => {
    const end = starts[at + 1] ?? tokens.length;
    const text = table.text(tokens.slice(first, end)).trim();
    return text === "" ? [] : [{ text, first, end }];
  });
}

/**
 * Puts words where speech is, each for as long as its letters take at an even pace: right to a few tenths of a second.
 *
 * @param spans Of speech, in order; where there is none, words are spread over `whole`.
 */
export function spread(words: readonly string[], spans: readonly Span[], whole: Span): Span[] {
  const speech = spans.length > 0 ? spans : [whole];
  const spoken = speech.reduce((sum, { from, to }) => sum + to - from, 0);
  const weights = words.map((word) => word.length + 1); // the gap to the next takes its time, too
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let done = 0;
  return weights.map((weight) => {
    const from = placeOf((done / all) * spoken, speech, "from");
    done += weight;
    return { from, to: placeOf((done / all) * spoken, speech, "to") };
  });
}

/** Where so much speech has been heard. Between two spans that is the end of one and the beginning of the next. */
function placeOf(heard: number, speech: readonly Span[], edge: keyof Span): number {
  let left = heard;
  for (const { from, to } of speech) {
    if (left < to - from || (edge === "to" && left <= to - from)) return Math.round(from + left);
    left -= to - from;
  }
  return speech.at(-1)?.to ?? 0;
}
