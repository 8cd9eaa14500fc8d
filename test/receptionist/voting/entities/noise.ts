/**
 * What a cloud recogniser makes of what was said: n-best lists without scores, lower case. Each word may be heard as
 * something else; the list holds the likeliest of all combinations, so that an error of the first is often right in
 * the second. Not fitted to any recogniser: the rates are those of telephone speech in the literature, roughly.
 */
import type { Attempt } from "../../../../src/receptionist/voting/item.ts";
import type { Random } from "../../../sip/random.ts";
import { soundAlikes } from "./sound-alikes.ts";

/** How far a word's rivals come near it: the mean of an exponential in natural-log units. */
const QUALITIES = [
  { share: 0.65, mean: 0.42 },
  { share: 0.27, mean: 0.68 },
  { share: 0.08, mean: 1.05 },
] as const;
const longestList = 5;
const DROPPED = 4.6;
const SPLIT = 4;

export type Heard = {
  readonly attempt: Attempt;
  /** Whether any of its texts has every word right: what can be understood without knowing more. */
  readonly holdsIt: boolean;
};

type Rival = { readonly at: number; readonly word: string; readonly cost: number };

export function hear(said: string, random: Random): Heard {
  const words = said.split(" ");
  const chance = random.next();
  const mean = (chance < 0.65 ? QUALITIES[0] : chance < 0.92 ? QUALITIES[1] : QUALITIES[2]).mean;
  const rivals = words.flatMap((word, at) => rivalsOf(word, at, mean, random));
  rivals.sort((a, b) => a.cost - b.cost);
  const length = 1 + random.below(longestList);
  const texts: string[] = [];
  let holdsIt = false;
  for (const chosen of combinations(rivals).slice(0, length)) {
    const heard = words.map((word, at) => chosen.find((rival) => rival.at === at)?.word ?? word);
    holdsIt ||= chosen.length === 0;
    const text = asWritten(heard.filter((word) => word !== "").join(" "), random);
    if (!texts.includes(text)) texts.push(text);
  }
  return { attempt: texts.map((text) => [text, null] as const), holdsIt };
}

function rivalsOf(word: string, at: number, mean: number, random: Random): Rival[] {
  const near = () => mean * -Math.log(1 - random.next());
  const found = soundAlikes(word).map(([other, cost]) => ({ at, word: other, cost: cost - near() }));
  found.push({ at, word: "", cost: DROPPED - near() });
  // A word that was not said: a breath, a false start.
  found.push({ at, word: `${word} ${random.pick(["uh", "um", word, "the"])}`, cost: SPLIT - near() });
  return found.filter(({ cost }) => cost < 3);
}

/** Choices of rivals, at most one a word, cheapest first: none, one, two, three. Rivals below 0 beat the word itself. */
function combinations(rivals: readonly Rival[]): Rival[][] {
  const forced = rivals.filter(({ cost, at }, index) => cost < 0 && rivals.findIndex((one) => one.at === at) === index);
  const costOf = (chosen: readonly Rival[]) => chosen.reduce((sum, { cost }) => sum + cost, 0);
  let all: Rival[][] = [forced];
  for (const rival of rivals.slice(0, 8)) {
    const more = all.map((chosen) =>
      chosen.includes(rival)
        ? chosen.filter((one) => one !== rival)
        : [...chosen.filter((one) => one.at !== rival.at), rival],
    );
    all = [...all, ...more].sort((a, b) => costOf(a) - costOf(b)).slice(0, 12);
  }
  return all;
}

const DIGITS = "zero one two three four five six seven eight nine".split(" ");

/** Recognisers write numbers and letters in their own way: as digits, run together, in capitals. */
function asWritten(text: string, random: Random): string {
  let written = text;
  if (random.next() < 0.45) {
    written = written.replace(/\b(?:zero|one|two|three|four|five|six|seven|eight|nine)\b/g, (word) =>
      String(DIGITS.indexOf(word)),
    );
  }
  if (random.next() < 0.3) written = written.replace(/(?<=\b\d) (?=\d\b)/g, "");
  if (random.next() < 0.12) written = written.replace(/(?<=(?<!')\b[a-z]) (?=[a-z\d]+\b(?<=\b[a-z\d]{1,2}))/g, "");
  if (random.next() < 0.1) written = written.replace(/(?<!')\b[a-z]\b/g, (letter) => letter.toUpperCase());
  return written;
}
