/** Text as it is written → clauses as a voice is to say them: the whole way before the voice. Pure. */
import { createLexicon, type Lexicon, type Pronunciation, spanPattern } from "../../english/pronunciations.ts";
import { letterNames } from "../speakable/letters.ts";
import { speakable } from "../speakable/speakable.ts";
import { type Clause, splitClauses } from "./clauses.ts";

/** Sounds that no voice may guess: letters by their names, and words of the trade that espeak-ng reads wrong. */
const own: readonly Pronunciation[] = [
  ...Object.values(letterNames).map(
    ({ words, phonemes }) => ({ written: words, kind: "phonemes", said: phonemes }) as const,
  ),
  { written: "en suite", kind: "phonemes", said: "0ns|w'i:t" },
  { written: "en-suite", kind: "phonemes", said: "0ns|w'i:t" },
];

/** What an agency's entries add to our own; theirs come first. */
export const lexiconOf = (entries: readonly Pronunciation[]): Lexicon => createLexicon([...entries, ...own], speakable);

export const ownLexicon: Lexicon = lexiconOf([]);

/** Clauses are cut first: what a phoneme takes to write is no length of speech. */
export function spokenClauses(text: string, lexicon: Lexicon, cut: { early?: boolean } = {}): Clause[] {
  return splitClauses(speakable(text), cut).map((clause) => {
    const said = lexicon(clause.text);
    return { ...clause, text: bytesToSay(said) > longestSaidBytes ? clause.text : said };
  });
}

/**
 * Half of what a voice takes at once (espeak.ts). A clause has 120 characters; one of which much more is made, as by an
 * entry for "a" of forty words, is better said as it is written than not at all.
 */
const longestSaidBytes = 2000;

/** Of a span the words are said, or a name of four letters. */
const bytesToSay = (said: string): number =>
  Buffer.byteLength(said.replace(spanPattern, (_, words: string) => words.padEnd(4)));
