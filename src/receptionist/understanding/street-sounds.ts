/** Addresses badly heard: the number, the sound of the street and its kind each speak for a listing. */
import { streetType } from "./addresses.ts";
import type { Item } from "./items.ts";
import type { PropertyAt } from "./property-reading.ts";
import type { Place, Register, Street } from "./register.ts";
import { soundOf, soundsAlike } from "./sounds.ts";

/** What was heard where an address stood. */
type Address = {
  number: string | undefined;
  type: string | undefined;
  /** Of the name, and of name and kind together. */
  nameSound: string;
  keySound: string;
  from: number;
  to: number;
  text: string;
};

const WEIGHTS = { number: 0.4, name: 0.45, type: 0.15 };
/** Below this nothing is like it; from `clear` on, and by `margin` before the second, it needs no question of its own. */
const LEAST = 0.55;
const NEARLY_RIGHT = 0.78;
const MARGIN = 0.06;

/** 0…1: "14a" and "14", "148" and "14", "8" and "18" are often one for the other. */
export function numberLikeness(heard: string, listed: string | undefined): number {
  if (listed === undefined) return 0;
  if (heard === listed) return 1;
  if (heard.replace(/\D/g, "") === listed.replace(/\D/g, "")) return 0.8;
  if (heard.startsWith(listed) || listed.startsWith(heard) || heard.endsWith(listed) || listed.endsWith(heard))
    return 0.5;
  return TEENS.has(`${heard}/${listed}`) || TEENS.has(`${listed}/${heard}`) ? 0.7 : 0;
}

/** thirteen/thirty … nineteen/ninety: the telephone's classic. */
const TEENS = new Set([3, 4, 5, 6, 7, 8, 9].map((unit) => `1${unit}/${unit}0`));

export function bestSounding(items: readonly Item[], register: Register, asked: boolean): PropertyAt | undefined {
  const heard = addressIn(items, asked);
  if (heard === undefined) return undefined;
  const alike = new Map<Street, number>();
  const scored = candidates(heard, register).map((place) => ({ place, score: score(heard, place, alike) }));
  scored.sort((a, b) => b.score - a.score);
  const [first, second] = scored;
  const span = { from: heard.from, to: heard.to };
  // A number and some word ("three onwards") is an address only where one was asked for, or the word is nearly right.
  const least = heard.type === undefined && !asked ? NEARLY_RIGHT : LEAST;
  if (first === undefined || first.score < least) {
    const isAddress = heard.type !== undefined && (heard.number !== undefined || asked);
    return isAddress ? { reading: { kind: "unlisted", heard: heard.text }, ...span } : undefined;
  }
  const close = scored.filter(({ score }) => first.score - score < MARGIN);
  if (second === undefined || close.length === 1) {
    return {
      reading: {
        kind: "one",
        id: first.place.property.id,
        certainty: Math.max(0.4, Math.min(0.8, first.score - 0.12)),
      },
      ...span,
    };
  }
  if (close.length > 4) return { reading: { kind: "unlisted", heard: heard.text }, ...span };
  return { reading: { kind: "several", ids: close.map(({ place }) => place.property.id) }, ...span };
}

// biome-ignore format: a list
const NOT_NAMES = new Set([
  "please", "on", "at", "for", "the", "and", "o'clock", "am", "pm", "i", "my", "is", "a", "to", "of", "bed", "bedroom", "bedrooms", "beds", "past",
  "in", "it", "it's", "thank", "thanks", "tomorrow", "today", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "half",
  "quarter", "weeks", "week", "days", "people", "|date", "|time", "|phone", "hundred", "minutes", "if", "we", "you", "no", "yes", "not", "or", "with", "that",
]);

/** A number with words after it, or words before a kind of street; where the property was asked for, whatever is left. */
function addressIn(items: readonly Item[], asked: boolean): Address | undefined {
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (item === undefined) continue;
    const name: string[] = [];
    let here = item.number === undefined ? at : at + 1;
    while (here < items.length && name.length < 4) {
      const word = items[here];
      if (word === undefined || word.number !== undefined || NOT_NAMES.has(word.text)) break;
      if (streetType(word.text) !== undefined && name.length > 0 && !moreTypes(items, here)) break;
      name.push(word.text);
      here++;
    }
    const type = name.length > 0 ? streetType(items[here]?.text) : undefined;
    const to = type === undefined ? here : here + 1;
    if (name.length === 0 || (type === undefined && item.number === undefined)) continue;
    if (item.number === undefined && name.length > 2) name.splice(0, name.length - 2);
    if (type === undefined && !asked && (item.number === undefined || name.length > 2)) continue;
    const text = items
      .slice(at, to)
      .map(({ text }) => text)
      .join(" ");
    const nameSound = soundOf(name.join(" "));
    const keySound = soundOf(`${name.join(" ")} ${type ?? ""}`);
    return { number: item.number, type, nameSound, keySound, from: item.from, to: items[to - 1]?.to ?? item.to, text };
  }
  return undefined;
}

/** "Park" in "Park Avenue" is part of the name. */
const moreTypes = (items: readonly Item[], at: number): boolean => streetType(items[at + 1]?.text) !== undefined;

/** All with that number, and all on streets that sound alike. */
function candidates(heard: Address, register: Register): readonly Place[] {
  const found = new Set<Place>();
  const numbers = heard.number === undefined ? [] : [heard.number, heard.number.replace(/[a-z]$/, "")];
  for (const number of numbers) for (const place of register.byNumber.get(number) ?? []) found.add(place);
  for (const street of soundingLike(heard.nameSound, register)) for (const place of street.places) found.add(place);
  return [...found].slice(0, MOST_CANDIDATES);
}

const MOST_CANDIDATES = 400;
const MOST_REMEMBERED = 200;
const remembered = new WeakMap<Register, Map<string, readonly Street[]>>();

/** Readings of one n-best list, and attempts at one street, sound much the same: the search is not done twice. */
function soundingLike(sound: string, register: Register): readonly Street[] {
  const known = remembered.get(register) ?? new Map<string, readonly Street[]>();
  remembered.set(register, known);
  const before = known.get(sound);
  if (before !== undefined) return before;
  const alike: Street[] = [];
  for (const [other, streets] of register.bySound) {
    if (!roughlyAlike(sound, other) || soundsAlike(sound, other) < 0.65) continue;
    alike.push(...streets.filter((street) => street.places.length <= 60));
  }
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(sound, alike);
  return alike;
}

/** A cheap look before the costly one. */
function roughlyAlike(sound: string, other: string): boolean {
  if (Math.abs(sound.length - other.length) > 2) return false;
  return (
    sound[0] === other[0] ||
    sound.slice(-2) === other.slice(-2) ||
    (sound.length > 3 && other.includes(sound.slice(1, 3)))
  );
}

/** How like the street heard this one is; the same for all its houses, so worked out once. */
function streetLikeness(heard: Address, street: Street, known: Map<Street, number>): number {
  const before = known.get(street);
  if (before !== undefined) return before;
  // Both together count only where the kind was not heard, or heard as part of the name: "street" is like "street".
  const byName = soundsAlike(heard.nameSound, street.nameSound);
  const name = heard.type === street.type ? byName : Math.max(byName, soundsAlike(heard.keySound, street.keySound));
  known.set(street, name);
  return name;
}

function score(heard: Address, { street, address }: Place, alike: Map<Street, number>): number {
  const name = streetLikeness(heard, street, alike);
  const type = heard.type === undefined ? 0.5 : heard.type === street.type ? 1 : 0;
  if (heard.number === undefined) return (name * WEIGHTS.name + type * WEIGHTS.type) / (WEIGHTS.name + WEIGHTS.type);
  return numberLikeness(heard.number, address.number) * WEIGHTS.number + name * WEIGHTS.name + type * WEIGHTS.type;
}
