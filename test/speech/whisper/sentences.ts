import { readFileSync } from "node:fs";
import { join } from "node:path";

const model = join(import.meta.dir, "../../../models/demo-whisper");
type Vocabulary = {
  firstNames: string[];
  surnames: string[];
  streetNames: string[];
  streetTypes: string[];
  towns: string[];
};

/** The words that training saw. */
export const vocabulary = (): Vocabulary => JSON.parse(readFileSync(join(model, "vocabulary.json"), "utf8"));

/** Sentences of calls to an estate agency, from the words that the demo model knows. */
export function sentences(random: () => number): () => string {
  const words = vocabulary();
  const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
  const number = () => one(numbers);
  const street = () => `${number()} ${one(words.streetNames)} ${one(words.streetTypes)}`;
  const name = () => `${one(words.firstNames)} ${one(words.surnames)}`;
  const time = () =>
    one(["at ten o'clock", "at half past two", "at quarter past four", "in the morning", "at eleven o'clock"]);
  const digits = () => Array.from({ length: 3 }, () => one(spokenDigits)).join(" ");
  const forms = [
    () => `I'd like to book a viewing for ${street()} please`,
    () => `I'm calling about ${street()} in ${one(words.towns)}`,
    () => `My name is ${name()}`,
    () => `It's ${name()}`,
    () => `${one(days)} ${time()}`,
    () => `Could I come on ${one(days)} ${time()} please`,
    () => `My number is oh seven seven oh oh, nine oh oh, ${digits()}`,
    () => one(replies),
  ];
  return () => (forms[Math.floor(random() * forms.length)] ?? street)();
}

/** Voices that understand these: each espeak-ng's own name. */
export const voices = ["gmw/en", "gmw/en+f2", "gmw/en+m3", "en-gb-x-rp", "en-gb-x-rp+f3", "en-us+f1"] as const;

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "tomorrow", "next Tuesday"];
const numbers = ["three", "seven", "nine", "twelve", "fourteen", "eighteen", "twenty two", "thirty five", "forty one"];
const spokenDigits = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const replies = [
  "Yes please",
  "That's right",
  "No thank you",
  "Thank you",
  "Can I speak to a person please",
  "Lovely, thank you",
];

export type HeardLine = { voice: string; kind: string; spoken: string; written: string; heard: string; right: boolean };

/** What the model's own README measured: typical lines by nine voices. */
export function heardLines(): HeardLine[] {
  const lines = readFileSync(join(model, "heard.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}
