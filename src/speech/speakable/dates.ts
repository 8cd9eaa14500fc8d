import { months, weekdays } from "../../english/calendar.ts";
import { cardinal, ordinal, yearInWords } from "../../english/numbers.ts";

/** In full or by three letters (four for "Sept"). */
const monthPattern = `(?<month>${months.join("|")}|Sept|${months.map((month) => month.slice(0, 3)).join("|")})\\b\\.?`;
const dayPattern = "(?<day>3[01]|[12]?\\d)(?:st|nd|rd|th)?";
const yearPattern = "(?:,? (?<year>1[89]\\d\\d|20\\d\\d)(?![\\d:]))?";
const weekday = "Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun";
const dayOrMonth = `(?:the )?\\d|${months.map((month) => month.slice(0, 3)).join("|")}`;

const written = [
  /(?<![\d-])(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:T(?=\d)|(?![\d-]))/g,
  /(?<![\d/.-])(?<day>\d{1,2})([/.-])(?<month>\d{1,2})\2(?<year>\d{4}|\d\d)(?![\d/]|[.-]\d)/g,
  /\b(?<=(?:on|by|from|until|till|since|dated|of|before|after|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day),? )(?<day>\d{1,2})\/(?<month>\d{1,2})(?![\d/])/gi,
  new RegExp(`(?<![\\d.:])(?:\\bthe )?${dayPattern}(?: of)? ${monthPattern}${yearPattern}`, "g"),
  new RegExp(`\\b${monthPattern} ${dayPattern}(?![\\d:.]\\d|\\d|,\\d)${yearPattern}`, "g"),
];
const monthAndYear = new RegExp(`\\b${monthPattern},? (?<year>20\\d\\d|19\\d\\d)(?![\\d:]|[.,]\\d)`, "g");
const shortWeekdays: RegExp[] = [
  new RegExp(`\\b(${weekday})\\b\\.?(?=,? (?:${dayOrMonth})|\\s?[-–—/&]\\s?(?:${weekday})\\b| (?:and|to|or|at) )`, "g"),
  new RegExp(
    `(?<=(?:day|[Oo]n|[Tt]his|[Nn]ext|[Ll]ast|[Ee]very|[Uu]ntil|[Bb]y|[Tt]o|and|or|[-–—/&]) ?)\\b(${weekday})\\b(?:\\.(?! [A-Z]|$))?`,
    "g",
  ),
];
const yearRange = /\b((?:1[6-9]|20)\d\d) ?[/–—-] ?((?:1[6-9]|20)?\d\d)\b(?![-/]\d)/g;
const yearAlone =
  /\b(in|since|from|of|by|until|till|before|after|circa|around|built|year|dated) ((?:1[6-9]|20)\d\d)\b(?![,.:]\d)/gi;
const decade = /\b(1[6-9]|20)(\d)0'?s\b|'(\d)0s\b/g;

/** "Sat 28 November 2026", "28/11/2026" and "2026-11-28" → "the twenty-eighth of November twenty twenty-six". */
export function sayDates(text: string): string {
  let said = sayWeekdays(text);
  for (const pattern of written) {
    said = said.replace(pattern, (found: string, ...rest: unknown[]) => {
      const { day, month, year } = rest.at(-1) as { day: string; month: string; year: string | undefined };
      const date = dateInWords(Number(day), monthName(month), year);
      return date === undefined ? found : found.endsWith("T") ? `${date} at ` : date;
    });
  }
  return sayYears(said.replace(/(?<=\d)(?:\.\d{3})?Z\b/g, ""));
}

function sayYears(text: string): string {
  return text
    .replace(monthAndYear, (...rest) => {
      const { month, year } = rest.at(-1) as { month: string; year: string };
      return `${monthName(month)} ${yearInWords(Number(year))}`;
    })
    .replace(yearRange, (_, from: string, to: string) => {
      const second = to.length === 2 ? cardinal(Number(to)) : yearInWords(Number(to));
      return `${yearInWords(Number(from))} to ${to.startsWith("0") ? `oh ${second}` : second}`;
    })
    .replace(decade, (_, century: string | undefined, ten: string, shortTen: string) => {
      const tens = ten === "0" || shortTen === "0" ? "noughts" : `${cardinal(Number(ten ?? shortTen) * 10)}`;
      const plural = tens === "ten" ? "tens" : tens.replace(/y$/, "ies");
      return century === undefined ? plural : `${cardinal(Number(century))} ${plural}`;
    })
    .replace(/\b(?:c\.? ?|circa )(?=1\d{3}\b)/g, "circa ")
    .replace(yearAlone, (_, before: string, year: string) => `${before} ${yearInWords(Number(year))}`);
}

/** "Mon-Fri" → "Monday to Friday", and before a date or a time; "Sat" and "Sun" anywhere else are words. */
function sayWeekdays(text: string): string {
  let said = text;
  for (const pattern of shortWeekdays) said = said.replace(pattern, (_, short: string) => weekdayName(short));
  return said.replace(
    /(?<=\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s?[-–—]\s?(?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)/g,
    " to ",
  );
}

const weekdayName = (short: string) => weekdays.find((name) => name.startsWith(short)) ?? short;

/** `undefined` if no calendar has such a date. */
function dateInWords(day: number, month: string | undefined, year: string | undefined): string | undefined {
  if (month === undefined || day < 1 || day > 31) return undefined;
  const said = `the ${ordinal(day)} of ${month}`;
  if (year === undefined) return said;
  return `${said} ${yearInWords(Number(year.length === 2 ? `20${year}` : year))}`;
}

function monthName(written: string): string | undefined {
  if (/^\d+$/.test(written)) return months[Number(written) - 1];
  return months.find((month) => month.startsWith(written.slice(0, 3)));
}
