/** Names of people, said and spelled, and what of them the agency knows. Pure. */

import { readName } from "../understanding/names.ts";
import { soundOf, soundsAlike } from "../understanding/sounds.ts";
import { tokenise } from "../understanding/tokens.ts";
import { commonSurnames } from "./common-surnames.ts";
import type { ItemReader, Reading } from "./item.ts";
import { wordLikeness } from "./name-sounds.ts";
import { type Spelling, settledBy, spellingIn, spellsAs } from "./spelled.ts";

/** Letters that were both said as a word and spelled are hardly ever wrong; a word alone may be written in several ways. */
const saidAndSpelled = 0.94;
const spelledOnly = 0.85;
const saidOnly = 0.6;
/** Of letters that the telephone confuses: as the word said beside the spelling has them, and as they were heard. */
const settled = 0.72;
const asHeard = 0.2;
/** From this likeness on a spelling belongs to the word before it. */
const sameWord = 0.4;
/** What is left for the word as it was written, where its spelling says otherwise. */
const overruled = 0.04;
/** A first name alone says little about who is meant. */
const halfName = 0.55;

export const surname: ItemReader = {
  read(text) {
    const { said, spelling } = parts(text);
    const last = surnameOf(said);
    if (spelling === undefined) return last === "" ? [] : [{ value: withEnding(last, text), certainty: saidOnly }];
    if (last === "") return spelledAlone(spelling);
    if (!alike(spelling, last)) {
      return [
        { value: cased(spelling.letters, ""), certainty: spelledOnly },
        { value: last, certainty: overruled },
      ];
    }
    return together(spelling, last);
  },
  likeness(text) {
    const { said, spelling } = parts(text);
    const last = surnameOf(said);
    return (known) =>
      Math.max(spelling === undefined ? 0 : spellsAs(spelling, known), last === "" ? 0 : wordLikeness(last, known));
  },
  canonical: (value) => value.trim(),
};

export const name: ItemReader = {
  read(text) {
    const { said, spelling } = parts(text);
    const words = said === "" ? [] : said.split(" ");
    if (spelling === undefined) {
      if (words.length === 0) return [];
      return [{ value: withEnding(said, text), certainty: words.length > 1 ? saidOnly : saidOnly / 2 }];
    }
    const at = words.findLastIndex((word) => alike(spelling, word));
    const before = words[at];
    if (before === undefined) {
      return [{ value: [...words, cased(spelling.letters, "")].join(" "), certainty: saidOnly }];
    }
    return together(spelling, before).map(({ value, certainty }) => ({
      value: words.map((word, index) => (index === at ? value : word)).join(" "),
      certainty: certainty * 0.9,
    }));
  },
  likeness(text) {
    const { spelling } = parts(text);
    // Any word may be one of a known name ("mohammed can"), even where it would be none by itself.
    const heard = [...new Set(cleaned(text).match(/[\p{L}']{2,}/gu))].slice(0, 12);
    const likes = new Map<string, number>(); // thousands of people share some hundred names
    const likeWord = (word: string): number => {
      const known = likes.get(word);
      if (known !== undefined) return known;
      const spelled = spelling === undefined ? 0 : spellsAs(spelling, word);
      const like = Math.max(spelled, ...heard.map((one) => wordLikeness(one, word)));
      likes.set(word, like);
      return like;
    };
    return (known) => {
      const words = known.split(/\s+/).map(likeWord);
      const missing = words.filter((like) => like < 0.4).length;
      const mean = words.reduce((sum, like) => sum + like, 0) / Math.max(1, words.length);
      return missing === 0 ? mean : mean * halfName;
    };
  },
  canonical: (value) => value.trim().replace(/\s+/g, " "),
};

/** A confused letter or two away from a spelling that few bear: one that many do was meant about as often. */
const isNear = 0.6;
const common = 0.42;

function spelledAlone(spelling: Spelling): Reading[] {
  const heard: Reading = { value: cased(spelling.letters, ""), certainty: spelledOnly };
  if (commonSurnames.some((surname) => sameLetters(spelling, surname))) return [heard];
  const near = commonSurnames
    .map((surname) => ({ surname, like: spellsAs(spelling, surname) }))
    .filter(({ like }) => like >= isNear)
    .sort((a, b) => b.like - a.like)
    .slice(0, 2);
  const shares = near.map(({ surname, like }) => ({
    value: cased(surname, surname).replace(/^O'(.)/, (_, letter: string) => `O'${letter.toUpperCase()}`),
    certainty: (common * (like - isNear + 0.2)) / (near.length * 0.4),
  }));
  const rest = spelledOnly - shares.reduce((sum, { certainty }) => sum + certainty, 0);
  return [{ ...heard, certainty: rest }, ...shares].sort((a, b) => b.certainty - a.certainty);
}

/** A word and its spelling, which belong together. */
function together(spelling: Spelling, word: string): Reading[] {
  if (sameLetters(spelling, word)) return [{ value: word, certainty: saidAndSpelled }];
  const letters = settledBy(spelling, word);
  const whole = letters === word.toLowerCase().replace(/[^a-z]/g, "") ? word : cased(letters, word);
  if (letters === spelling.letters) {
    return [
      { value: whole, certainty: saidAndSpelled },
      { value: word, certainty: overruled },
    ];
  }
  return [
    { value: whole, certainty: settled },
    { value: cased(spelling.letters, word), certainty: asHeard },
  ];
}

/** The name as said, "" for none, and as spelled. */
function parts(text: string): { said: string; spelling: Spelling | undefined } {
  const plain = withoutHints(text);
  const spelling = spellingIn(plain);
  const rest = spelling === undefined ? plain : spelling.rest;
  const found = readName(tokenise(cleaned(rest)), true)?.name ?? "";
  const words = found.replace(/^(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev|Sir|Lady) /, "").split(" ");
  const said = words.filter((word, at) => word !== words[at - 1]).join(" "); // "Khan Khan": said before and after
  return { said, spelling };
}

/** "stevenson with a p h s t e p…", "o apostrophe n e i l l": the spelling alone, where one follows. */
function withoutHints(text: string): string {
  const said = text
    .toLowerCase()
    .replace(/\bapostrophe\b ?/g, "")
    .replace(/\b([a-z])([a-z]) \1 \2\b/g, "$1$2"); // "ng n g"
  const hint = /^(.*?)\bwith an? ((?:[a-z] )+)([a-z])\b(.*)$/s.exec(said);
  if (hint === null) return said;
  const [, before = "", letters = "", last = "", after = ""] = hint;
  const all = [...letters.trim().split(" "), last];
  if (all.length < 4) return said;
  const first = /([a-z])[a-z']*\s*$/.exec(before)?.[1];
  const start = all.findIndex((letter, at) => at > 0 && at <= 3 && letter === first);
  return `${before} ${all.slice(start < 0 ? 1 : start).join(" ")}${after}`;
}

const cleaned = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\b(?:that's )?(?:spelt|spelled|spelling)\b.*$/, "")
    .replace(/\b(?:my )?(?:last|family|second|sur) ?name(?:'s| is)?\b/g, "my name is")
    .replace(/(?<=[a-z]{3} )oh? (?=[a-z]{4,}$)/, "o'")
    .replace(/\b(\p{L}{3,}) (?:hyphen|dash) (\p{L}{3,})\b/gu, "$1 $2")
    .replace(/\b(?:with an? \p{L}+|double [a-z]\b).*$/u, "")
    .trim();

/** "van der Berg" stays together. */
const surnameOf = (said: string): string =>
  /(?:(?:van|von|de|der|den|la|le|du|bin|al|da|del|di|st)\s)*\S+$/i.exec(said)?.[0] ?? "";

const alike = (spelling: Spelling, word: string): boolean =>
  spellsAs(spelling, word) >= sameWord || soundsAlike(soundOf(spelling.letters), soundOf(word)) >= 0.7;

const sameLetters = ({ letters }: Spelling, word: string): boolean =>
  letters === word.toLowerCase().replace(/[^a-z]/g, "");

/** The letters with the capitals of a name; an apostrophe or a capital inside as the word before had it. */
function cased(letters: string, like: string): string {
  const plain = letters.replace(/^./, (first) => first.toUpperCase());
  if (/^O'/.test(like) && letters.startsWith("o")) return `O'${letters.slice(1).replace(/^./, (c) => c.toUpperCase())}`;
  return plain.replace(/^Mc(.)/, (_, letter: string) => `Mc${letter.toUpperCase()}`);
}

/** "Clarke with an e", "Stephen with a p h". */
function withEnding(said: string, text: string): string {
  const letter = /\bwith an? ([a-z])\b(?! \w\b)/i.exec(text)?.[1]?.toLowerCase();
  if (letter === undefined || said.toLowerCase().endsWith(letter)) return said;
  if (letter === "e") return `${said}e`;
  return letter === "y" ? said.replace(/i(?=[^aeiou]*e?$)/, "y") : said;
}
