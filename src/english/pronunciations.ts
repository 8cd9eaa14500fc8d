/** How a voice is to say words that it would get wrong. Rules only: checking an entry, finding its words in a text. */
import { AppError } from "../app-error.ts";
import { endingS, hasVowel, readPhonemes } from "./phonemes.ts";

/**
 * `written`: a word or phrase as it stands in texts; with a capital letter it is meant only where that stands too.
 * `said`: other spelling that every voice gets right ("beaver"), or phonemes, in IPA or espeak-ng's own letters.
 */
export type Pronunciation = { written: string; kind: "respelling" | "phonemes"; said: string };

export const longestWritten = 60;
export const longestSaid = 80;

/**
 * The entry, trimmed.
 * @throws AppError("invalid_input") naming what is wrong with it.
 */
export function checkedPronunciation({ written, kind, said }: Pronunciation): Pronunciation {
  const entry = { written: tidy(written), kind, said: tidy(said) };
  if (!/^\p{L}[\p{L}\p{M}\p{N}' .&-]*$/u.test(entry.written) || entry.written.length > longestWritten)
    throw wrong(`Write the word or phrase with letters, at most ${longestWritten} characters.`);
  if (entry.said === "") throw wrong("Say how it is pronounced.");
  if (entry.said.length > longestSaid) throw wrong(`The pronunciation is longer than ${longestSaid} characters.`);
  if (kind === "respelling") {
    if (!/^[\p{L}\p{M}' -]+$/u.test(entry.said))
      throw wrong("A respelling has letters, spaces, hyphens and apostrophes only.");
    if (!/\p{L}/u.test(entry.said)) throw wrong("There is no letter in it: nothing could be heard.");
    return entry;
  }
  const read = readPhonemes(entry.said);
  if ("unknown" in read)
    throw wrong(`“${read.unknown}” is no sound of English here. Use IPA, such as /ˈbiːvə/, or espeak's own: b'i:v@.`);
  if (!hasVowel(read.words)) throw wrong("There is no vowel in it: nothing could be heard.");
  return entry;
}

const wrong = (message: string) => new AppError("invalid_input", message);
const tidy = (text: string) => text.normalize("NFC").replace(/[‘’ʼ]/g, "'").replace(/\s+/g, " ").trim();

/** What makes two entries one: the word, whatever its capitals. */
export const keyOfWritten = (written: string): string => tidy(written).toLowerCase();

/** Where the sound is known: words for a voice without phonemes, then espeak-ng's letters, one group for each word. */
export type Span = { words: string; phonemes: string };
const span = ({ words, phonemes }: Span) => `⟦${words}‖${phonemes}⟧`;
/** Finds spans in a clause. The signs are no part of any text: speakable() leaves none. */
export const spanPattern = /⟦([^⟦⟧‖]*)‖([^⟦⟧‖]*)⟧/g;

/** Texts in, the same with pronunciations put in place. */
export type Lexicon = (speakableText: string) => string;

/**
 * @param entries Checked. Longer phrases win over shorter ones, an earlier entry over a later one of the same words.
 * @param speak What the texts have been through: "St Neots" is looked for as "Saint Neots".
 */
export function createLexicon(entries: readonly Pronunciation[], speak: (text: string) => string): Lexicon {
  const known = new Map<string, Pronunciation & { spoken: string }>();
  for (const entry of entries) {
    const spoken = speak(entry.written);
    const key = spoken.toLowerCase();
    if (key !== "" && !known.has(key)) known.set(key, { ...entry, spoken });
  }
  if (known.size === 0) return (text) => text;
  const longestFirst = [...known.keys()].sort((a, b) => b.length - a.length);
  const any = longestFirst.map((key) => RegExp.escape(key).replaceAll("\\x20", "\\s+")).join("|");
  const pattern = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}]|\\p{L}')(${any})('s?)?(?![\\p{L}\\p{M}\\p{N}])`, "giu");
  return (text) =>
    outsideSpans(text, (part) =>
      part.replace(pattern, (found: string, words: string, possessive: string | undefined) => {
        const entry = known.get(words.replace(/\s+/g, " ").toLowerCase());
        if (entry === undefined || !capitalsAgree(entry.spoken, words)) return found;
        return entry.kind === "respelling"
          ? `${speak(entry.said)}${possessive ?? ""}`
          : asSpans(entry, words, possessive);
      }),
    );
}

/** "Reading" is the town, and "reading" is not. */
function capitalsAgree(entry: string, found: string): boolean {
  return entry === entry.toLowerCase() || /^\P{L}*\p{Lu}/u.test(found);
}

function asSpans({ said }: Pronunciation, words: string, possessive: string | undefined): string {
  const read = readPhonemes(said);
  if ("unknown" in read) return `${words}${possessive ?? ""}`;
  return read.words
    .map((phonemes, at) => {
      const isLast = at === read.words.length - 1;
      const whole = isLast && possessive === "'s" ? [...phonemes, ...endingS(phonemes)] : phonemes;
      // A voice without phonemes reads the word as it is written, once.
      return span({ words: at === 0 ? `${words}${possessive ?? ""}` : "", phonemes: whole.join("|") });
    })
    .join(" ");
}

function outsideSpans(text: string, change: (part: string) => string): string {
  return text
    .split(/(⟦[^⟦⟧]*⟧)/)
    .map((part) => (part.startsWith("⟦") ? part : change(part)))
    .join("");
}
