import { sayAbbreviations } from "./abbreviations.ts";
import { sayAcronyms } from "./acronyms.ts";
import { sayHouseNumbers, sayPostcodes } from "./addresses.ts";
import { cleaned, withoutSigns } from "./clean.ts";
import { sayNumbers } from "./counting.ts";
import { sayDates } from "./dates.ts";
import { sayMoney } from "./money.ts";
import { sayRomanNumerals } from "./roman.ts";
import { sayStreets } from "./streets.ts";
import { sayTelephones } from "./telephone.ts";
import { sayTimes } from "./times.ts";
import { sayUnits } from "./units.ts";
import { sayWebAddresses } from "./web.ts";

/** What has a shape of its own (an address, a date) is said before what is only a number. */
const stages: readonly ((text: string) => string)[] = [
  sayWebAddresses,
  sayPostcodes,
  sayTelephones,
  sayMoney,
  sayDates,
  sayTimes,
  sayUnits,
  sayAbbreviations,
  sayStreets,
  sayRomanNumerals,
  sayAcronyms,
  sayHouseNumbers,
  sayNumbers,
  sayBrackets,
  withoutSigns,
];

/**
 * Written English as it is spoken in Britain: no digits, signs or abbreviations are left, so that every voice says the
 * same words. Punctuation that makes pauses stays. Pure; idempotent on its own output. Never throws, and loses no word.
 */
export function speakable(text: string): string {
  let said = cleaned(text);
  for (const stage of stages) said = stage(said);
  if (!/\p{L}/u.test(said)) return "";
  return said
    .replace(/[ \t]+/g, " ")
    .replace(/ ([,.;:!?¦])/g, "$1")
    .replace(/,(?=[,.;:!?¦])/g, "")
    .replace(/¦(?=[,.;:!?]|\s*$)/g, "")
    .replace(/^[\s,.;:!?…¦–—-]+/, "")
    .trim();
}

/** What stands in brackets is said between two short pauses. */
function sayBrackets(text: string): string {
  return text.replace(/(?<=\S)\s?\(([^()]*)\)(?=(\s*[,.;:!?]|\s*$)?)/g, (_, inside: string, end: string | undefined) =>
    end === undefined ? `, ${inside.trim()},` : `, ${inside.trim()}`,
  );
}
