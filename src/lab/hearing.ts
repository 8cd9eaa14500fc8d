/** What a caller makes of what is read back to him: of the items that are said, which are not his. Pure. */
import { dateInWords, poundsInWords, timeInWords } from "../receptionist/wording.ts";
import type { Scenario, Wish } from "./scenario.ts";
import type { Ways, Words } from "./ways.ts";

/** A turn of the receptionist's. `slots`: what it took down; a caller hears of it only what is said. */
export type AgentTurn = {
  said: string;
  asks: string | null;
  slots: Readonly<Record<string, { value: string } | undefined>>;
};

/** One item as it is and as it sounds. */
type Item = { value: string; spoken: string };
export type Truth = Readonly<Record<string, Item>>;

export function truthOf(
  scenario: Pick<Scenario, "address" | "postcode" | "expect">,
  wish: Wish,
  person: Ways["people"][string] | undefined,
  { addresses }: Pick<Words, "addresses">,
): Truth {
  const truth: Record<string, Item> = {};
  const put = (name: string, value: string | undefined, spoken = value) => {
    if (value !== undefined && spoken !== undefined) truth[name] = { value, spoken };
  };
  put("property", wish.property, wish.property && addresses[wish.property]);
  put("date", wish.date, wish.date && dateInWords(wish.date));
  put("time", wish.time, wish.time && timeInWords(wish.time));
  put("name", person?.name);
  put("phone", person?.phone);
  put("address", scenario.address);
  put("postcode", scenario.postcode);
  const wanted = Object.assign({}, ...scenario.expect.rows.flatMap(({ offer, applicant }) => [offer, applicant]));
  const amount = wanted.amount ?? wanted.max_price ?? wanted.max_rent_pcm;
  if (typeof amount === "number") put("money", String(amount), poundsInWords(amount));
  if (typeof wanted.min_beds === "number") put("beds", String(wanted.min_beds));
  return truth;
}

/**
 * Items that were read out with a value that is not the caller's. `anySlot`: whether read out or not, where he has been
 * asked what is wrong.
 */
export function heardWrong(
  { said, slots }: Pick<AgentTurn, "said" | "slots">,
  truth: Truth,
  addresses: Words["addresses"],
  anySlot = false,
): string[] {
  return Object.entries(truth).flatMap(([name, { value }]) => {
    const taken = slots[name]?.value;
    if (taken === undefined || same(taken, value)) return [];
    return anySlot || isReadOut(name, taken, said, addresses) ? [name] : [];
  });
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z\d]+/g, " ")
    .trim();
const same = (one: string, other: string): boolean => plain(one) === plain(other);

function isReadOut(name: string, value: string, said: string, addresses: Words["addresses"]): boolean {
  switch (name) {
    case "date":
      return said.includes(dateInWords(value));
    case "time":
      return said.includes(timeInWords(value));
    case "phone":
      return said.replace(/\D/g, "").includes(value.slice(-9));
    case "money":
      return new RegExp(`${poundsInWords(Number(value))}(?!,?\\d)`).test(said);
    case "beds":
      return said.includes(`${value} bedroom`);
    case "property":
      return said.includes(addresses[value] ?? value);
    default:
      return plain(said).includes(plain(value));
  }
}

/** "Did you mean 12 Quarry Bank?": whether that is something of his. */
export const agrees = (meant: string, truth: Truth): boolean =>
  Object.entries(truth).some(([name, { value, spoken }]) =>
    name === "phone" ? meant.replace(/\D/g, "").includes(value.slice(-9)) : plain(meant).includes(plain(spoken)),
  );

/** Of what is offered the one that he wants, as it was offered. */
export function offers(said: string, truth: Truth): string | undefined {
  const question = said.split(/(?<=[.!?])\s+(?=[A-Z])/).filter((sentence) => / or |the nearest/i.test(sentence));
  return Object.values(truth).find(({ spoken }) => question.some((sentence) => sentence.includes(spoken)))?.spoken;
}
