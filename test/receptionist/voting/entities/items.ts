/** Items as a benchmark would have them: what was meant, what was heard of it in up to three attempts, what is known. */
import type { Attempt, ItemContext, ItemKind } from "../../../../src/receptionist/voting/item.ts";
import { type Random, seeded } from "../../../sip/random.ts";
import { handwritten } from "./handwritten.ts";
import { hear } from "./noise.ts";
import * as said from "./sayings.ts";
import * as values from "./values.ts";

export type Source = "hand-written" | "generated";

export type Item = {
  readonly kind: ItemKind;
  readonly source: Source;
  readonly truth: string;
  readonly attempts: readonly Attempt[];
  readonly register: readonly string[];
  readonly context: ItemContext;
  /** Whether a text of any attempt has every word right. */
  readonly holdsIt: boolean;
};

type Kind = {
  readonly kind: ItemKind;
  readonly file: string;
  readonly value: (random: Random) => string;
  readonly say: (value: string, random: Random) => string;
  /** How often the agency has a register of such values, and how often the value is in it. */
  readonly registered: number;
  readonly known: number;
  readonly money?: "sale" | "let";
};

const yesOrNo = (random: Random): string => (random.next() < 0.5 ? "yes" : "no");

// biome-ignore format: a table
export const kinds: readonly Kind[] = [
  { kind: "postcode", file: "postcode", value: values.postcodeValue, say: said.postcodeSaid, registered: 0.6, known: 0.7 },
  { kind: "birth-date", file: "birth-date", value: values.birthDateValue, say: said.birthDateSaid, registered: 0.5, known: 0.8 },
  { kind: "name", file: "name", value: values.nameValue, say: said.nameSaid, registered: 1, known: 0.9 },
  { kind: "surname", file: "surname", value: values.surnameValue, say: said.surnameSaid, registered: 0.3, known: 0.7 },
  { kind: "phone", file: "phone", value: values.phoneValue, say: said.phoneSaid, registered: 0.2, known: 0.7 },
  { kind: "date", file: "date", value: values.dayValue, say: said.daySaid, registered: 0, known: 0 },
  { kind: "time", file: "time", value: values.timeValue, say: said.timeSaid, registered: 0, known: 0 },
  { kind: "email", file: "email", value: values.emailValue, say: said.emailSaid, registered: 0.3, known: 0.7 },
  { kind: "money", file: "money-sale", value: values.priceValue, say: said.priceSaid, registered: 0, known: 0, money: "sale" },
  { kind: "money", file: "money-let", value: values.rentValue, say: said.rentSaid, registered: 0, known: 0, money: "let" },
  { kind: "address", file: "address", value: values.addressValue, say: said.addressSaid, registered: 0.6, known: 0.8 },
  { kind: "yes-no", file: "yes-no", value: yesOrNo, say: (value) => (value === "yes" ? "yes" : "no"), registered: 0, known: 0 },
];

/** @param count Items of each kind, half of them from hand-written lines. */
export function* itemsOf(kind: Kind, count: number, seed: number): Generator<Item> {
  const random = seeded(seed * 7919 + kinds.indexOf(kind));
  const lines = handwritten(kind.file);
  for (let number = 0; number < count; number++) {
    const isWritten = number % 2 === 0;
    const line = lines[(number / 2) % lines.length];
    if (isWritten && line === undefined) throw new RangeError(`no lines in ${kind.file}`);
    const truth = isWritten && line ? line.value : kind.value(random);
    const say = (): string => (isWritten && line ? random.pick(line.ways) : kind.say(truth, random));
    const chance = random.next();
    const heard = Array.from({ length: chance < 0.5 ? 1 : chance < 0.75 ? 2 : 3 }, () => hear(say(), random));
    yield {
      kind: kind.kind,
      source: isWritten ? "hand-written" : "generated",
      truth,
      attempts: heard.map(({ attempt }) => attempt),
      register: registerOf(
        kind,
        truth,
        lines.map(({ value }) => value),
        random,
      ),
      context: { now: values.now, context: kind.money },
      holdsIt: heard.some(({ holdsIt }) => holdsIt),
    };
  }
}

/** Others' values, the caller's own where it is known, now and then a near neighbour of it, in any order. */
function registerOf(kind: Kind, truth: string, others: readonly string[], random: Random): string[] {
  if (random.next() >= kind.registered) return [];
  const register = Array.from({ length: 5 + random.below(60) }, () =>
    random.next() < 0.3 ? random.pick(others) : kind.value(random),
  ).filter((value) => value !== truth);
  if (kind.kind === "postcode" && random.next() < 0.2) register.push(values.neighbourOf(random, truth));
  if (random.next() < kind.known) register.splice(random.below(register.length + 1), 0, truth);
  else return register.filter((value) => value !== truth);
  return register;
}
