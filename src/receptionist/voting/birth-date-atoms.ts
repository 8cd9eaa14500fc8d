/** The numbers and months of a spoken date of birth, in order. Pure. */

import { monthWord } from "../understanding/calendar.ts";
import { readCardinal, readOrdinal } from "../understanding/numbers.ts";
import { type Token, tokenise } from "../understanding/tokens.ts";
import { wordTable } from "../understanding/word-table.ts";

export type Atom =
  /** 1…12. */
  | { readonly kind: "month"; readonly month: number }
  /** Digits as said in one breath: "3", "03", "1982", "030482". `ordinal`: "third", a day or the number of a month. */
  | { readonly kind: "digits"; readonly digits: string; readonly ordinal: boolean };

const ZERO = /^(?:oh|o|zero|nought|naught)$/;
/** Written for a digit, where only digits stand around. */
const HOMOPHONES = wordTable<string>({
  to: "2",
  too: "2",
  for: "4",
  won: "1",
  ate: "8",
  tree: "3",
  free: "3",
  fore: "4",
  sex: "6",
});
/** As recognisers write ordinals and months badly heard. */
const MISHEARD = wordTable<string>({
  forth: "fourth",
  sick: "sixth",
  six: "six",
  tent: "tenth",
  nineth: "ninth",
  twelve: "twelve",
  aid: "eighth",
  mart: "march",
  marsh: "march",
  apple: "april",
  main: "may",
  joon: "june",
  guest: "august",
  gus: "august",
  decembre: "december",
});
const mostAtoms = 14;

export function atomsOf(text: string): Atom[] {
  const tokens = tokenise(text.toLowerCase().replace(/(\d)\s*[-/.]\s*(?=\d)/g, "$1 ")).map(corrected);
  const atoms: Atom[] = [];
  for (let at = 0; at < tokens.length && atoms.length < mostAtoms; ) {
    const next = atomAt(tokens, at, atoms);
    if (next?.atom !== undefined) atoms.push(next.atom);
    at = next?.to ?? at + 1;
  }
  return atoms;
}

function corrected(token: Token): Token {
  const word = MISHEARD[token.word];
  return word === undefined ? token : { ...token, word };
}

function atomAt(
  tokens: readonly Token[],
  at: number,
  before: readonly Atom[],
): { atom: Atom | undefined; to: number } | undefined {
  const word = tokens[at]?.word ?? "";
  const month = monthWord(word);
  if (month !== undefined) return { atom: { kind: "month", month }, to: at + 1 };
  const ordinal = readOrdinal(tokens, at);
  if (ordinal !== undefined) return digits(String(ordinal.value), ordinal.to, true);
  if (/^\d+$/.test(word)) return digits(word, at + 1);
  if (ZERO.test(word)) return digits("0", at + 1);
  if (word === "double") {
    const next = tokens[at + 1]?.word ?? "";
    const one = ZERO.test(next) ? "0" : readCardinal(tokens, at + 1)?.value.toString();
    return one?.length === 1 ? digits(one + one, at + 2) : undefined;
  }
  const thousands = thousandsAt(tokens, at);
  if (thousands !== undefined) return thousands;
  const number = word === "a" ? undefined : readCardinal(tokens, at);
  if (number !== undefined) {
    // "nineteen hundred and five": a year.
    return digits(String(number.value), number.to);
  }
  const homophone = before.at(-1)?.kind === "digits" ? HOMOPHONES[word] : undefined;
  const isBetween = homophone !== undefined && readCardinal(tokens, at + 1) !== undefined;
  return isBetween ? digits(homophone, at + 1) : undefined;
}

const digits = (text: string, to: number, ordinal = false) => ({
  atom: { kind: "digits", digits: text, ordinal } as const,
  to,
});

/** "two thousand", "two thousand and one", "two thousand twelve". */
function thousandsAt(tokens: readonly Token[], at: number): { atom: Atom; to: number } | undefined {
  if (!/^(?:two|2)$/.test(tokens[at]?.word ?? "") || tokens[at + 1]?.word !== "thousand") return undefined;
  const andAt = tokens[at + 2]?.word === "and" ? at + 3 : at + 2;
  const rest = readCardinal(tokens, andAt);
  if (rest === undefined || rest.value > 99) return digits("2000", at + 2);
  return digits(String(2000 + rest.value), rest.to);
}
