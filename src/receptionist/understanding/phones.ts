/** Telephone numbers as said, in one go, in pieces over turns, with corrections of a group. Pure. */
import { type DigitRun, readDigits } from "./digits.ts";
import type { Token } from "./tokens.ts";
import { groupsOf, judgePhone } from "./uk-phone.ts";

export type PhoneReading =
  | { kind: "complete"; e164: string; certainty: number }
  /** `digits` so far ("+" in front if it was said); more is to come. */
  | { kind: "incomplete"; digits: string }
  | { kind: "no-area-code" }
  | { kind: "impossible" };

export type PhoneAt = { reading: PhoneReading; from: number; to: number };

/** What we have of the number: the digits of earlier turns, or the whole number that is being corrected. */
export type PhoneBefore = { digits: string } | { e164: string } | undefined;

const LEAD = /^(?:number|mobile|phone|telephone|landline|on|cell)$/;

/** Asked for: any digits count. Correcting: a group of it. Volunteered: only what looks like a whole number. */
export type PhoneRole = "asked" | "correcting" | "volunteered";

/** @returns undefined if there are no digits that could be a telephone number's. */
export function readPhone(tokens: readonly Token[], role: PhoneRole, before: PhoneBefore): PhoneAt | undefined {
  const run = readDigits(tokens);
  if (run === undefined || !isPlausible(tokens, run, role)) return undefined;
  const digits = run.groups.join("");
  if (digits.length === 1 && isPronoun(tokens, run)) return undefined;
  const reading = combine(run.international ? `+${digits}` : digits, run.replaces, before);
  return { reading, from: run.from, to: run.to };
}

/** "I don't have one", "the same one as I'm calling from": no digit of a number. */
const isPronoun = (tokens: readonly Token[], run: DigitRun): boolean =>
  tokens[run.from]?.word === "one" && tokens.length - (run.to - run.from) >= 2;

/** Fewer digits may be a time ("no, two thirty") or a house. */
const SHORTEST_GROUP = 3;

function isPlausible(tokens: readonly Token[], run: DigitRun, role: PhoneRole): boolean {
  const digits = run.groups.join("");
  const led = tokens.slice(Math.max(0, run.from - 4), run.from).some((token) => LEAD.test(token.word));
  if (role === "asked" || digits.length >= 9 || (led && digits.length >= 5) || /^0[1-8]\d{3,}/.test(digits))
    return true;
  if (role !== "correcting" || digits.length < SHORTEST_GROUP || isAmidLetters(tokens, run)) return false;
  return led || !TIMELIKE.test(digits) || run.groups.length > 2;
}

/** "tenant eleven, seven E S": digits of a postcode, whatever became of its letters. */
const isAmidLetters = (tokens: readonly Token[], { from, to }: DigitRun): boolean =>
  [tokens[from - 1], tokens[to]].some((token) => /^(?:[b-hj-np-z]|\d+[a-z])$/.test(token?.word ?? ""));

/** "two thirty", "1430": read as a time unless the number is spoken of. */
const TIMELIKE = /^(?:[1-9]|1\d|2[0-3])(?:[0-5][05])$/;

function judge(digits: string): PhoneReading {
  const judgement = judgePhone(digits.replace("+", ""), digits.startsWith("+"));
  return judgement.kind === "incomplete" ? { kind: "incomplete", digits } : judgement;
}

function combine(digits: string, replaces: boolean, before: PhoneBefore): PhoneReading {
  const alone = judge(digits);
  if (before === undefined || alone.kind === "complete") return alone;
  if ("e164" in before) return judge(withGroup(before.e164, digits));
  if (replaces) return judge(withGroup(before.digits, digits));
  // Started over: a new beginning as long as what we had takes its place.
  const startsOver = digits.startsWith("0") && digits.length >= 5 && before.digits.startsWith(digits.slice(0, 3));
  const joined = judge(startsOver ? digits : before.digits + digits);
  if (joined.kind === "impossible") return alone.kind === "incomplete" && digits.length >= 5 ? alone : joined;
  return joined.kind === "no-area-code" ? { kind: "incomplete", digits: before.digits + digits } : joined;
}

/** The number with the group that `digits` resemble most replaced; the last of those equally like. */
function withGroup(number: string, digits: string): string {
  const national = number.startsWith("+44") ? `0${number.slice(3)}` : number;
  const groups = groupsOf(national);
  let best = -1;
  let bestLike = -1;
  groups.forEach((group, index) => {
    if (group.length !== digits.length) return;
    const like = [...group].filter((digit, at) => digit === digits[at]).length;
    if (like >= bestLike) [best, bestLike] = [index, like];
  });
  if (best >= 0) return groups.map((group, index) => (index === best ? digits : group)).join("");
  return national.length > digits.length ? national.slice(0, national.length - digits.length) + digits : digits;
}
