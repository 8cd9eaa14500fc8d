import { spelledOut } from "./letters.ts";
import { cardinal, digitGroup } from "./numbers.ts";

const postcode = /\b([A-Z]{1,2})(\d[A-Z\d]?) ?(\d)([A-Z]{2})\b/g;
const houseLetter = /\b(\d{1,4})([a-hA-H])\b/g;
const email = /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g;
const emailSigns: Record<string, string> = {
  ".": " dot ",
  "@": " at ",
  "-": " dash ",
  _: " underscore ",
  "+": " plus ",
};

/** "M21 4WB" → "em two one, four double you bee": every letter and digit by itself, a pause in the middle. */
export function sayPostcodes(text: string): string {
  return text.replace(postcode, (_, area: string, district: string, sector: string, unit: string) => {
    const outward = `${spelledOut(area)} ${lettersAndDigits(district)}`;
    return `${outward}, ${lettersAndDigits(sector)} ${spelledOut(unit)}`;
  });
}

function lettersAndDigits(mixed: string): string {
  const parts = mixed.match(/\d+|[A-Z]+/g) ?? [];
  return parts.map((part) => (/\d/.test(part) ? digitGroup(part) : spelledOut(part))).join(" ");
}

/** "14a" → "fourteen eigh". */
export function sayHouseNumbers(text: string): string {
  return text.replace(
    houseLetter,
    (_, number: string, letter: string) => `${cardinal(Number(number))} ${spelledOut(letter)}`,
  );
}

/** "jo.b@home.co.uk" → "jo dot b at home dot co dot uk", single letters and endings of two by their names. */
export function sayEmails(text: string): string {
  return text.replace(email, (found) =>
    found
      .replace(/\d+/g, (digits) => ` ${digitGroup(digits)} `)
      .replace(/[.@_+-]/g, (sign) => emailSigns[sign] ?? " ")
      .replace(/\b(uk|eu|[a-z])\b/gi, (letters) => spelledOut(letters))
      .replace(/ +/g, " ")
      .trim(),
  );
}
