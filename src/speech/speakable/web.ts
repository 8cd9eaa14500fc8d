import { digitGroup } from "../../english/numbers.ts";
import { spelledOut } from "./letters.ts";

const email = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g;
const site =
  /\b(?:https?:\/\/)?(www\.[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*\.(?:com|co\.uk|org\.uk|gov\.uk|org|net|uk))\b((?:\/[\w%-]+)*)\/?/gi;
const signs: Record<string, string> = {
  ".": " dot ",
  "@": " at ",
  "-": " hyphen ",
  _: " underscore ",
  "+": " plus ",
  "/": " slash ",
  "%": " per cent ",
};
/** Parts of addresses that are letters, or two words, and look like one. */
const parts: Record<string, string> = {
  gmail: "jee mail",
  googlemail: "google mail",
  hotmail: "hot mail",
  icloud: "eye cloud",
  btinternet: "bee tee internet",
  talktalk: "talk talk",
  onthemarket: "on the market",
};

/** "jo.b@home.co.uk" → "jo dot bee at home dot co dot yoo kay"; web addresses in the same way. */
export function sayWebAddresses(text: string): string {
  return text.replace(email, inParts).replace(site, (_, host: string, path: string) => inParts(`${host}${path}`));
}

function inParts(address: string): string {
  return address
    .replace(/\d+/g, (digits) => ` ${digitGroup(digits)} `)
    .replace(/[.@_+%/-]/g, (sign) => signs[sign] ?? " ")
    .replace(/[A-Za-z]+/g, partInWords)
    .replace(/ +/g, " ")
    .trim();
}

/** Single letters and what nobody could say as a word by its letters. The names of the signs are words. */
function partInWords(part: string): string {
  const lower = part.toLowerCase();
  const known = parts[lower];
  if (known !== undefined) return known;
  const isSpelled = part.length === 1 || /^(uk|eu|ie|ac|bt|tv|nhs|aol|gmx|bbc|it)$/.test(lower);
  return isSpelled || (part.length <= 4 && !/[aeiouy]/.test(lower)) ? spelledOut(part) : part;
}
