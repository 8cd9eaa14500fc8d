/**
 * Whether digits are a whole telephone number, by length and prefix: the National Telephone Numbering Plan (Ofcom)
 * for British numbers, libphonenumber for those with another country's code. Ofcom's drama numbers (07700 900xxx,
 * 020 7946 0xxx, …), which libraries call invalid, are whole numbers here.
 */
import parsePhoneNumber from "libphonenumber-js/min";

export type PhoneJudgement =
  | { kind: "complete"; e164: string; certainty: number }
  /** A good beginning; digits are still to come. */
  | { kind: "incomplete" }
  /** A local number without its area code. */
  | { kind: "no-area-code" }
  | { kind: "impossible" };

/** Digits that a number of this prefix has, its 0 included. */
const LENGTHS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^01/, [10, 11]],
  [/^02/, [11]],
  [/^03/, [11]],
  [/^05[56]/, [11]],
  [/^07/, [11]],
  [/^08/, [10, 11]],
];

/** @param digits 0–9 only. @param international A "+" or "plus" came before them. */
export function judgePhone(digits: string, international: boolean): PhoneJudgement {
  if (international || digits.startsWith("00")) return judgeInternational(digits.replace(/^00/, ""));
  if (digits.startsWith("0")) return judgeNational(digits, 0.95);
  if (/^44\d{10}$/.test(digits)) return judgeNational(`0${digits.slice(2)}`, 0.85);
  // The leading 0 is easily lost: ten digits that begin like a mobile's are one without it.
  if (/^7\d{9}$/.test(digits)) return judgeNational(`0${digits}`, 0.75);
  if (digits.length < 6) return { kind: "incomplete" };
  return digits.length <= 8 ? { kind: "no-area-code" } : { kind: "impossible" };
}

function judgeNational(national: string, certainty: number): PhoneJudgement {
  if (national === "0") return { kind: "incomplete" };
  const lengths = LENGTHS.find(([prefix]) => prefix.test(national))?.[1];
  if (lengths === undefined) return national === "05" ? { kind: "incomplete" } : { kind: "impossible" };
  const longest = Math.max(...lengths);
  if (lengths.includes(national.length)) {
    // Ten digits are whole in a few areas only; elsewhere one was lost, so this one is not so sure.
    const short = national.length < longest && !national.startsWith("0800");
    return { kind: "complete", e164: `+44${national.slice(1)}`, certainty: short ? 0.6 : certainty };
  }
  return national.length < longest ? { kind: "incomplete" } : { kind: "impossible" };
}

function judgeInternational(digits: string): PhoneJudgement {
  if (digits.startsWith("44")) return judgeNational(`0${digits.slice(2).replace(/^0/, "")}`, 0.95);
  if (digits.length > 15) return { kind: "impossible" };
  if (digits.length < 8) return { kind: "incomplete" };
  const known = parsePhoneNumber(`+${digits}`);
  if (known?.isValid() === true) return { kind: "complete", e164: known.number, certainty: 0.9 };
  return digits.length >= 10 ? { kind: "complete", e164: `+${digits}`, certainty: 0.5 } : { kind: "incomplete" };
}

/** The number as a Briton would write it: "07700 900 123", "020 7946 0018", "plus 33 1 23 …" stays in groups. */
export function writtenPhone(e164: string): string {
  if (!e164.startsWith("+44")) return parsePhoneNumber(e164)?.formatInternational() ?? e164;
  const national = `0${e164.slice(3)}`;
  return groupsOf(national).join(" ");
}

/** Groups in which such a number is said. */
export function groupsOf(national: string): string[] {
  const sizes = /^02/.test(national) ? [3, 4, 4] : /^(?:01\d1|011\d|03|08)/.test(national) ? [4, 3, 4] : [5, 3, 3];
  const groups: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at < national.length) groups.push(national.slice(at, at + size));
    at += size;
  }
  if (at < national.length) groups[groups.length - 1] += national.slice(at);
  return groups;
}
