import { sayAbbreviations } from "./abbreviations.ts";
import { sayEmails, sayHouseNumbers, sayPostcodes } from "./addresses.ts";
import { sayDates } from "./dates.ts";
import { sayMoney } from "./money.ts";
import { cardinal, decimal, digitByDigit, digitGroup, ordinal } from "./numbers.ts";
import { sayTelephones } from "./telephone.ts";
import { sayTimes } from "./times.ts";

/**
 * Written English as it is spoken in Britain: no digits, signs or abbreviations are left, so that every voice says the
 * same words. Punctuation that makes pauses stays. Pure; idempotent on its own output.
 *
 * The order matters: what has a shape of its own (an address, a date) is said before what is only a number.
 */
export function speakable(text: string): string {
  let said = cleaned(text);
  for (const say of [sayEmails, sayPostcodes, sayTelephones, sayMoney, sayDates, sayTimes, sayAbbreviations])
    said = say(said);
  said = sayNumbers(sayHouseNumbers(said));
  return said
    .replace(/[ \t]+/g, " ")
    .replace(/ ([,.;:!?])/g, "$1")
    .trim();
}

/** Typographic variants to one sign each; what a voice could take for markup or phonemes to spaces. */
function cleaned(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”"«»]/g, "")
    .replace(/[\u00a0\u2000-\u200b\u202f\t]/g, " ")
    .replace(/\p{Cc}(?<!\n)|\p{Cf}/gu, " ")
    .replace(/[[\]{}<>|\\^~*#`=]/g, " ");
}

function sayNumbers(text: string): string {
  return text
    .replace(/\b24\/7\b/g, "twenty-four seven")
    .replace(/(?<=\d)\s?[–—]\s?(?=\d)/g, " to ")
    .replace(/\b(\d{1,6})(st|nd|rd|th)\b/g, (_, digits: string) => ordinal(Number(digits)))
    .replace(/(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,]*\d)/g, (_, digits: string) =>
      cardinal(Number(digits.replaceAll(",", ""))),
    )
    .replace(/(?<![\d.])(\d+)\.(\d+)(?![.\d])/g, (_, whole: string, fraction: string) => decimal(whole, fraction))
    .replace(/ ?%/g, " per cent")
    .replace(/(?<=\d) ?\+(?!\d)/g, " plus")
    .replace(/(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])/g, " ")
    .replace(/(?<=\d)-(?=[A-Za-z])|(?<=[A-Za-z])-(?=\d)/g, " ")
    .replace(/\d+/g, wholeNumber)
    .replace(/\//g, " ")
    .replace(/£/g, " pounds ")
    .replace(/_/g, " ");
}

/** Beyond six digits, or with a leading nought, it is a code and not an amount. */
function wholeNumber(digits: string): string {
  if (digits.length > 1 && digits.startsWith("0")) return digitGroup(digits);
  if (digits.length > 6) return (digits.match(/\d{1,3}/g) ?? []).map(digitByDigit).join(", ");
  return cardinal(Number(digits));
}
