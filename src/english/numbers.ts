/** Numbers in words as they are said in Britain. All pure; digits are given as strings where leading noughts count. */

const ones = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
];
const tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const scales: [size: number, name: string][] = [
  [1_000_000_000, "billion"],
  [1_000_000, "million"],
  [1_000, "thousand"],
];
const irregularOrdinals: Record<string, string> = {
  one: "first",
  two: "second",
  three: "third",
  five: "fifth",
  eight: "eighth",
  nine: "ninth",
  twelve: "twelfth",
};

/** @param value Whole, 0…999,999,999,999; anything else is read digit by digit. */
export function cardinal(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 1e12) return digitByDigit(String(value));
  if (value < 20) return ones[value] ?? "";
  if (value < 100) return joined(tens[Math.floor(value / 10)] ?? "", value % 10, "-");
  if (value < 1000) return joined(`${cardinal(Math.floor(value / 100))} hundred`, value % 100, " and ");
  for (const [size, name] of scales) {
    if (value < size) continue;
    const rest = value % size;
    return joined(`${cardinal(Math.floor(value / size))} ${name}`, rest, rest < 100 ? " and " : " ");
  }
  return "";
}

function joined(head: string, rest: number, by: string): string {
  return rest === 0 ? head : `${head}${by}${cardinal(rest)}`;
}

/** 28 → "twenty-eighth". */
export function ordinal(value: number): string {
  return cardinal(value).replace(/[a-z]+$/, (last) => {
    const irregular = irregularOrdinals[last];
    if (irregular !== undefined) return irregular;
    return last.endsWith("y") ? `${last.slice(0, -1)}ieth` : `${last}th`;
  });
}

/** 2026 → "twenty twenty-six", 2005 → "two thousand and five", 1900 → "nineteen hundred". */
export function yearInWords(year: number): string {
  const century = Math.floor(year / 100);
  const rest = year % 100;
  if (year < 1100 || year > 2099 || (century === 20 && rest < 10)) return cardinal(year);
  if (rest === 0) return `${cardinal(century)} hundred`;
  return `${cardinal(century)} ${rest < 10 ? `oh ${cardinal(rest)}` : cardinal(rest)}`;
}

/** "2.50" → "two point five oh". */
export function decimal(whole: string, fraction: string): string {
  return `${cardinal(Number(whole))} point ${digitByDigit(fraction)}`;
}

/** "907" → "nine oh seven": as in telephone numbers, nought is "oh". */
export function digitByDigit(digits: string): string {
  return [...digits].map(digitName).filter(Boolean).join(" ");
}

/**
 * A group of a telephone number: a pair is "double", except beside another double (two in a row are hard to write down);
 * three of a kind and more are said one by one. "07700" → "oh seven seven double oh", "900" → "nine double oh".
 */
export function digitGroup(digits: string): string {
  const said: string[] = [];
  let besideDouble = false;
  for (const run of (digits.match(/(\d)\1*/g) ?? []).reverse()) {
    const name = digitName(run.charAt(0));
    const double: boolean = run.length === 2 && !besideDouble;
    said.unshift(...(double ? [`double ${name}`] : Array.from(run, () => name)));
    besideDouble = double;
  }
  return said.join(" ");
}

function digitName(digit: string): string {
  if (digit === "0") return "oh";
  return /^\d$/.test(digit) ? (ones[Number(digit)] ?? "") : "";
}
