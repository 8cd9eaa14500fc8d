/** The caller's own home, which is in no register of ours: its address and its postcode. Pure. */
import type { Asks } from "../contract.ts";
import { address } from "../voting/address.ts";
import type { Reading } from "../voting/item.ts";
import { postcode } from "../voting/postcode.ts";
import { isCodeWord } from "../voting/symbols.ts";
import { streetType } from "./addresses.ts";
import { readCardinal } from "./numbers.ts";
import { type Token, tokenise } from "./tokens.ts";

export type Home = { address: Reading | undefined; postcode: Reading | undefined };

/** Neither reader looks at what is known. */
const CONTEXT = { now: "2026-01-07T10:00", context: undefined } as const;
/** A street's name is no longer. */
const MOST_STREET_WORDS = 4;
/** "Rose Cottage, Mill Lane, Hexham": where no number begins it, more words than these are more than an address. */
const MOST_ADDRESS_WORDS = 8;
/** Letters that follow an address may as well be a town. */
const SURE_TAIL = 0.5;

/** A reading of a whole sentence that is less certain is none: asking again is better than reading that back. */
const FAINTEST_CODE = 0.02;
/** Said in one run amid other words. */
const SURE_CODE = 0.3;
const FEWEST_CODE_TOKENS = 3;

const WRITTEN = /\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b/i;

/** Asked for, any form counts; unasked, only what is written as a postcode or begins with a number and ends in a street. */
export function readHome(text: string, asked: Asks): Home {
  const written = WRITTEN.exec(text);
  const whole =
    written?.[1] && written[2] ? { value: `${written[1]} ${written[2]}`.toUpperCase(), certainty: 0.95 } : undefined;
  const rest =
    written === null ? text : `${text.slice(0, written.index)} ${text.slice(written.index + written[0].length)}`;
  if (asked === "postcode") {
    const said = whole ?? spokenPostcode(tokenise(text))?.reading ?? postcode.read(text, CONTEXT)[0];
    const isHeard = said !== undefined && said.certainty >= FAINTEST_CODE;
    return { address: volunteered(rest)?.address, postcode: isHeard ? said : undefined };
  }
  if (asked !== "address") return { address: volunteered(rest)?.address, postcode: whole };
  const numbered = volunteered(rest);
  if (numbered !== undefined) return { address: numbered.address, postcode: whole ?? numbered.postcode };
  const isSentence = tokenise(rest).length > MOST_ADDRESS_WORDS;
  return { address: isSentence ? undefined : address.read(rest, CONTEXT)[0], postcode: whole };
}

/** "… my house at fourteen Beech Grove Hexham, N E forty six …": from the number on. */
function volunteered(text: string): Home | undefined {
  const tokens = tokenise(text);
  for (let at = 0; at < tokens.length; at++) {
    const after = numberEnd(tokens, at);
    if (after === undefined) continue;
    const type = typeAfter(tokens, after);
    if (type === undefined) continue;
    const from = flatBefore(tokens, at);
    const tail = tokens.slice(type + 1);
    const townLength = tail.findIndex(
      ({ word, breakBefore }, index) => /^[a-z]$|\d/.test(word) || (breakBefore && index > 0),
    );
    const town = tail.slice(0, townLength < 0 ? tail.length : townLength).filter(isTown);
    const found = address.read(wordsOf([...tokens.slice(from, type + 1), ...town]), CONTEXT)[0];
    if (found === undefined) continue;
    const code = tail.some(isCodelike) ? postcode.read(wordsOf(tail), CONTEXT)[0] : undefined;
    return { address: found, postcode: code !== undefined && code.certainty >= SURE_TAIL ? code : undefined };
  }
  return undefined;
}

/** "no, S eleven, nine H R": letters and numbers in one run, whatever is said around them. */
export function spokenPostcode(tokens: readonly Token[]): { from: number; to: number; reading: Reading } | undefined {
  for (let from = 0; from < tokens.length; from++) {
    let to = from;
    while (isCodePart(tokens, to, from)) to++;
    while (to > from && tokens[to - 1]?.word === "i") to--; // "…, I think": no postcode ends in it
    if (to === from) continue;
    const run = tokens.slice(from, to);
    if (run.length >= FEWEST_CODE_TOKENS && run.filter(isLettered).length >= 2) {
      const found = postcode.read(wordsOf(run), CONTEXT)[0];
      if (found !== undefined && found.certainty >= SURE_CODE) return { from, to, reading: found };
    }
    from = to;
  }
  return undefined;
}

/** A letter, a number, a word of a spelling alphabet; "for Bravo" behind a letter. */
function isCodePart(tokens: readonly Token[], at: number, from: number): boolean {
  const word = tokens[at]?.word ?? "";
  if (/^[a-z]$|\d/.test(word) || word === "double" || word === "oh" || isCodeWord(word)) return true;
  if (readCardinal(tokens, at) !== undefined) return true;
  const before = tokens[at - 1]?.word ?? "";
  if (at <= from) return false;
  if (word === "for" || word === "as" || word === "like") return /^[a-z]$/.test(before);
  const isLinked = before === "for" || before === "like" || (before === "in" && tokens[at - 2]?.word === "as");
  return isLinked || (word === "in" && before === "as");
}

const isLettered = (token: Token): boolean => isCodelike(token) || isCodeWord(token.word);

/** A letter alone, or letters with digits: the costly reader is not asked about mere words. */
const isCodelike = ({ word }: Token): boolean => /^[b-hj-z]$|^[a-z]{1,2}\d/.test(word);

const wordsOf = (tokens: readonly Token[]): string => tokens.map(({ raw }) => raw).join(" ");

/** Only what is written as a name follows a street as its town. */
const isTown = ({ raw }: Token, index: number, all: readonly Token[]): boolean =>
  /^\p{Lu}\p{L}{2,}/u.test(raw) && all.slice(0, index).every((before) => /^\p{Lu}/u.test(before.raw));

/** Where the number ends that begins at `at`: "14", "14a", "one hundred and twelve". */
function numberEnd(tokens: readonly Token[], at: number): number | undefined {
  if (/^\d{1,4}[a-z]?$/.test(tokens[at]?.word ?? "")) {
    return /^[a-h]$/.test(tokens[at + 1]?.word ?? "") ? at + 2 : at + 1;
  }
  const number = readCardinal(tokens, at);
  if (number === undefined) return undefined;
  return /^[a-h]$/.test(tokens[number.to]?.word ?? "") ? number.to + 1 : number.to;
}

function typeAfter(tokens: readonly Token[], from: number): number | undefined {
  for (let at = from + 1; at <= from + MOST_STREET_WORDS && at < tokens.length; at++) {
    if (tokens[at]?.breakBefore === true) return undefined;
    if (streetType(tokens[at]?.word) !== undefined) return at;
  }
  return undefined;
}

/** "flat two, fourteen A High Street". */
function flatBefore(tokens: readonly Token[], at: number): number {
  for (const from of [at - 2, at - 3]) {
    const isLabelled = from + 1 < at && !/^(?:at|on|in|of|is|by|near)$/.test(tokens[from + 1]?.word ?? "");
    if (isLabelled && /^(?:flat|apartment|apt|unit|studio)$/.test(tokens[from]?.word ?? "")) return from;
  }
  return at;
}
