/** Words spelled letter by letter within other words, as a recogniser writes them. Pure. */
import { costAs, spokenDistance } from "./spoken-distance.ts";
import { isCodeWord, readSymbols, type SpokenSymbol } from "./symbols.ts";

/** Fewer letters are initials, or words that sound like letters. */
const fewest = 3;
/** A name's letter that nothing was heard of, and a sound that belongs to none. */
const missingCost = 2.4;
const skipCost = 2.4;

const LETTER = /^[a-z]$/;
/** What a recogniser writes for a letter between others; alone these are words. */
const LETTER_SOUNDS =
  /^(?:ay|hey|bee|be|see|sea|dee|ee|he|eff|gee|aitch|haitch|eye|jay|kay|ok|okay|el|ell|em|en|an|and|oh|owe|pee|pea|queue|cue|are|our|ar|ess|es|as|tea|tee|you|vee|we|ex|why|zed|zee)$/;

/** Breaths between two letters. */
const BREATHS = /^(?:um|uh|er|erm)$/;

export type Spelling = {
  readonly symbols: readonly SpokenSymbol[];
  /** The likeliest letters, lower case. */
  readonly letters: string;
  /** The words before and after it. */
  readonly rest: string;
};

/** The longest run of letters in `text`: "smith s m i t h", "p for papa a t e l", "are oh bee eye en". */
export function spellingIn(text: string): Spelling | undefined {
  const words = text
    .toLowerCase()
    .replace(/double[\s-]?(?:you|u)\b/g, "w")
    .replace(/[.,;:!?-]+/g, " ")
    .replace(/(?<=\b[a-z]\s)8(?=\s[a-z]\b)/g, "ay")
    .replace(/(?<=\b[a-z]\s)3(?=\s[a-z]\b)/g, "ee")
    .split(/\s+/)
    .filter((word) => word !== "");
  let best: { from: number; to: number } | undefined;
  for (let from = 0; from < words.length; from++) {
    const to = runEnd(words, from);
    if (best === undefined || to - from > best.to - best.from) best = { from, to };
  }
  if (best === undefined) return undefined;
  const symbols = readSymbols(words.slice(best.from, best.to).join(" "))
    .map(({ choices }) => ({ choices: choices.filter(({ character }) => /[A-Z]/.test(character)) }))
    .filter(({ choices }) => choices.length > 0);
  if (symbols.length < fewest) return undefined;
  const letters = symbols.map(({ choices }) => choices[0]?.character ?? "").join("");
  const rest = [...words.slice(0, best.from), ...words.slice(best.to)].join(" ");
  return { symbols, letters: letters.toLowerCase(), rest };
}

/** Where a run of letters that starts at `from` ends; `from` itself if none does, or if hardly any is a plain letter. */
function runEnd(words: readonly string[], from: number): number {
  let at = from;
  let plain = 0;
  while (at < words.length) {
    const word = words[at] ?? "";
    const link = words[at + 1];
    const doubled = /^(?:double|treble|triple)$/.test(word);
    const letter = isLetter(word);
    if (doubled) at++;
    else if ((letter || LETTER_SOUNDS.test(word)) && link === "for" && (words[at + 2]?.length ?? 0) > 2) {
      plain++;
      at += 3;
    } else if (letter && link === "as" && words[at + 2] === "in") {
      plain++;
      at += 4;
    } else if (letter) {
      plain++;
      at++;
    } else if (LETTER_SOUNDS.test(word) || (at > from && BREATHS.test(word) && isLetter(words[at + 1]))) at++;
    else break;
  }
  const isWhole = from === 0 && at >= words.length;
  return plain >= fewest - 1 || (isWhole && at > fewest + 1) ? Math.min(at, words.length) : from;
}

const isLetter = (word = ""): boolean => LETTER.test(word) || isCodeWord(word);

/** A letter of the word for one of the spelling that the telephone confuses with it costs no more than this. */
const mostConfused = 3.9;
const VOWEL = /[AEIOUY]/;

/**
 * The spelling, with letters that were heard for those of the word said beside it put right: "burgess d u r g e s s" is
 * Burgess, for nobody would say Durgess so. Vowels stay as spelled ("smith s m y t h"), and so does what is longer or
 * shorter than the word ("clark c l a r k e").
 */
export function settledBy({ symbols, letters }: Spelling, word: string): string {
  const said = word.toUpperCase().replace(/[^A-Z]/g, "");
  type Cell = { cost: number; text: string };
  let row: Cell[] = Array.from({ length: said.length + 1 }, (_, at) => ({ cost: at * missingCost, text: "" }));
  for (const [index, symbol] of symbols.entries()) {
    const spelled = letters[index]?.toUpperCase() ?? "";
    const next: Cell[] = [{ cost: (row[0]?.cost ?? 0) + skipCost, text: (row[0]?.text ?? "") + spelled }];
    for (let at = 0; at < said.length; at++) {
      const other = said[at] ?? "";
      const match = costAs(symbol, other);
      const isKept = match > mostConfused || (VOWEL.test(spelled) && VOWEL.test(other));
      const [diagonal, above, left] = [row[at], row[at + 1], next[at]];
      if (diagonal === undefined || above === undefined || left === undefined) continue;
      const options: Cell[] = [
        { cost: diagonal.cost + match, text: diagonal.text + (isKept ? spelled : other) },
        { cost: above.cost + skipCost, text: above.text + spelled },
        { cost: left.cost + missingCost, text: left.text },
      ];
      next.push(options.reduce((best, option) => (option.cost < best.cost ? option : best)));
    }
    row = next;
  }
  return (row.at(-1)?.text ?? letters).toLowerCase();
}

/** 0…1: how likely the letters are those of `word`. */
export function spellsAs({ symbols }: Spelling, word: string): number {
  const said = word.toUpperCase().replace(/[^A-Z]/g, "");
  return Math.exp(-spokenDistance(symbols, said, { skip: () => skipCost, missing: missingCost }) / 8);
}
