/**
 * Word errors as a recogniser makes them: which words it mistakes, how often, and for what, was measured with the demo
 * model on these very callers' words (test/lab/confusions.ts). A level scales all rates alike, so that what is
 * seldom misheard stays so. Pure but for the chance passed in.
 */
import { z } from "zod";
import type { Random } from "./random.ts";

const Confusions = z.strictObject({
  model: z.string(),
  /** Words said, and the share of them that was wrong. */
  words: z.int().min(1),
  wrong: z.number().min(0).max(1),
  /** Of a word: how often it was said, and what was heard in its place how often; "" for nothing. */
  heardFor: z.record(z.string(), z.tuple([z.int(), z.record(z.string(), z.int())])),
});
export type Confusions = z.infer<typeof Confusions>;
export const parseConfusions = (json: string): Confusions => Confusions.parse(JSON.parse(json));

export type Noisy = { text: string; nbest: [string, number | null][] };

/** A word that was never measured is as good as the rest. */
const fewest = 3;
const surest = 0.85;

/** @param percent Of words wrong, on the average of all measured; 0 leaves the text as it is. */
export function misheard(text: string, percent: number, confusions: Confusions, random: Random): Noisy {
  if (percent === 0) return { text, nbest: [[text, null]] };
  const scale = percent / 100 / confusions.wrong;
  const words = text.split(" ").flatMap((word) => {
    const other = heardAs(word, scale, confusions, random);
    return other === "" ? [] : [other];
  });
  const heard = words.join(" ");
  return { text: heard, nbest: [[heard, null]] };
}

function heardAs(word: string, scale: number, confusions: Confusions, random: Random): string {
  const [, bare = "", tail = ""] = /^(.*?)([.,?!]*)$/.exec(word) ?? [];
  const key = bare.toLowerCase();
  const measured = Object.hasOwn(confusions.heardFor, key) ? confusions.heardFor[key] : undefined;
  const [times, others] = measured ?? [0, {}];
  const wrong = Object.values(others).reduce((sum, count) => sum + count, 0);
  const rate = times < fewest ? confusions.wrong : wrong / times;
  if (random.next() >= Math.min(surest, rate * scale)) return word;
  if (wrong === 0) return random.next() < 0.5 ? "" : slipped(bare, random);
  let at = random.below(wrong);
  const chosen = Object.entries(others).find(([, count]) => {
    at -= count;
    return at < 0;
  });
  const [other = ""] = chosen ?? [];
  return other === "" ? "" : `${other}${tail}`;
}

/** Another vowel: what is heard is something like it. */
const slipped = (word: string, random: Random): string =>
  word.replace(/[aeiou]/i, () => random.pick(["a", "e", "i", "o", "u"]));
