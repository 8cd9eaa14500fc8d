/** E-mail addresses said aloud. Pure. */

import { TIMES } from "../understanding/digits.ts";
import { TEENS, TENS, UNITS } from "../understanding/numbers.ts";
import { soundOf, soundsAlike } from "../understanding/sounds.ts";
import { wordTable } from "../understanding/word-table.ts";
import type { ItemReader, Reading } from "./item.ts";
import { spellingIn } from "./spelled.ts";

/** Said as words, which may be written in several ways; spelled letter by letter; and written as an address already. */
const asWords = 0.72;
const asLetters = 0.88;
const asWritten = 0.85;
/** Of a domain that nobody else has. */
const unknownDomain = 0.75;

// biome-ignore format: a list
const DOMAINS: readonly string[] = [
  "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.co.uk", "live.com", "msn.com", "icloud.com", "me.com", "mac.com",
  "yahoo.com", "yahoo.co.uk", "ymail.com", "btinternet.com", "btopenworld.com", "sky.com", "virginmedia.com", "ntlworld.com", "talktalk.net",
  "aol.com", "aol.co.uk", "protonmail.com", "proton.me", "tiscali.co.uk", "blueyonder.co.uk", "plus.com", "nhs.net", "example.com", "example.co.uk",
];

/** Longer first: "full stop" before "stop". */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:at sign|at symbol)\b/g, " @ "],
  [/\bfull ?stop\b/g, " . "],
  [/\bunder ?score\b/g, " _ "],
  [/\b(?:dash|hyphen|minus)\b/g, " - "],
  [/\b(?:dot|point|period)\b/g, " . "],
  [/\bplus\b/g, " + "],
  // "dots co", "dart co": hardly anybody's name.
  [/\b(?:dots|dart|not|dog) (?=(?:co|com|uk|net|org)\b)/g, " . "],
  [/(?<=\b[a-z] )(?:dots|dart)\b/g, " . "],
  [/\bg[ -]mail\b/g, "gmail"],
  [/\b(?:hot mail|hotmale|hot male)\b/g, "hotmail"],
  [/\bout look\b/g, "outlook"],
  [/\b(?:i|eye)[ -]?cloud\b/g, "icloud"],
  [/\bb ?t ?(?:internet|inter net)\b/g, "btinternet"],
  [/\bgoogle mail\b/g, "googlemail"],
  [/\bvirgin media\b/g, "virginmedia"],
  [/\btalk talk\b/g, "talktalk"],
  [/\bproton mail\b/g, "protonmail"],
  [/\b(?:calm|comm|con)\b(?=\W*$)/g, "com"],
  [/\b(?:two|to|too) thousand and (?=(?:one|two|three|four|for|five|six|seven|eight|nine|\d)\b)/g, " two zero zero "],
  [/\btwo thousand (?:and )?(?=\w+teen\b|ten\b|eleven\b|twelve\b|twenty\b)/g, " twenty "],
  [/\btwo thousand\b/g, " two zero zero zero "],
  [/\bco (?:you|u) (?:kay|k)\b/g, "co uk"],
];
const NOISE =
  /\b(?:all (?:one|1|won) word|all lower ?case|lower ?case|upper ?case|all in (?:one|1) word|(?:one|1|won) word|no spaces?|capital|e-?mail(?: address)?|it's|its|it is|my|is|the|that's|so|yeah|yes|um|uh|er|erm|please|thanks|thank you|address|and then|then|number|uh)\b/g;

/** "jane and gmail dot com". */
const WRITTEN_FOR_AT =
  /\b(?:and|act|add|hat|that)\s+(?=(?:gmail|googlemail|hotmail|outlook|live|icloud|yahoo|btinternet|sky|aol|talktalk|virginmedia|protonmail)\b)/;

export const email: ItemReader = {
  read(text) {
    const written = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(text.toLowerCase())?.[0];
    if (written !== undefined) return [{ value: written.replace(/\.$/, ""), certainty: asWritten }];
    const said = signed(text);
    const at = said.lastIndexOf("@");
    if (at < 0) return [];
    const local = localPart(said.slice(0, at));
    const domain = domainPart(said.slice(at + 1));
    if (local.text === "" || domain === undefined) return [];
    const certainty = (local.isSpelled ? asLetters : asWords) * (DOMAINS.includes(domain) ? 1 : unknownDomain);
    return variants(local.text, domain, certainty);
  },
  likeness(text, context) {
    const [best] = email.read(text, context);
    if (best === undefined) return () => 0;
    const [local = "", domain = ""] = best.value.split("@");
    const [sound, domainSound, digits] = [soundOf(local), soundOf(domain), local.replace(/\D/g, "")];
    return (known) => {
      const [knownLocal = "", knownDomain = ""] = known.toLowerCase().split("@");
      const like = soundsAlike(sound, soundOf(knownLocal));
      const sameDigits = digits === knownLocal.replace(/\D/g, "") ? 1 : 0.6;
      return (
        like ** 1.8 * sameDigits * (domain === knownDomain ? 1 : 0.5 * soundsAlike(domainSound, soundOf(knownDomain)))
      );
    };
  },
  canonical: (value) => value.trim().toLowerCase(),
};

/** Words with the signs put in: "jane . smith @ gmail . com". The last "at" is the sign. */
function signed(text: string): string {
  let said = text.toLowerCase().replace(/[,;!?]/g, " ");
  for (const [pattern, sign] of SIGNS) said = said.replace(pattern, sign);
  said = said.replace(NOISE, " ").replace(/\.(?=\S)|(?<=\S)\./g, " . ");
  if (!said.includes("@")) said = said.replace(/^(.*)\bat\b/s, "$1@");
  if (!said.includes("@")) said = said.replace(WRITTEN_FOR_AT, "@ ");
  return said.replace(/\s+/g, " ").trim();
}

function localPart(said: string): { text: string; isSpelled: boolean } {
  const parts = said.trim().split(/\s*([._+-])\s*/);
  let letters = 0;
  const text = parts
    .map((part) => {
      if (/^[._+-]$/.test(part)) return part;
      const spelling = spellingIn(part);
      if (spelling !== undefined) letters += spelling.letters.length;
      // "smith s m i t h": the spelling is the word once more.
      return spelling === undefined ? joined(part) : withSpelling(spelling.letters, joined(spelling.rest));
    })
    .join("")
    .replace(/^[._+-]+|[._+-]+$/g, "");
  return { text, isSpelled: letters >= 3 && letters >= text.replace(/[^a-z]/g, "").length - 2 };
}

function withSpelling(letters: string, rest: string): string {
  if (rest === "" || soundsAlike(soundOf(letters), soundOf(rest)) >= 0.7) return letters;
  return /^\d+$/.test(rest) ? letters + rest : rest + letters;
}

/** Letters as recognisers write them. */
// biome-ignore format: a table
const LETTERS_SAID = wordTable<string>({
  bee: "b", be: "b", see: "c", sea: "c", dee: "d", eff: "f", gee: "g", eye: "i", jay: "j", kay: "k", em: "m", en: "n", pee: "p", pea: "p", are: "r", ess: "s", tea: "t",
  tee: "t", you: "u", vee: "v", why: "y", zed: "z",
});

/** "jane smith eighty two" → "janesmith82". */
function joined(said: string): string {
  const words = said.split(" ").filter((word) => word !== "");
  let text = "";
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const times = TIMES[word];
    const next = words[at + 1];
    if (times !== undefined && next !== undefined) {
      const digit = next === "oh" ? 0 : UNITS[next];
      text += String(digit ?? next[0] ?? "").repeat(times) + (digit === undefined ? next.slice(1) : "");
      at++;
      continue;
    }
    // "b for bravo", "… n for nuts": the word says which letter came before it.
    const example = words[at + 2] ?? "";
    const letter = LETTERS_SAID[word] ?? (word.length === 1 ? word : "");
    if (next === "for" && example.length > 2 && /[a-z]/.test(example) && (letter || word.endsWith(example[0] ?? "-"))) {
      text += letter === "" ? word : (example[0] ?? "");
      at += 2;
      continue;
    }
    const ten = TENS[word];
    const unit = ten === undefined ? undefined : UNITS[next ?? ""];
    if (ten !== undefined && unit !== undefined && unit > 0) {
      text += String(ten + unit);
      at++;
    } else if (ten !== undefined) text += String(ten);
    else if (TEENS[word] !== undefined) text += String(TEENS[word]);
    else if (UNITS[word] !== undefined) text += String(UNITS[word]);
    else if (word === "oh" && /\d$/.test(text)) text += "0";
    else text += word.replace(/[^a-z0-9]/g, "");
  }
  return text;
}

/** "gmail . com", "yahoo . co . uk", "harbour homes . co . uk". A name that is nearly a known one is that one. */
function domainPart(said: string): string | undefined {
  const labels = said.split(".").map((whole) => {
    const dashed = whole.split("-").map((part) => joined(part));
    if (dashed.length > 1 && dashed.every((part) => part !== "")) return dashed.join("-");
    const label = whole.replaceAll("-", " ");
    const spelling = spellingIn(label);
    return spelling === undefined ? joined(label) : withSpelling(spelling.letters, joined(spelling.rest));
  });
  const domain = labels.filter((label) => label !== "").join(".");
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) {
    return DOMAINS.find((known) => known.split(".")[0] === domain); // "at gmail", and nothing more
  }
  if (DOMAINS.includes(domain)) return domain;
  const [name = "", ...rest] = domain.split(".");
  const near = DOMAINS.find((known) => {
    const [other = "", ...end] = known.split(".");
    return end.join(".") === rest.join(".") && name.length > 3 && soundsAlike(soundOf(name), soundOf(other)) > 0.8;
  });
  return near ?? domain;
}

/** "jane dot smith" may have been meant without the dot, far less likely. */
function variants(local: string, domain: string, certainty: number): Reading[] {
  const first: Reading = { value: `${local}@${domain}`, certainty };
  const without = local.replace(/[._]/g, "");
  return without === local ? [first] : [first, { value: `${without}@${domain}`, certainty: 0.04 }];
}
