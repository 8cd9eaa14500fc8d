/** Numbers that a recogniser wrote half in figures and half in words, put into words. Pure. */
import { wordTable } from "../understanding/word-table.ts";

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const digitWord = (digit: string): string => DIGITS[Number(digit)] ?? digit;

/** What was written for a digit. */
export const HOMOPHONES = wordTable<string>({
  to: "two",
  too: "two",
  for: "four",
  fore: "four",
  won: "one",
  ate: "eight",
  free: "three",
  tree: "three",
  sex: "six",
  not: "nought",
  note: "nought",
  owe: "oh",
});
/** "seventy 5" → "seventy five", "7 hundred and seventy 5" → "seven hundred and seventy five", "1 point 2" → "one point two". */
export function mended(text: string): string {
  return text
    .replace(
      /\b(twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety)[ -]([1-9])\b(?![:.,/]\d)/gi,
      (_, ten: string, unit: string) => `${ten} ${digitWord(unit)}`,
    )
    .replace(
      /(?<![\d.,/:] ?)\b([1-9]) (?=(?:hundred|thousand|point)\b)/gi,
      (_, digit: string) => `${digitWord(digit)} `,
    )
    .replace(
      /(?<=\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety) )(?:too|for|fore|won|ate|free|tree|sex)\b/gi,
      (word) => HOMOPHONES[word.toLowerCase()] ?? word,
    )
    .replace(
      /\b(?:won|too|ate|tree|free|fore) (?=(?:hundred|thousand|million|point)\b)/gi,
      (word) => `${HOMOPHONES[word.trim().toLowerCase()] ?? word} `,
    )
    .replace(/(?<=\bpoint )(\d)\b/gi, digitWord);
}

const DIGITLIKE =
  /^(?:\d+|zero|oh|o|nought|naught|one|two|three|four|five|six|seven|eight|nine|double|treble|triple|hundred|\w+teen|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)$/;

/** Homophones between digits, behind the last or before the first of several, written as the digits that they are. */
export function digitsMended(text: string): string {
  const words = mended(text).toLowerCase().split(/\s+/);
  const isDigit = (at: number): boolean => DIGITLIKE.test(words[at] ?? "");
  for (const [at, word] of words.entries()) {
    const digit = HOMOPHONES[word];
    if (digit === undefined) continue;
    const before = isDigit(at - 1);
    const after = isDigit(at + 1) || HOMOPHONES[words[at + 1] ?? ""] !== undefined;
    const isLast = at === words.length - 1;
    if (before && (after || isLast)) words[at] = digit;
  }
  return words.join(" ");
}
