/**
 * Words with given phonemes, for a build of espeak-ng that takes none in a text: they are put into its dictionary under
 * names that no text holds, and the text is spoken with those names in it.
 *
 * Layout of a dictionary (espeak-ng, LoadDictionary and LookupDict2): 32-bit number of chains (1024) and offset of the
 * rules; chains by hash, each of entries and ended by a zero; then the rules. An entry: its length, the length of the
 * word with 0x40 where it is packed, the word, phoneme codes, zero. Of `phontab`: the number of tables; of each the number
 * of phonemes, the table it is based upon (from 1; 0: none), two bytes, a name of 32; then 16 bytes for each phoneme, its
 * letters first and its code at 10.
 */
import { readPhonemes } from "../../english/phonemes.ts";
import { spanPattern } from "../../english/pronunciations.ts";
import { letterNames } from "../speakable/letters.ts";

export interface EspeakLexicon {
  /** The dictionary to use from the start: that of the language with the letters in it. */
  first: Uint8Array;
  /**
   * @param isEnglish Whether the voice reads this dictionary; otherwise the words of a span are all there is.
   * @returns The text with names for its spans; `dictionary` if it had to grow for them, to be used before it is spoken.
   */
  named(text: string, isEnglish: boolean): { text: string; dictionary?: Uint8Array };
}

/** Beyond so many the ones that were added go: before a text is begun, so that those of one text are all there. */
const mostNames = 500;
/** A name has two letters of its own, the last stays unused. A text of more spans than that has its words said instead. */
const namesAtAll = 26 * 26 - 1;

export function createEspeakLexicon(dictionary: Uint8Array, phonemeTable: Uint8Array): EspeakLexicon {
  const codes = phonemeCodes(phonemeTable, "en");
  const names = new Map<string, string>(); // by phonemes
  const entries: Entry[] = [];
  const add = (phonemes: string): string | undefined => {
    const known = names.get(phonemes);
    if (known !== undefined) return known;
    if (phonemes === "" || names.size >= namesAtAll) return undefined;
    const encoded = phonemes.split("|").map((phoneme) => codes.get(phoneme));
    if (encoded.length === 0 || encoded.some((code) => code === undefined)) return undefined;
    const name = nameOf(names.size);
    names.set(phonemes, name);
    entries.push(entryOf(name, encoded as number[]));
    return name;
  };
  const addLetters = () => {
    for (const { phonemes } of Object.values(letterNames)) {
      const read = readPhonemes(phonemes);
      if ("words" in read) add(read.words.map((word) => word.join("|")).join("|"));
    }
  };
  addLetters();
  return {
    first: withEntries(dictionary, entries),
    named(text, isEnglish) {
      if (!text.includes("⟦")) return { text };
      if (names.size > mostNames) {
        names.clear();
        entries.length = 0;
        addLetters();
      }
      const before = entries.length;
      const said = text.replace(spanPattern, (_, words: string, phonemes: string) =>
        isEnglish ? (add(phonemes) ?? words) : words,
      );
      return { text: said, ...(entries.length === before ? {} : { dictionary: withEntries(dictionary, entries) }) };
    },
  };
}

/** "zqaa", "zqab", …: no text has such words. */
const nameOf = (index: number) => `zq${letter(Math.floor(index / 26))}${letter(index % 26)}`;
const letter = (index: number) => String.fromCharCode(0x61 + index);

type Entry = { chain: number; bytes: number[] };

function entryOf(name: string, phonemes: readonly number[]): Entry {
  const packed = packedWord(name);
  // The hash was made over a buffer in which the packed word lay over the plain one, whose end is still there.
  const chain = hashOf([...packed, ...Buffer.from(name.slice(packed.length))]);
  const body = [packed.length | 0x40, ...packed, ...phonemes, 0];
  return { chain, bytes: [body.length + 1, ...body] };
}

/** Six bits a letter, "a" 1 (TransposeAlphabet). */
function packedWord(name: string): number[] {
  const bits = [...name].map((char) => (char.charCodeAt(0) - 0x60).toString(2).padStart(6, "0")).join("");
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
}

function hashOf(bytes: readonly number[]): number {
  let hash = 0;
  for (const byte of bytes) {
    hash = hash * 8 + byte;
    hash = (hash & 0x3ff) ^ (hash >> 8);
  }
  return (hash + bytes.length) & 0x3ff;
}

const headBytes = 8;
/** The rules hold words of 32 bits that are read in place: they must stay where such words may stand. */
const alignment = 4;

/** A name that is never used, as long as it must be for that. */
function paddingFor(words: readonly Entry[]): Entry {
  const total = words.reduce((sum, { bytes }) => sum + bytes.length, entryOf(unused, []).bytes.length);
  return entryOf(
    unused,
    Array.from({ length: (alignment - (total % alignment)) % alignment }, () => pauseCode),
  );
}
const unused = "zqzz";
const pauseCode = 10;

function withEntries(dictionary: Uint8Array, words: readonly Entry[]): Uint8Array {
  const entries = [...words, paddingFor(words)];
  const view = new DataView(dictionary.buffer, dictionary.byteOffset, dictionary.byteLength);
  const chains = view.getUint32(0, true);
  const added = entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const byChain = Map.groupBy(entries, ({ chain }) => chain);
  const grown = new Uint8Array(dictionary.length + added);
  grown.set(dictionary.subarray(0, headBytes));
  new DataView(grown.buffer).setUint32(4, view.getUint32(4, true) + added, true);
  let from = headBytes;
  let to = headBytes;
  for (let chain = 0; chain < chains; chain++) {
    for (const { bytes } of byChain.get(chain) ?? []) {
      grown.set(bytes, to);
      to += bytes.length;
    }
    let end = from;
    for (let length = dictionary[end]; length; length = dictionary[end]) end += length;
    grown.set(dictionary.subarray(from, end + 1), to);
    to += end + 1 - from;
    from = end + 1;
  }
  grown.set(dictionary.subarray(from), to);
  return grown;
}

/** Codes by letters, of a table and all that it is based upon. */
export function phonemeCodes(phonemeTable: Uint8Array, name: string): Map<string, number> {
  const tables: { name: string; basedOn: number; codes: [string, number][] }[] = [];
  const text = (from: number, length: number) =>
    Buffer.from(phonemeTable.subarray(from, from + length))
      .toString("latin1")
      .replace(/\0.*$/s, "");
  let at = 4;
  for (let table = 0; table < (phonemeTable[0] ?? 0); table++) {
    const [count = 0, basedOn = 0] = phonemeTable.subarray(at, at + 2);
    const codes = Array.from({ length: count }, (_, index): [string, number] => {
      const phoneme = at + 36 + 16 * index;
      return [text(phoneme, 4), phonemeTable[phoneme + 10] ?? 0];
    });
    tables.push({ name: text(at + 4, 32), basedOn, codes });
    at += 36 + 16 * count;
  }
  const of = (table: (typeof tables)[number] | undefined): [string, number][] =>
    table === undefined ? [] : [...of(table.basedOn === 0 ? undefined : tables[table.basedOn - 1]), ...table.codes];
  return new Map(of(tables.find((table) => table.name === name)));
}
