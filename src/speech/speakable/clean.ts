/** Characters before anything is read: one sign for each of its variants, digits of every script as 0 to 9. */

const fractions: Record<string, string> = {
  "½": "a half",
  "¼": "a quarter",
  "¾": "three quarters",
  "⅓": "a third",
  "⅔": "two thirds",
  "⅛": "an eighth",
  "⅜": "three eighths",
  "⅝": "five eighths",
  "⅞": "seven eighths",
};

/** Typographic variants to one sign each; what a voice could take for markup or phonemes to spaces. */
export function cleaned(text: string): string {
  return text
    .normalize("NFC")
    .replace(
      /(\d?) ?([½¼¾⅓⅔⅛⅜⅝⅞])/g,
      (_, whole: string, sign: string) => `${whole && `${whole} and `}${fractions[sign]}`,
    )
    .replace(/(?<=\p{L})²/gu, "^2") // read by the units
    .replace(/(?<=\p{L})³/gu, "^3")
    .replace(/[\p{Nd}--[0-9]]/gv, asciiDigit)
    .replace(/[\p{Nl}\p{No}\uff01-\uff5e]/gu, (sign) => ` ${sign.normalize("NFKC").replace("⁄", "/")} `)
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/(?<!\d)[“”„"«»‹›]|[“”„«»‹›]/g, "")
    .replace(/[\u00a0\u2000-\u200b\u202f\u205f\u3000\t\r]/g, " ")
    .replace(/\p{Cf}|\p{Variation_Selector}/gu, "") // a soft hyphen must not part a word
    .replace(/\p{Cc}(?<!\n)|[\u2028\u2029]/gu, " ")
    .replace(/[‐‑]/g, "-")
    .replace(/(?<!\w)'([^'\n]*[^'\s])'(?!\w)/g, "$1") // the mark of a possessive is behind a word alone
    .replace(/[[\]{}<>|\\~*]/g, " ");
}

/** Digits of a script stand in a row of ten, in order (Unicode, General_Category Nd). */
function asciiDigit(digit: string): string {
  const at = digit.codePointAt(0) ?? 0;
  for (let value = 0; value < 10; value++) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(at - value - 1))) return String(value % 10);
  }
  return String((at - firstOfLongRow) % 10);
}

/** Only the mathematical digits (five rows of ten, U+1D7CE on) have no other character before them. */
const firstOfLongRow = 0x1d7ce;

const signNames: Record<string, string> = {
  "%": "per cent",
  "&": "and",
  "@": "at",
  "+": "plus",
  "=": "equals",
  "£": "pounds",
  "€": "euros",
  $: "dollars",
  "°": "degrees",
  "×": "times",
  "÷": "divided by",
  "©": "copyright",
};

/** What is left when all is said: signs by their names or not at all, and the punctuation that makes pauses. */
export function withoutSigns(text: string): string {
  return text
    .replace(/[%&@+=£€$°×÷©]/g, (sign) => ` ${signNames[sign]} `)
    .replace(/(?<![\p{L}\p{M}])\p{M}+/gu, "") // accents of nothing
    .replace(/[^\p{L}\p{M}\s,.;:!?…'–—¦-]/gu, " ")
    .replace(/(?<![\p{L}\p{M}\s'])-+|-+(?![\p{L}\p{M}\s])|(?<=\s|^)-+(?=\p{L})/gu, " ") // of nothing: it would be read as minus
    .replace(/(?<!\p{L})'|'(?![\p{L}\s,.;:!?]|$)/gu, " ");
}
