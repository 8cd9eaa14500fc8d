import { ordinal, yearInWords } from "./numbers.ts";

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
/** In full or by three letters (four for "Sept"). */
const monthPattern = `(?<month>${months.join("|")}|Sept|${months.map((month) => month.slice(0, 3)).join("|")})\\b\\.?`;
const dayPattern = "(?<day>3[01]|[12]?\\d)(?:st|nd|rd|th)?";
const yearPattern = "(?:,? (?<year>1[89]\\d\\d|20\\d\\d)(?![\\d:]))?";

const written = [
  /(?<![\d-])(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:T(?=\d)|(?![\d-]))/g,
  /(?<![\d/])(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})(?![\d/])/g,
  new RegExp(`(?<![\\d.:])(?:\\bthe )?${dayPattern}(?: of)? ${monthPattern}${yearPattern}`, "g"),
  new RegExp(`\\b${monthPattern} ${dayPattern}(?![\\d:.]\\d|\\d|,\\d)${yearPattern}`, "g"),
];
const monthAndYear = new RegExp(`\\b${monthPattern},? (?<year>20\\d\\d|19\\d\\d)(?![\\d:]|[.,]\\d)`, "g");
const yearAlone = /\b(in|since|from|of) ((?:1[6-9]|20)\d\d)\b(?![,.:]\d)/gi;

/** "Saturday 28 November 2026", "28/11/2026" and "2026-11-28" → "the twenty-eighth of November twenty twenty-six". */
export function sayDates(text: string): string {
  let said = text;
  for (const pattern of written) {
    said = said.replace(pattern, (found: string, ...rest: unknown[]) => {
      const { day, month, year } = rest.at(-1) as { day: string; month: string; year: string | undefined };
      const date = dateInWords(Number(day), monthName(month), year);
      return date === undefined ? found : found.endsWith("T") ? `${date} at ` : date;
    });
  }
  said = said.replace(
    monthAndYear,
    (_, month: string, year: string) => `${monthName(month)} ${yearInWords(Number(year))}`,
  );
  return said.replace(yearAlone, (_, before: string, year: string) => `${before} ${yearInWords(Number(year))}`);
}

/** `undefined` if no calendar has such a date. */
function dateInWords(day: number, month: string | undefined, year: string | undefined): string | undefined {
  if (month === undefined || day < 1 || day > 31) return undefined;
  const said = `the ${ordinal(day)} of ${month}`;
  return year === undefined ? said : `${said} ${yearInWords(Number(year))}`;
}

function monthName(written: string): string | undefined {
  if (/^\d+$/.test(written)) return months[Number(written) - 1];
  return months.find((month) => month.startsWith(written.slice(0, 3)));
}
