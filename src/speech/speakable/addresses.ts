import { cardinal, digitByDigit, digitGroup } from "../../english/numbers.ts";
import { spelledOut } from "./letters.ts";
import { streetWord } from "./streets.ts";

const postcode = /\b([A-Z]{1,2})(\d[A-Z\d]?) ?(\d)([A-Z]{2})\b/g;
/** Small letters only as nobody writes anything else: with the gap, and no inward letter that there is none of. */
const smallPostcode = /\b([a-z]{1,2})(\d[a-z\d]?) (\d)([abd-hjlnp-uw-z]{2})(?<!\d(?:st|nd|rd|th))\b/g;
const outwardOnly = /\b([A-Z]{1,2})(\d\d?)([A-Z])?\b(?![-/]\d)/g;
const houseLetter = /\b(\d{1,4}) ?([A-H])\b(?! [A-Z]\b)|\b(\d{1,4})([a-h])\b/g;
/** A house number before a name that ends as streets do: "101 King's Road". */
const ofStreet = new RegExp(`\\b(\\d{3,4})(?=(?: [A-Z][\\w'-]*){1,4}? (?:${streetWord})\\b)`, "g");
const unitNumber = /\b(flat|apartment|room|suite|studio|unit|plot)s? (\d{3,4})\b/gi;
/** Between the halves of a postcode: a pause of its own, see voice/clauses.ts. */
const gap = "¦";

/** "M21 4WB" → "em two one¦ four double yoo bee": every letter and digit by itself, a pause in the middle. */
export function sayPostcodes(text: string): string {
  const say = (_: string, area: string, district: string, sector: string, unit: string) =>
    `${spelledOut(area)} ${lettersAndDigits(district)}${gap} ${lettersAndDigits(sector)} ${spelledOut(unit)}`;
  return text.replace(postcode, say).replace(smallPostcode, say).replace(outwardOnly, codeInWords);
}

/** "NW3", "SW1A" are said as in a postcode; a road, "M25" or "A3055", by its number. */
function codeInWords(_: string, letters: string, digits: string, last: string | undefined): string {
  const isRoad = /^[AM]$/.test(letters) && last === undefined;
  const number = isRoad ? cardinal(Number(digits)) : digitGroup(digits);
  return `${spelledOut(letters)} ${number}${last === undefined ? "" : ` ${spelledOut(last)}`}`;
}

function lettersAndDigits(mixed: string): string {
  const parts = mixed.match(/\d+|[A-Za-z]+/g) ?? [];
  return parts.map((part) => (/\d/.test(part) ? digitGroup(part) : spelledOut(part))).join(" ");
}

/** "14a" → "fourteen eigh", "101 King's Road" → "one oh one King's Road". */
export function sayHouseNumbers(text: string): string {
  return text
    .replace(unitNumber, (_, unit: string, number: string) => `${unit} ${houseNumber(number)}`)
    .replace(ofStreet, houseNumber)
    .replace(houseLetter, (_, number: string | undefined, letter: string, small: string, smallLetter: string) =>
      number === undefined
        ? `${houseNumber(small)} ${spelledOut(smallLetter)}`
        : `${houseNumber(number)} ${spelledOut(letter)}`,
    );
}

/** As people say them: 101 "one oh one", 1204 "twelve oh four"; a round one and those under a hundred as numbers. */
function houseNumber(digits: string): string {
  const value = Number(digits);
  if (digits.startsWith("0")) return digitByDigit(digits);
  if (/^\d0\d$/.test(digits) && value % 100 !== 0) return digitByDigit(digits);
  if (digits.length !== 4 || value % 100 === 0) return cardinal(value);
  const rest = value % 100;
  return `${cardinal(Math.floor(value / 100))} ${rest < 10 ? `oh ${cardinal(rest)}` : cardinal(rest)}`;
}
