import { cardinal, decimal, digitByDigit, digitGroup, ordinal } from "../../english/numbers.ts";

const simpleFractions: Record<string, string> = {
  "1/2": "a half",
  "1/3": "a third",
  "2/3": "two thirds",
  "1/4": "a quarter",
  "3/4": "three quarters",
};

/** What is left of digits when everything that has a shape of its own was said. */
export function sayNumbers(text: string): string {
  return text
    .replace(/\b24\/7\b/g, "twenty-four seven")
    .replace(
      /(?<![\d/.-]|[Ff]lat )(\d+ )?([123]\/[234])(?![\d/])/g,
      (found, whole: string | undefined, part: string) => {
        const said = simpleFractions[part];
        return said === undefined ? found : whole === undefined ? said : `${whole}and ${said}`;
      },
    )
    .replace(/(?<=\d(?:st|nd|rd|th)?)\s?[–—]\s?(?=\d)/g, " to ")
    .replace(/(?<![\d-])(\d{1,4})-(?=\d{1,4}(?![\d-]))/g, "$1 to ")
    .replace(/(?<![\w.,)])[-−](?=\d)/g, "minus ")
    .replace(/\b(\d{1,6})(st|nd|rd|th)\b/g, (_, digits: string) => ordinal(Number(digits)))
    .replace(/(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,]*\d)/g, (_, digits: string) =>
      cardinal(Number(digits.replaceAll(",", ""))),
    )
    .replace(/(?<![\d.])(\d+)\.(\d+)(?![.\d])/g, (_, whole: string, fraction: string) => decimal(whole, fraction))
    .replace(/(?<=\d)\.(?=\d)/g, " point ")
    .replace(/(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/gu, " ")
    .replace(/(?<=\d)-(?=\p{L})|(?<=\p{L})-(?=\d)/gu, " ")
    .replace(/\d+/g, wholeNumber);
}

/** Beyond six digits, or with a leading nought, it is a code and not an amount. */
function wholeNumber(digits: string): string {
  if (digits.length > 1 && digits.startsWith("0")) return digitGroup(digits);
  if (digits.length > 6) return (digits.match(/\d{1,3}/g) ?? []).map(digitByDigit).join(", ");
  return cardinal(Number(digits));
}
