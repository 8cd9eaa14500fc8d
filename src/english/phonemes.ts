/**
 * The sounds of English in espeak-ng's own letters (its phoneme table "en", docs/phonemes of espeak-ng), and how they are
 * written in IPA. Pure.
 */

const vowels =
  "@ 3 3: a a# aa A: A@ e E 0 O O: O@ o@ U U@ u: V VR i i: i@ i@3 I I2 eI aI aI@ aI3 OI oU aU aU@ e@ @2 @5 @L";
const consonants = "b d D dZ f g h j k l m n N p r s S t tS T v w x z Z ? l# t# m- n- N- r-";
/** Main and lesser stress, no stress, a pause, a word's end. */
const marks = "' '' , % %% = _ _: ||";
const known = new Set([...vowels.split(" "), ...consonants.split(" "), ...marks.split(" ")]);
const longest = Math.max(...[...known].map((phoneme) => phoneme.length));
const sounding = new Set(vowels.split(" "));

/** Two letters before one: the longest that fits is taken. */
const ofIpa: Readonly<Record<string, string>> = {
  tʃ: "tS",
  t͡ʃ: "tS",
  ʧ: "tS",
  dʒ: "dZ",
  d͡ʒ: "dZ",
  ʤ: "dZ",
  aɪə: "aI@",
  aɪ: "aI",
  aʊə: "aU@",
  aʊ: "aU",
  eɪ: "eI",
  ɛɪ: "eI",
  ɔɪ: "OI",
  əʊ: "oU",
  oʊ: "oU",
  ɪə: "i@",
  iə: "i@",
  eə: "e@",
  ɛə: "e@",
  ɛː: "e@",
  ʊə: "U@",
  ɑː: "A:",
  ɑ: "A:",
  ɔː: "O:",
  ɔ: "O:",
  iː: "i:",
  uː: "u:",
  u: "u:",
  ɜː: "3:",
  ɜ: "3:",
  ɝ: "3:",
  ə: "@",
  ɚ: "@",
  ɐ: "a#",
  æ: "a",
  a: "a",
  ɒ: "0",
  ʌ: "V",
  ɛ: "E",
  e: "E",
  ɪ: "I",
  ᵻ: "I2",
  i: "i",
  ʊ: "U",
  θ: "T",
  ð: "D",
  ʃ: "S",
  ʒ: "Z",
  ŋ: "N",
  ɹ: "r",
  r: "r",
  ɡ: "g",
  g: "g",
  j: "j",
  ʍ: "w",
  ɫ: "l",
  ʔ: "?",
  ɾ: "t#",
  ...Object.fromEntries([..."bdfhklmnpstvwxz"].map((letter) => [letter, letter])),
  ˈ: "'",
  "'": "'",
  ˌ: ",",
  ",": ",",
};
/** Written in IPA and nothing of its own here: lengths already counted, syllables, ties, brackets. */
const silent = /^(?:[ː.‿()]|\u0361)/u;

/** One list for each word. `unknown`: the first sign that is no sound of English. */
export type ReadPhonemes = { words: string[][] } | { unknown: string };

/**
 * Reads phonemes: IPA if they stand between slashes or hold a letter that only IPA has, else espeak-ng's own.
 * "/ˈbiːvə/" and "b'i:v@" are the same.
 */
export function readPhonemes(written: string): ReadPhonemes {
  const bare = written.trim().replace(/^\[\[(.*)\]\]$/s, "$1");
  const slashed = /^\/(.*)\/$/s.exec(bare)?.[1];
  const isIpa = slashed !== undefined || /[^\x20-\x7e]/.test(bare);
  const words: string[][] = [];
  for (const word of (slashed ?? bare)
    .normalize("NFC")
    .split(/[\s|_]*\s[\s|_]*/)
    .filter(Boolean)) {
    const read = isIpa ? readIpa(word) : readOwn(word);
    if (typeof read === "string") return { unknown: read };
    if (read.length > 0) words.push(read);
  }
  return { words };
}

/** Whether there is anything in it to be heard: at least one vowel in some word. */
export const hasVowel = (words: readonly (readonly string[])[]): boolean =>
  words.some((word) => word.some((phoneme) => sounding.has(phoneme)));

function readIpa(word: string): string[] | string {
  const phonemes: string[] = [];
  for (let at = 0; at < word.length; ) {
    const found = [4, 3, 2, 1].map((length) => word.slice(at, at + length)).find((part) => ofIpa[part] !== undefined);
    if (found !== undefined) {
      phonemes.push(ofIpa[found] ?? "");
      at += found.length;
    } else if (silent.test(word.slice(at))) at++;
    else return [...word.slice(at)][0] ?? "";
  }
  return phonemes;
}

function readOwn(word: string): string[] | string {
  const phonemes: string[] = [];
  for (let at = 0; at < word.length; ) {
    if (word[at] === "|" && word[at + 1] !== "|") {
      at++; // parts two letters that would be read as one
      continue;
    }
    let length = longest;
    while (length > 0 && !known.has(word.slice(at, at + length))) length--;
    if (length === 0) return [...word.slice(at)][0] ?? "";
    phonemes.push(word.slice(at, at + length));
    at += length;
  }
  return phonemes;
}

const hissing = new Set(["s", "z", "S", "Z", "tS", "dZ"]);
const voiceless = new Set(["p", "t", "k", "f", "T"]);

/** The sound of a possessive or plural s behind a word. */
export function endingS(word: readonly string[]): readonly string[] {
  const last = word.at(-1) ?? "";
  if (hissing.has(last)) return ["I2", "z"];
  return voiceless.has(last) ? ["s"] : ["z"];
}
