import { cardinal, decimal } from "../../english/numbers.ts";

const amount = "(\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.(\\d+))?\\s?(k|m|bn|million|thousand|billion)?(?![a-z\\d])";
const sum = new RegExp(`([£€$]|\\b(?:GBP|EUR) ?)\\s?${amount}`, "gi");
/** "£250k-£275k", "£250-275k": the scale of the second is that of the first. */
const range = /([£€$])\s?([\d,.]+)\s?(k|m|bn)?\s?[-–—]\s?[£€$]?\s?([\d,.]+)\s?(k|m|bn)?(?![a-z\d])/gi;
const pence = /(?<![\d.,])(\d{1,3})p\b/g;
const each: [pattern: RegExp, said: string][] = [
  [/\bp\.?c\.?m\b\.?/gi, "per calendar month"],
  [/\bp\.?p\.?p\.?w\b\.?/gi, "per person per week"],
  [/\bp\.?p\.?p\.?m\b\.?/gi, "per person per month"],
  [/\b(?<=(?:pounds?|pence|euros) )p\.?w\b\.?/gi, "per week"],
  [/\b(?<=(?:pounds?|pence|euros) )p\.?m\b\.?/gi, "per month"],
  [/\b(?<=(?:pounds?|pence|euros) )p\.?a\b\.?/gi, "per year"],
  [/\b(?<=(?:pounds?|pence|euros) )p\.?p\b\.?/gi, "per person"],
  [/\bp\.?w\b\.?(?!\w)(?<=\b[Rr]ent p\.?w\.?)/g, "per week"],
];
const scaleNames: Record<string, string> = { k: "thousand", m: "million", bn: "billion" };
const currencies: Record<string, { one: string; many: string; part: string }> = {
  "£": { one: "pound", many: "pounds", part: "pence" },
  "€": { one: "euro", many: "euros", part: "cents" },
  $: { one: "dollar", many: "dollars", part: "cents" },
};

/** "£395,000" → "three hundred and ninety-five thousand pounds", "£12.50" → "twelve pounds fifty", "pcm" in full. */
export function sayMoney(text: string): string {
  let said = text
    .replace(/(?<=[£€$]\s?[\d,.]*\d)(?=p\.?(?:c\.?m|p?p?\.?w|m|a|p)\b)/gi, " ")
    .replace(range, (_, sign: string, from: string, fromScale = "", to: string, toScale = "") => {
      const shared = fromScale === "" && !from.includes(",") && Number(from) < 1000 ? toScale : fromScale;
      return `${sign}${from}${shared} to ${sign}${to}${toScale}`;
    })
    .replace(/-(?=[£€$]\d)(?<!\w-)/g, "minus ")
    .replace(sum, (_, sign: string, whole: string, fraction: string | undefined, scale: string | undefined) =>
      inWords(signOf(sign), whole.replaceAll(",", ""), fraction, scale?.toLowerCase()),
    )
    .replace(pence, (_, number: string) => `${cardinal(Number(number))} ${number === "1" ? "penny" : "pence"}`);
  for (const [pattern, words] of each) said = said.replace(pattern, words);
  return said.replace(/ ?\/ ?(month|week|year|day|night|person|head)\b/g, " per $1");
}

const signOf = (written: string) => {
  const code = written.trim().toUpperCase();
  return code === "GBP" ? "£" : code === "EUR" ? "€" : code;
};

function inWords(sign: string, whole: string, fraction: string | undefined, scale: string | undefined): string {
  const { one, many, part } = currencies[sign] ?? { one: "", many: "", part: "" };
  if (scale !== undefined) {
    const number = fraction === undefined ? cardinal(Number(whole)) : decimal(whole, fraction);
    return `${number} ${scaleNames[scale] ?? scale} ${many}`;
  }
  const said = `${cardinal(Number(whole))} ${Number(whole) === 1 ? one : many}`;
  if ((fraction ?? "").length > 2) return `${decimal(whole, fraction ?? "")} ${many}`;
  const rest = Number((fraction ?? "0").padEnd(2, "0"));
  if (rest === 0) return said;
  return Number(whole) === 0
    ? `${cardinal(rest)} ${part}`
    : `${said} ${rest < 10 ? `and ${cardinal(rest)} ${part}` : cardinal(rest)}`;
}
