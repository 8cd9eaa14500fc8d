/** Which of the agency's listings the caller means. Pure. */
import { streetType } from "./addresses.ts";
import { readFeatures, withFeatures } from "./features.ts";
import { type Item, itemsOf } from "./items.ts";
import type { PropertyAt, PropertyReading } from "./property-reading.ts";
import type { Place, Register, Street } from "./register.ts";
import { bestSounding, numberLikeness } from "./street-sounds.ts";
import type { Token } from "./tokens.ts";

/** @param asked The property was what we had asked for: a street's name alone is then enough. */
export function readProperty(tokens: readonly Token[], register: Register, asked: boolean): PropertyAt | undefined {
  const items = itemsOf(tokens);
  return (
    byPostcode(tokens, register) ??
    byReference(tokens, register, asked) ??
    byHouseName(items, register) ??
    byStreet(tokens, items, register, asked) ??
    bestSounding(items, register, asked) ??
    byFeatures(tokens, register, asked)
  );
}

/** One of `places`, or the question which. */
function among(places: readonly Place[], certainty: number): PropertyReading | undefined {
  const [first, second] = places;
  if (first === undefined) return undefined;
  if (second === undefined) return { kind: "one", id: first.property.id, certainty };
  return { kind: "several", ids: places.map((place) => place.property.id) };
}

/** A postcode has no spaces that could be relied on: "M21 4WB", "m 21 4 w b". */
function byPostcode(tokens: readonly Token[], register: Register): PropertyAt | undefined {
  for (let from = 0; from < tokens.length; from++) {
    if (!/^[a-z]{1,2}\d?[a-z\d]?$/.test(tokens[from]?.word ?? "")) continue;
    let text = "";
    for (let to = from; to < tokens.length && to < from + 7; to++) {
      text += (tokens[to]?.word ?? "").toUpperCase();
      if (text.length > 7) break;
      const places = text.length >= 5 ? register.byPostcode.get(text) : undefined;
      const reading = places && among(withFeatures(places, readFeatures(tokens)), 0.95);
      if (reading) return { reading, from, to: to + 1 };
    }
  }
  return undefined;
}

function byReference(tokens: readonly Token[], register: Register, asked: boolean): PropertyAt | undefined {
  const led = tokens.findIndex((token) => token.word === "reference" || token.word === "ref");
  if (!asked && led < 0) return undefined;
  for (let from = Math.max(0, led); from < tokens.length; from++) {
    let text = "";
    for (let to = from; to < tokens.length && to < from + 6; to++) {
      text += tokens[to]?.word ?? "";
      const place = /\d/.test(text) || led >= 0 ? register.byId.get(text) : undefined;
      if (place && (/[a-z]/.test(text) || led >= 0))
        return { reading: { kind: "one", id: place.property.id, certainty: 0.9 }, from, to: to + 1 };
    }
  }
  return undefined;
}

function byHouseName(items: readonly Item[], register: Register): PropertyAt | undefined {
  if (register.byHouse.size === 0) return undefined;
  for (let from = 0; from < items.length; from++) {
    for (let length = 4; length >= 2; length--) {
      const words = items.slice(from, from + length).map((item) => item.text);
      const reading = words.length === length && among(register.byHouse.get(words.join(" ")) ?? [], 0.93);
      if (reading) return { reading, from: items[from]?.from ?? 0, to: items[from + length - 1]?.to ?? 0 };
    }
  }
  return undefined;
}

type StreetAt = { streets: readonly Street[]; from: number; to: number; full: boolean };

/** The longest run of words that is exactly a listed street; name without "Road" only where its place speaks for it. */
function streetAt(items: readonly Item[], register: Register, asked: boolean): StreetAt | undefined {
  for (let length = 5; length >= 1; length--) {
    for (let from = 0; from + length <= items.length; from++) {
      const text = items
        .slice(from, from + length)
        .map((item) => item.text)
        .join(" ");
      const whole = register.byKey.get(text);
      if (whole !== undefined && (length > 1 || asked))
        return { streets: [whole], from, to: from + length, full: true };
      const named = register.byName.get(text);
      if (named === undefined || streetType(items[from + length]?.text) !== undefined) continue;
      const number = items[from - 1]?.number;
      const numbered =
        number !== undefined && named.some((street) => street.places.some((place) => place.address.number === number));
      const alone = asked && items.every((item, at) => (at >= from && at < from + length) || SMALL.has(item.text));
      if (numbered || alone) return { streets: named, from, to: from + length, full: false };
    }
  }
  return undefined;
}

const SMALL = new Set([
  "the",
  "on",
  "in",
  "at",
  "one",
  "please",
  "it's",
  "it",
  "is",
  "that",
  "that's",
  "er",
  "erm",
  "um",
  "for",
  "house",
  "flat",
  "property",
  "yes",
  "no",
  "a",
]);

function byStreet(
  tokens: readonly Token[],
  items: readonly Item[],
  register: Register,
  asked: boolean,
): PropertyAt | undefined {
  const found = streetAt(items, register, asked);
  if (found === undefined) return undefined;
  const places = withFeatures(
    found.streets.flatMap((street) => street.places),
    readFeatures(tokens),
  );
  const before = items[found.from - 1];
  const flat = flatBefore(items, found.from - (before?.number === undefined ? 0 : 1));
  const start = flat?.from ?? (before?.number === undefined ? items[found.from]?.from : before.from) ?? 0;
  const to = items[found.to - 1]?.to ?? 0;
  const reading =
    before?.number === undefined
      ? withFlat(places, flat?.text, found.full ? 0.9 : 0.75)
      : numbered(places, before.number, flat?.text, found.full ? 0.97 : 0.85);
  return reading && { reading, from: start, to };
}

/** "flat 2", "apartment three" that ends just before item `end`. */
function flatBefore(items: readonly Item[], end: number): { text: string; from: number } | undefined {
  for (const at of [end - 2, end - 3]) {
    if (!/^(?:flat|apartment|unit|studio)$/.test(items[at]?.text ?? "")) continue;
    const text = items[at + 1]?.text;
    if (text !== undefined) return { text, from: items[at]?.from ?? 0 };
  }
  return undefined;
}

function withFlat(places: readonly Place[], flat: string | undefined, certainty: number): PropertyReading | undefined {
  const fitting = flat === undefined ? [] : places.filter((place) => place.address.flat === flat);
  return among(fitting.length > 0 ? fitting : places, certainty);
}

/** A number that the street has, or the likest one as a question. */
function numbered(
  places: readonly Place[],
  number: string,
  flat: string | undefined,
  certainty: number,
): PropertyReading | undefined {
  const exact = places.filter((place) => place.address.number === number);
  if (exact.length > 0) return withFlat(exact, flat, certainty);
  if (flat === undefined && places.some((place) => place.address.flat === number)) {
    return withFlat(places, number, certainty - 0.1);
  }
  const likest = [...places].sort(
    (a, b) => numberLikeness(number, b.address.number) - numberLikeness(number, a.address.number),
  );
  const [first, second] = likest;
  if (first === undefined) return undefined;
  const clear =
    second === undefined ||
    numberLikeness(number, first.address.number) > numberLikeness(number, second.address.number);
  return clear ? { kind: "one", id: first.property.id, certainty: 0.45 } : among(likest.slice(0, 4), 0.45);
}

/** "the two bed flat": only where it was asked for, and only if few fit. */
function byFeatures(tokens: readonly Token[], register: Register, asked: boolean): PropertyAt | undefined {
  const features = readFeatures(tokens);
  if (!asked || (features.beds === undefined && features.types.length === 0)) return undefined;
  const fitting = withFeatures(register.places, features);
  if (fitting.length === 0 || fitting.length === register.places.length || fitting.length > 4) return undefined;
  const reading = among(fitting, 0.65);
  return reading && { reading, from: 0, to: 0 };
}
