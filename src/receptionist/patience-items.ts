/** How much of an item has been said when an item was asked for. Pure; ms, 200…1,200, undefined where it says nothing. */
import type { Asks } from "./contract.ts";
import { lastWord, waits } from "./patience-words.ts";
import { streetType } from "./understanding/addresses.ts";
import { monthWord, weekdayWord } from "./understanding/calendar.ts";
import { readDate } from "./understanding/dates.ts";
import { readName } from "./understanding/names.ts";
import { readCardinal, readOrdinal } from "./understanding/numbers.ts";
import { readPhone } from "./understanding/phones.ts";
import { readTime } from "./understanding/times.ts";
import type { Token } from "./understanding/tokens.ts";
import { birthDate } from "./voting/birth-date.ts";
import { email } from "./voting/email.ts";
import { money } from "./voting/money.ts";
import { spellingIn } from "./voting/spelled.ts";
import { readSymbols } from "./voting/symbols.ts";

const HOURS = { opens: "09:00", closes: "18:00" };
const ANY_DAY = "2026-01-07";
const CONTEXT = { now: `${ANY_DAY}T10:00`, context: undefined } as const;
const CLOSING = /\b(?:please|thanks|thank you|cheers)\W*$/i;

/** `begun`: digits said in turns before. */
type Said = { text: string; tokens: readonly Token[]; last: string; begun: string | undefined };

export function itemPatience(
  asks: Asks,
  text: string,
  tokens: readonly Token[],
  begun: string | undefined,
): number | undefined {
  const rule = asks === null ? undefined : rules[asks];
  return rule?.({ text, tokens, last: lastWord(tokens), begun });
}

/**
 * An item that was not asked for now, whole as it is: what was understood before may have been wrong, and callers go on
 * with what they came to say. undefined if there is none.
 */
export function volunteeredPatience(text: string, tokens: readonly Token[]): number | undefined {
  const said = { text, tokens, last: lastWord(tokens), begun: undefined };
  if (LEADS_NAME.test(text)) return forName(said);
  if (readDate(tokens, ANY_DAY, false) !== undefined) return forDate(said);
  return readTime(tokens, HOURS, false) === undefined ? undefined : Math.max(forTime(said), waits.likely);
}
const LEADS_NAME = /^(?:(?:yes|yeah|hi|hello|oh|and)\W+)*(?:my name's|my name is|the name's|the name is)\b/i;

const rules: Partial<Record<NonNullable<Asks>, (said: Said) => number | undefined>> = {
  phone: forPhone,
  email: forEmail,
  postcode: forPostcode,
  name: forName,
  date: forDate,
  time: forTime,
  money: forMoney,
  beds: forBeds,
  "birth-date": forBirthDate,
  address: forAddress,
  property: forProperty,
};

/**
 * Numbers of ten digits are whole in some towns and short of one in most. A group of zeros is heard as an hour ("9:00" for
 * "nine oh oh"): whatever ends in figures goes on.
 */
function forPhone({ text, tokens, begun }: Said): number {
  const phone = readPhone(tokens, "asked", begun === undefined ? undefined : { digits: begun });
  if (phone === undefined) return /\d\W*$/.test(text) ? waits.digits : waits.unread;
  if (phone.reading.kind !== "complete") return waits.digits;
  return /^\+441\d{8}$/.test(phone.reading.e164) ? waits.unread : waits.completeLong;
}

/** "jane dot smith", "… at", "… at gmail", "… dot co": each may go on, until nothing can follow. */
function forEmail({ text, last }: Said): number {
  const value = email.read(text, CONTEXT)[0]?.value;
  if (value === undefined) return waits.digits;
  if (/\.co$/.test(value) || last === "co") return waits.trailing;
  const isEnded = /(?:com|uk|net|org|me|info|eu|ie)$/.test(last.replace(/[.\s]/g, ""));
  return isEnded ? waits.likely : waits.telling;
}

const WHOLE_POSTCODE = /[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$/;

/** "M twenty one" is the half of one. */
function forPostcode({ text }: Said): number {
  const said = readSymbols(text)
    .filter(({ skipCost }) => skipCost === undefined) // the nought of "twenty one"
    .map(({ choices }) => choices[0]?.character ?? "");
  if (said.length === 0) return waits.unread;
  if (CLOSING.test(text) && said.length >= 5) return waits.likely;
  return said.length >= 5 && WHOLE_POSTCODE.test(asPostcode(said)) ? waits.completeLong : waits.digits;
}

/** The last three of a whole one are a digit and two letters: O and 0, I and 1 are what their place makes them. */
function asPostcode(said: readonly string[]): string {
  return said
    .map((character, at) => {
      const place = said.length - at;
      if (place === 3) return DIGITS[character] ?? character;
      return place < 3 ? (LETTERS[character] ?? character) : character;
    })
    .join("");
}
const DIGITS: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1", S: "5" };
const LETTERS: Readonly<Record<string, string>> = { "0": "O", "1": "L", "5": "S", "8": "A" };

/** A surname may follow a first name, a spelling a surname; letters go on until they are the name that was said. */
function forName({ text, tokens, last }: Said): number {
  const letters = spellingIn(text);
  if (letters !== undefined) return forSpelling(text, letters.letters, letters.rest);
  if (/^\p{L}$/u.test(last)) return waits.digits;
  const name = readName(tokens, true)?.name;
  if (name === undefined) return waits.unread;
  return name.includes(" ") ? waits.completeLong : waits.unread;
}

function forSpelling(text: string, letters: string, rest: string): number {
  const words = rest.toLowerCase().split(/[^\p{L}'-]+/u);
  if (words.includes(letters)) return waits.completeLong;
  const goal = words.findLast((word) => word.length > 1 && word[0] === letters[0]);
  const isShort = goal === undefined ? letters.length < 5 : letters.length < goal.length;
  return isShort || /\bfor\W*$/i.test(text) ? waits.digits : waits.telling;
}

/** "The 28th" may be followed by its month, "next week" by a day; a month needs a day and a ten a unit. */
function forDate({ tokens, last }: Said): number {
  const date = readDate(tokens, ANY_DAY, true)?.reading;
  if (last === "twenty" || last === "thirty") return waits.trailing;
  if (date === undefined && (weekdayWord(last) !== undefined || isOrdinal(tokens))) return waits.likely;
  if (date === undefined) return monthWord(last) === undefined ? waits.unread : waits.telling;
  if (date.kind === "within") return waits.unread;
  const previous = tokens.at(-2)?.word ?? "";
  if (previous === "on") return waits.openBegun; // "on Monday" begins "on Monday at ten" as well; "Monday" answers
  return previous === "the" || isOrdinal(tokens) ? waits.likely : waits.complete;
}

const isOrdinal = (tokens: readonly Token[]): boolean => readOrdinal(tokens, tokens.length - 1) !== undefined;

/** "Eleven" may go on as "eleven thirty"; "half past two" is whole; "between two" is not. */
function forTime({ text, tokens }: Said): number {
  const open = /\bbetween\b(?!.*\band\b)|\bfrom\b(?!.*\b(?:to|until|till|onwards|on)\b)/i.test(text);
  if (open) return waits.trailing;
  const time = readTime(tokens, HOURS, true)?.reading;
  if (time === undefined) return waits.unread;
  if (time.kind === "between" && /\b(?:morning|afternoon|evening)\W*$/i.test(text)) return waits.likely;
  if (tokens.length === 1 && /^\d{1,2}\W*$/.test(text.trim())) return waits.openBegun; // "two thirty", "ten or eleven"
  return time.kind === "at" && time.certainty < 0.9 ? waits.likely : waits.complete;
}

/** "Three hundred" may be thousands; with a unit, a week or a month it is whole. */
function forMoney({ text, last }: Said): number {
  if (/\bbetween\b(?!.*\band\b)|\bfrom\b(?!.*\bto\b)/i.test(text)) return waits.trailing;
  if (money.read(text, CONTEXT).length === 0) return waits.unread;
  if (/^(?:pounds|quid|month|week|pcm|pw|monthly|weekly)$/.test(last) || /\d,\d{3}\W*$/.test(text))
    return waits.complete;
  if (/^(?:thousand|k|grand|million)$/.test(last) || /\d(?:k|m)\W*$/i.test(text)) return waits.likely;
  return /^(?:hundred|point)$/.test(last) || isFirstUnit(text) ? waits.telling : waits.unread;
}

/** One number word of an amount that has several: "four", of "four fifty". */
const isFirstUnit = (text: string): boolean =>
  /(?:^|\s)(?:\p{L}+|\d)\W*$/u.test(text.trim()) && !/\s/.test(text.trim());

function forBeds({ text, tokens }: Said): number {
  const has = tokens.some((_, at) => readCardinal(tokens, at) !== undefined) || /\b(?:studio|bedsit)\b/i.test(text);
  if (!has) return waits.unread;
  if (/\b(?:at least|minimum of|between|up to)\W*$/i.test(text)) return waits.trailing;
  if (/\bbetween\b(?!.*\band\b)/i.test(text)) return waits.trailing;
  return /\b(?:beds?|bedrooms?|bedroomed|minimum|max(?:imum)?|please|studio)\W*$/i.test(text)
    ? waits.complete
    : waits.openBegun;
}

/** Day, month and year; "nineteen", "two thousand and" and a ten are the beginning of a year. */
function forBirthDate({ text, last }: Said): number {
  if (/\b(?:nineteen|19|twenty|20|two thousand|2000 and)\W*$/i.test(text)) return waits.digits;
  if (birthDate.read(text, CONTEXT).length === 0) return waits.digits;
  if (/^(?:thirty|forty|fifty|sixty|seventy|eighty|ninety)$/.test(last)) return waits.unread;
  return /\d{1,2}\W+\d{1,2}\W*$/.test(text) ? waits.unread : waits.likely;
}

/** Number, then street, then perhaps the town. */
function forAddress({ text, tokens, last }: Said): number {
  if (CLOSING.test(text)) return waits.complete;
  const typeAt = tokens.findLastIndex(({ word }, at) => at > 0 && streetType(word) !== undefined);
  if (typeAt < 0) return endsInNumber(tokens) ? waits.digits : waits.telling;
  return typeAt === tokens.length - 1 ? waits.begun : streetType(last) === undefined ? waits.likely : waits.begun;
}

/** A street may be followed by a town or a day; "please" by nothing. A number wants its street, a street its kind. */
function forProperty({ text, tokens }: Said): number {
  if (CLOSING.test(text)) return waits.complete;
  const typeAt = tokens.findLastIndex(({ word }, at) => at > 0 && streetType(word) !== undefined);
  if (typeAt === tokens.length - 1) return waits.likely;
  if (endsInNumber(tokens)) return waits.digits;
  if (typeAt >= 0) return waits.begun;
  const isNumbered = tokens.some((_, at) => readCardinal(tokens, at) !== undefined);
  return isNumbered && tokens.length <= 4 ? waits.unread : waits.unknown;
}

const endsInNumber = (tokens: readonly Token[]): boolean => {
  const at = tokens.length - 1;
  return readCardinal(tokens, at) !== undefined || /^\d+[a-z]?$/.test(tokens[at]?.word ?? "");
};
