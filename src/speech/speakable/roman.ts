import { cardinal, ordinal } from "../../english/numbers.ts";

const monarchs =
  "Alexander|Charles|David|Edward|Elizabeth|George|Henry|James|John|Louis|Mary|Philip|Richard|Robert|William|Pius";
const ofMonarch = new RegExp(`\\b(${monarchs}) ([IVX]{1,5})\\b(?!')`, "g");
const ofThing =
  /\b(phase|part|type|grade|class|plot|unit|block|stage|volume|chapter|section|schedule|war|mark) ([IVX]{1,5})\b(?!')/gi;
const values: Record<string, number> = { I: 1, V: 5, X: 10 };

/** "Elizabeth II Road" → "Elizabeth the second Road", "Phase III" → "Phase three". A lone I stays the word unless a street follows. */
export function sayRomanNumerals(text: string): string {
  return text
    .replace(ofMonarch, (found, name: string, numeral: string, at: number) => {
      const value = romanValue(numeral);
      const isI = numeral === "I" && !/^ [A-Z]|^$|^[.,;]/.test(text.slice(at + found.length));
      return value === undefined || isI ? found : `${name} the ${ordinal(value)}`;
    })
    .replace(ofThing, (found, thing: string, numeral: string) => {
      const value = romanValue(numeral);
      return value === undefined ? found : `${thing} ${cardinal(value)}`;
    });
}

/** 1…39 in canonical form. */
function romanValue(numeral: string): number | undefined {
  if (!/^X{0,3}(IX|IV|V?I{0,3})$/.test(numeral)) return undefined;
  const digits = [...numeral].map((digit) => values[digit] ?? 0);
  return digits.reduce((sum, digit, at) => sum + (digit < (digits[at + 1] ?? 0) ? -digit : digit), 0);
}
