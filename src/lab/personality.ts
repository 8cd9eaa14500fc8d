/** How somebody says what he has to say: the same caller every time, in other words. Pure but for the chance passed in. */
import type { Random } from "./random.ts";
import type { Manners, Ways } from "./ways.ts";

export const personalities = [
  "plain",
  "terse",
  "rambling",
  "corrects himself",
  "interrupts",
  "spells",
  "bad line",
  "elderly, slow",
  "several wishes",
] as const;
export type Personality = (typeof personalities)[number];

/** Share of his turns that a bad line swallows. */
const swallowed = 0.12;
export const isSwallowed = (personality: Personality, random: Random): boolean =>
  personality === "bad line" && random.next() < swallowed;

/** What is added to the errors of a bad line, percent of words. */
export const addedErrors = (personality: Personality): number => (personality === "bad line" ? 5 : 0);

/** An opening or a sentence of his own. */
export function told(personality: Personality, text: string, manners: Manners, random: Random): string {
  if (personality === "rambling") return `${random.pick(manners.before)} ${text}${random.pick(manners.after)}`;
  if (personality === "elderly, slow") return `hello? ${text}`;
  return text;
}

export type Item = { asked: string; wordings: readonly string[]; attempt: number; truth: string | undefined };

/** An item that was asked for. `next`: what he expects to be asked for after it, in his words. */
export function answered(
  personality: Personality,
  { asked, wordings, attempt, truth }: Item,
  next: string | undefined,
  { ways, manners }: { ways: Ways; manners: Manners },
  random: Random,
): string {
  const text = wordings[attempt % wordings.length] ?? "";
  if (attempt > 0) return text;
  switch (personality) {
    case "terse":
      return wordings.reduce((shortest, one) => (one.length < shortest.length ? one : shortest), text);
    case "rambling":
      return asked === "phone" ? `it's ${text}` : `${random.pick(manners.before)} ${text}${random.pick(manners.after)}`;
    case "corrects himself":
      return corrected(asked, text, truth, ways, manners, random);
    case "interrupts":
      return next === undefined ? text : `${text}, ${next}`;
    default:
      return text;
  }
}

/** "Friday, no sorry, Thursday". */
function corrected(
  asked: string,
  text: string,
  truth: string | undefined,
  { dates, times }: Ways,
  manners: Manners,
  random: Random,
): string {
  const others = asked === "date" ? dates : asked === "time" ? times : undefined;
  if (others === undefined) return text;
  const wrong = random.pick(Object.entries(others).filter(([value]) => value !== truth))[1][0];
  return `${wrong}${random.pick(manners.slips)}${text}`;
}
