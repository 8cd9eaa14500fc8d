import { cardinal, decimal } from "./numbers.ts";

const sum = /£\s?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s?(k|m|bn|million|thousand|billion)?(?![a-z\d])/gi;
const pence = /(?<![\d.,])(\d{1,2})p\b/g;
const each: [pattern: RegExp, said: string][] = [
  [/\bp\.?c\.?m\b\.?/gi, "per calendar month"],
  [/\bp\.?p\.?p\.?w\b\.?/gi, "per person per week"],
  [/\b(?<=pounds? )p\.?w\b\.?/gi, "per week"],
  [/\b(?<=pounds? )p\.?a\b\.?/gi, "per year"],
];
const scaleNames: Record<string, string> = { k: "thousand", m: "million", bn: "billion" };

/** "£395,000" → "three hundred and ninety-five thousand pounds", "£12.50" → "twelve pounds fifty", "pcm" in full. */
export function sayMoney(text: string): string {
  let said = text
    .replace(sum, (_, whole: string, fraction: string | undefined, scale: string | undefined) =>
      pounds(whole.replaceAll(",", ""), fraction, scale?.toLowerCase()),
    )
    .replace(pence, (_, amount: string) => `${cardinal(Number(amount))} pence`);
  for (const [pattern, words] of each) said = said.replace(pattern, words);
  return said.replace(/ ?\/ ?(month|week|year|day|night)\b/g, " per $1");
}

function pounds(whole: string, fraction: string | undefined, scale: string | undefined): string {
  if (scale !== undefined) {
    const amount = fraction === undefined ? cardinal(Number(whole)) : decimal(whole, fraction);
    return `${amount} ${scaleNames[scale] ?? scale} pounds`;
  }
  const unit = Number(whole) === 1 ? "pound" : "pounds";
  const said = `${cardinal(Number(whole))} ${unit}`;
  const rest = Number((fraction ?? "0").padEnd(2, "0").slice(0, 2));
  if (rest === 0) return said;
  return Number(whole) === 0 ? `${cardinal(rest)} pence` : `${said} ${cardinal(rest)}`;
}
