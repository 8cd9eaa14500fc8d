/** What an agency's prompts hold, as it is written, and in the words that the demo model was trained to hear. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { months, weekdays } from "../../../src/english/calendar.ts";
import { cardinal, ordinal } from "../../../src/english/numbers.ts";

export const kinds = ["phone", "postcode", "time", "date", "price", "address", "name", "e-mail"] as const;
export type Kind = (typeof kinds)[number];

/** `written`: for our normaliser. `reference`: words only. `item`: what must be heard of it. */
export type Item = { kind: Kind; written: string; reference: string; item: string };

type Vocabulary = Record<
  "firstNames" | "surnames" | "streetNames" | "streetTypes" | "emailDomains" | "postcodeAreas",
  string[]
>;
const vocabularyFile = join(import.meta.dir, "../../../models/demo-whisper/vocabulary.json");

/** One of that kind. @param random [0, 1) */
export function itemMaker(random: () => number): (kind: Kind) => Item {
  const words: Vocabulary = JSON.parse(readFileSync(vocabularyFile, "utf8"));
  const below = (n: number) => Math.floor(random() * n);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const framed = (kind: Kind, frames: readonly string[], item: string, words: string): Item => {
    const frame = one(frames);
    return { kind, item, written: frame.replace("*", item), reference: frame.replace("*", words) };
  };
  const makers: Record<Kind, () => Item> = {
    phone() {
      const [item, spoken] = one([
        () => ["07700 900", 3] as const,
        () => ["020 7946 0", 3] as const,
        () => ["0161 496 0", 3] as const,
      ])();
      const digits = Array.from({ length: spoken }, () => below(10)).join("");
      const whole = item.startsWith("07700") ? `07700 900${digits}` : `${item}${digits}`;
      const groups = item.startsWith("07700") ? ["07700", "900", digits] : whole.split(" ");
      return framed("phone", ["My number is *", "It's *", "*"], whole, groups.map(digitWords).join(", "));
    },
    postcode() {
      const area = one(words.postcodeAreas.filter((name) => /^[A-Z]{1,2}$/.test(name)));
      const district = String(1 + below(29));
      const unit = Array.from({ length: 2 }, () => one([..."ABDEFGHJLNPQRSTUWXYZ"])).join("");
      const sector = String(below(10));
      const spoken = `${letterWords(area)} ${digitWords(district)}, ${digitWords(sector)} ${letterWords(unit)}`;
      return framed("postcode", ["The postcode is *", "It's *", "*"], `${area}${district} ${sector}${unit}`, spoken);
    },
    time() {
      const hour = 9 + below(9);
      const minute = one([0, 5, 10, 15, 20, 30, 40, 45, 50, 55]);
      const item = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
      return framed("time", ["Could I come at *", "Thursday at *", "At * please"], item, timeWords(hour, minute));
    },
    date() {
      const day = 1 + below(28);
      const month = below(12);
      const date = new Date(Date.UTC(2027, month, day));
      const weekday = weekdays[(date.getUTCDay() + 6) % 7];
      const item = one([
        `${weekday} ${day} ${months[month]}`,
        `${weekday?.slice(0, 3)} ${day} ${months[month]?.slice(0, 3)}`,
      ]);
      return framed(
        "date",
        ["Could I come on *", "*", "I'd like * please"],
        item,
        `${weekday} the ${ordinal(day).replace("-", " ")} of ${months[month]}`,
      );
    },
    price() {
      const pounds = one([() => (20 + below(100)) * 5000, () => (12 + below(80)) * 25])();
      const item = `£${pounds.toLocaleString("en-GB")}`;
      return framed(
        "price",
        ["The price is *", "My offer is *", "It's *"],
        item,
        `${cardinal(pounds).replaceAll("-", " ")} pounds`,
      );
    },
    address() {
      const number = one([1 + below(99), 1 + below(30)]);
      const street = `${one(words.streetNames)} ${one(words.streetTypes)}`;
      const frames = ["I'd like to book a viewing for *", "I'm calling about *", "It's *"];
      return framed("address", frames, `${number} ${street}`, `${cardinal(number).replace("-", " ")} ${street}`);
    },
    name() {
      const item = `${one(words.firstNames)} ${one(words.surnames)}`;
      return framed("name", ["My name is *", "It's *"], item, item);
    },
    "e-mail"() {
      const local = `${one(words.firstNames)}.${one(words.surnames)}`.toLowerCase().replace(/[^a-z.]/g, "");
      const domain = one(words.emailDomains);
      const spoken = `${local.replace(".", " dot ")} at ${domain.replaceAll(".", " dot ").replace(/\buk\b/, "U K")}`;
      return framed("e-mail", ["My email is *", "It's *"], `${local}@${domain}`, spoken);
    },
  };
  return (kind) => makers[kind]();
}

const digitWords = (digits: string) =>
  [...digits].map((digit) => (digit === "0" ? "oh" : cardinal(Number(digit)))).join(" ");
/**
 * Letter by letter. "A" alone would be the article, and espeak-ng says "ay" as "eye": the demo model takes that for an A,
 * and no caller would.
 */
const letterWords = (letters: string) => [...letters].map((letter) => (letter === "A" ? "eigh" : letter)).join(" ");

const past: Record<number, string> = {
  5: "five past",
  10: "ten past",
  15: "quarter past",
  20: "twenty past",
  30: "half past",
};
const to: Record<number, string> = { 40: "twenty to", 45: "quarter to", 50: "ten to", 55: "five to" };
function timeWords(hour: number, minute: number): string {
  const name = (h: number) => cardinal(((h + 11) % 12) + 1);
  if (minute === 0) return `${name(hour)} o'clock`;
  return past[minute] === undefined ? `${to[minute]} ${name(hour + 1)}` : `${past[minute]} ${name(hour)}`;
}
