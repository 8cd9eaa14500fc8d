import { spelledOut } from "./letters.ts";

/** Said by their letters though they could be read as words. */
const spelled = new Set(
  "EPC EICR HMO AST VAT UK US USA EU NHS TV DIY ID GP AGM ICO TPO DPS TDS NAEA EWS PO BT EE MP OBE MBE LED USB WC EV ATM MOT IT AI API UPVC HIP EWC SAP".split(
    " ",
  ),
);
/** Capitals without a vowel nobody could say as a word. */
const unsayable = /^[BCDFGHJKLMNPQRSTVWXZ]{2,5}$/;
/** Words after which a single A is the letter. */
const labelled =
  "band|bay|block|class|entrance|flat|flats|apartment|floor|gate|grade|house|letter|level|line|option|plan|plot|rated|rating|room|schedule|section|stair|stairwell|studio|suite|tier|tower|type|unit|wing|zone|vitamin|number";
const capitalA = new RegExp(`\\b((?:${labelled}) )A\\b(?!')`, "gi");
const pairedA = /\bA(?= (?:and|or|to) [B-HJ-Z]\b)|(?<=\b[B-HJ-Z] (?:and|or|to) )A\b/g;

/** "EPCs" → "ee pee cee's", "Flat A" → "Flat eigh", "J. Smith" → "jay Smith". "A" and "I" alone stay the words they are. */
export function sayAcronyms(text: string): string {
  return text
    .replace(/\b(?:[A-Z]\.){2,}/g, (dotted) => `${spelledOut(dotted)} `)
    .replace(
      /\b([A-Z]{2,5})('?s)?\b(?![-']\p{L}{2})/gu,
      (word: string, capitals: string, plural: string | undefined) => {
        if (!spelled.has(capitals) && !unsayable.test(capitals)) return word;
        return `${spelledOut(capitals)}${plural === undefined ? "" : "'s"}`;
      },
    )
    .replace(capitalA, (_, before: string) => `${before}${spelledOut("A")}`)
    .replace(pairedA, spelledOut("A"))
    .replace(/(?<![\p{L}'-])([B-HJ-Z])\b(?!['-]\p{L})(\.(?= [A-Z]))?/gu, (_, letter: string) => spelledOut(letter));
}
