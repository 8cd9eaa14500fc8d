/** Numbers and letters as people say them, for the generator. Shares nothing with what reads them. */
import type { Random } from "../../../sip/random.ts";

// biome-ignore format: a list
const SMALL = [
  "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
  "seventeen", "eighteen", "nineteen",
];
const DECADES = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/** 0…999. */
export function inWords(number: number): string {
  if (number >= 100) {
    const rest = number % 100;
    return `${SMALL[Math.floor(number / 100)]} hundred${rest === 0 ? "" : ` and ${inWords(rest)}`}`;
  }
  if (number < 20) return SMALL[number] ?? "";
  return number % 10 === 0 ? (DECADES[number / 10] ?? "") : `${DECADES[Math.floor(number / 10)]} ${SMALL[number % 10]}`;
}

/** 1…31. */
export function nth(number: number): string {
  const words = inWords(number).split(" ");
  const last = words.pop() ?? "";
  // biome-ignore format: a table
  const odd: Readonly<Record<string, string>> = {
    one: "first", two: "second", three: "third", five: "fifth", eight: "eighth", nine: "ninth", twelve: "twelfth", twenty: "twentieth", thirty: "thirtieth",
  };
  return [...words, odd[last] ?? `${last}th`].join(" ");
}

export function nthWritten(number: number): string {
  const end = number % 100 >= 11 && number % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${end}`;
}

/** "oh", "zero" or "nought" for 0: as one person does throughout. */
export type Zero = "oh" | "zero" | "nought" | "o";
export const zeroOf = (random: Random): Zero =>
  random.next() < 0.62 ? "oh" : random.pick(["zero", "zero", "zero", "nought", "o"] as const);

/** "0770": "oh seven seven oh" or "oh double seven oh". */
export function digitByDigit(digits: string, zero: Zero, doubles: boolean): string {
  const words: string[] = [];
  for (let at = 0; at < digits.length; ) {
    const digit = digits[at] ?? "";
    const word = digit === "0" ? zero : (SMALL[Number(digit)] ?? "");
    let run = 1;
    while (doubles && digits[at + run] === digit && run < 3) run++;
    if (run > 1) words.push(run === 2 ? "double" : "triple", word);
    else words.push(word);
    at += run;
  }
  return words.join(" ");
}

const NATO: readonly string[] =
  "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whisky x-ray yankee zulu".split(
    " ",
  );
const HOMELY: readonly string[] =
  "apple ball cat dog elephant freddie george harry ice jam kite london mother nuts orange peter queen robert sugar tommy umbrella van water xylophone yellow zebra".split(
    " ",
  );

export type LetterStyle = "plain" | "nato" | "homely";

/** Letters of A–Z; "W" is also "double you". */
export function letterSaid(letter: string, style: LetterStyle): string {
  const index = letter.toUpperCase().charCodeAt(0) - 65;
  const low = letter.toLowerCase();
  if (style === "nato") return NATO[index] ?? low;
  return style === "homely" ? `${low} for ${HOMELY[index]}` : low;
}
