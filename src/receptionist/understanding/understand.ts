/** One utterance → everything that it says: intents, answer and the values of all items. Pure. */
import type { Department, LocalDate } from "../../agency/types.ts";
import type { Asks, Heard } from "../contract.ts";
import type { Reading } from "../voting/item.ts";
import { money } from "../voting/money.ts";
import { type Answer, isBackchannel, readAnswer } from "./answers.ts";
import type { DateAt, DateReading } from "./date-reading.ts";
import { readDate } from "./dates.ts";
import { readEnquiry } from "./enquiries.ts";
import { readFeatures } from "./features.ts";
import { readHome, spokenPostcode } from "./homes.ts";
import { type Intent, itemsNamed, personWanted, readIntents } from "./intents.ts";
import { readName } from "./names.ts";
import { readCardinal } from "./numbers.ts";
import { type PhoneBefore, type PhoneReading, type PhoneRole, readPhone } from "./phones.ts";
import { readProperty } from "./properties.ts";
import type { PropertyAt, PropertyReading } from "./property-reading.ts";
import { type Question, readQuestions } from "./questions.ts";
import type { Register } from "./register.ts";
import type { OpenHours, TimeReading } from "./time-reading.ts";
import { readTime } from "./times.ts";
import { type Token, take, tokenise } from "./tokens.ts";
import { readDepartment, readTopic, type Topic } from "./topics.ts";

/** What the conversation knows while it listens. */
export type Listening = {
  /** What was asked for; "confirm" and the like for yes/no questions. */
  asked: Asks;
  today: LocalDate;
  hoursOn(day: LocalDate | undefined): OpenHours;
  /** The day that is being talked of, if one is known. */
  date: LocalDate | undefined;
  register: Register;
  phoneBefore: PhoneBefore;
  /** Whether the caller's own home is wanted. */
  home: boolean;
  /** Whether an amount is wanted. */
  money: boolean;
  /** What money is talked of. */
  context: "sale" | "let" | undefined;
};

export type Understanding = {
  text: string;
  answer: Answer | undefined;
  intents: ReadonlySet<Intent>;
  questions: Question[];
  /** What is wanted that is no viewing. */
  topic: Topic | undefined;
  department: Department | undefined;
  /** The caller's own home. */
  address: Reading | undefined;
  postcode: Reading | undefined;
  /** Whole pounds; of a let, a month. */
  money: Reading | undefined;
  beds: number | undefined;
  /** Items called by name: "the time". */
  items: string[];
  forWhom: string | undefined;
  backchannel: boolean;
  property: PropertyReading | undefined;
  date: DateReading | undefined;
  time: TimeReading | undefined;
  phone: PhoneReading | undefined;
  name: { value: string; certainty: number } | undefined;
};

/** At most this many readings of an n-best list are looked at. */
const MAX_NBEST = 5;

/** Reads the best text; where an item in it is uncertain, the other readings may give a surer one. */
export function understand(heard: Heard, listening: Listening): Understanding {
  const best = read(heard.text, listening);
  const seen = new Set([heard.text]);
  let chosen = best;
  for (const [text] of heard.nbest.slice(0, MAX_NBEST)) {
    if (seen.has(text)) continue;
    seen.add(text);
    chosen = withSurer(chosen, read(text, listening), listening.asked);
  }
  return chosen;
}

function read(text: string, listening: Listening): Understanding {
  const tokens = tokenise(text);
  const asked = listening.asked;
  const intents = readIntents(tokens);
  const code = listening.home && isAtReadBack(asked) ? spokenPostcode(tokens) : undefined;
  const rest = code === undefined ? tokens : take(tokens, code.from, code.to, "|postcode");
  const items = besideHome(readItems(rest, listening), asked);
  const topic = readTopic(tokens) ?? enquiryOf(tokens, items, intents, asked);
  const isSpending = asked === "money" || (topic !== undefined && spendingTopics.has(topic));
  const amount = isSpending || (listening.money && AMOUNT.test(text)) ? readAmount(text, tokens, listening) : undefined;
  return {
    text,
    answer: answerTo(asked, readAnswer(tokens), text),
    intents,
    questions: readQuestions(tokens),
    topic,
    department: readDepartment(tokens),
    ...(listening.home || topic !== undefined ? readHome(text, asked) : { address: undefined, postcode: undefined }),
    ...(code === undefined ? {} : { postcode: code.reading }),
    items: itemsNamed(tokens),
    forWhom: personWanted(tokens),
    backchannel: isBackchannel(tokens) && asked !== "confirm" && asked !== "anything-else" && asked !== "choice",
    ...items,
    phone: amount !== undefined && items.phone?.kind !== "complete" ? undefined : items.phone,
    money: amount,
    beds: readBeds(tokens, asked),
  };
}

/** "Yeah, that's it" closes nothing where a yes or no was asked for. */
const answerTo = (asked: Asks, answer: Answer | undefined, text: string): Answer | undefined =>
  answer === "closing" && asked !== "anything-else" && /^\W*(?:yes|yeah|yep|yup|aye)\b/i.test(text) ? "yes" : answer;

/** Where something else is asked, or a viewing is wanted, an amount or a home is no wish of its own. */
function enquiryOf(
  tokens: readonly Token[],
  { property }: Items,
  intents: ReadonlySet<Intent>,
  asked: Asks,
): Topic | undefined {
  if ((asked !== null && asked !== "anything-else") || intents.has("view")) return undefined;
  return property?.kind === "several" ? undefined : readEnquiry(tokens, property?.kind === "one");
}

/** An address, a postcode or an amount holds numbers and letters that are no time, telephone number or name. */
function besideHome(items: Items, asked: Asks): Items {
  if (asked !== "address" && asked !== "postcode" && asked !== "money" && asked !== "beds") return items;
  const { property, date, time, phone } = items;
  const isDay = date?.kind === "on" || date?.kind === "either";
  return {
    property,
    date: isDay ? date : undefined,
    time: isDay ? time : undefined,
    phone: phone?.kind === "complete" ? phone : undefined,
    name: undefined,
  };
}

type Items = Pick<Understanding, "property" | "date" | "time" | "phone" | "name">;

/** Each reader takes its words away from the next, so that no digit counts twice. */
function readItems(tokens: readonly Token[], listening: Listening): Items {
  const { asked, today, register } = listening;
  let rest = tokens;
  const property = addressBeats(readProperty(rest, register, asked === "property"), asked);
  if (property && property.to > property.from) rest = take(rest, property.from, property.to, "|property");
  const phone = readPhone(rest, phoneRole(tokens, listening), listening.phoneBefore);
  const isNumber = phone !== undefined && (asked === "phone" || isWhole(phone.reading) || phone.to - phone.from > 3);
  if (phone && isNumber) rest = take(rest, phone.from, phone.to, "|phone");
  const date: DateAt | undefined = readDate(rest, today, asked === "date");
  if (date && date.to > date.from) rest = take(rest, date.from, date.to, "|date");
  const day = date?.reading.kind === "on" ? date.reading.date : listening.date;
  const time = readTime(asked === "time" ? rest : withoutGreeting(rest), listening.hoursOn(day), asked === "time");
  if (time) rest = take(rest, time.from, time.to, "|time");
  // "Leonard Bates, 07700 900644": the number after it makes it no less a name.
  const isNumbered = phone !== undefined && isWhole(phone.reading) && phone.from > 0;
  const otherwiseSaid =
    property !== undefined || date !== undefined || time !== undefined || (phone !== undefined && !isNumbered);
  const name = readName(rest, asked === "name" && !otherwiseSaid);
  return {
    property: property?.reading,
    date: date?.reading,
    time: time?.reading,
    phone: phone && (isNumber || time === undefined) ? phone.reading : undefined,
    name: name && { value: name.name, certainty: name.certainty },
  };
}

/** "Morning, I'd like …": no wish for a time of day. Its place is kept, as readings name places. */
function withoutGreeting(tokens: readonly Token[]): readonly Token[] {
  const [first, second] = tokens;
  const isGreeting = /^(?:morning|afternoon|evening)$/.test(first?.word ?? "") && second?.breakBefore === true;
  return first !== undefined && isGreeting ? [{ ...first, word: "|greeting" }, ...tokens.slice(1)] : tokens;
}

/** At the read-back a group of digits may correct the number, unless another item is named; elsewhere a whole one counts. */
function phoneRole(tokens: readonly Token[], { asked, phoneBefore }: Listening): PhoneRole {
  if (asked === "phone") return "asked";
  const named = itemsNamed(tokens);
  const isOfPhone = named.length === 0 || named.includes("phone");
  const isKnown = phoneBefore !== undefined && "e164" in phoneBefore;
  return isAtReadBack(asked) && isKnown && isOfPhone ? "correcting" : "volunteered";
}

const isAtReadBack = (asked: Asks): boolean => asked === "confirm" || asked === "choice";

const isWhole = (reading: PhoneReading): boolean => reading.kind === "complete";

/** Unasked, "an address like none of ours" is too weak to interrupt with; where a name or number is asked, too. */
function addressBeats(found: PropertyAt | undefined, asked: Asks): PropertyAt | undefined {
  if (found === undefined) return undefined;
  if (asked === "name" || asked === "phone") {
    return found.reading.kind === "one" && found.reading.certainty > 0.8 ? found : undefined;
  }
  if (found.reading.kind === "unlisted" && asked !== "property" && asked !== null) return undefined;
  return found;
}

function withSurer(best: Understanding, other: Understanding, asked: Asks): Understanding {
  const next = { ...best };
  if (certaintyOf(other.property) * 0.95 > certaintyOf(best.property)) next.property = other.property;
  if (best.phone?.kind !== "complete" && other.phone?.kind === "complete") next.phone = other.phone;
  if (best.date === undefined && asked === "date") next.date = other.date;
  if (timeCertainty(other.time) * 0.95 > timeCertainty(best.time) && (asked === "time" || best.time !== undefined)) {
    next.time = other.time;
  }
  next.address = surer(best.address, other.address);
  next.postcode = surer(best.postcode, other.postcode);
  if ((other.name?.certainty ?? 0) * 0.9 > (best.name?.certainty ?? 0) && asked === "name") next.name = other.name;
  return next;
}

/** Words that no telephone number has; "two, that'd be grand" is no amount. */
const AMOUNT =
  /£|\b(?:pounds?|quid|thousand|(?<!\b(?:be|it's|that's|is) )grand|million|\d+k|k|pcm|a month|per month)\b/i;
const spendingTopics: ReadonlySet<Topic> = new Set(["offer", "applicant-buy", "applicant-rent"]);

/** An amount, once the listing has been taken out: "27" of an address is none. */
function readAmount(
  text: string,
  tokens: readonly Token[],
  { asked, register, context }: Listening,
): Reading | undefined {
  const property = addressBeats(readProperty(tokens, register, asked === "property"), asked);
  const words = property === undefined ? [] : tokens.slice(property.from, property.to).map(({ raw }) => raw);
  const place = words.length === 0 ? undefined : new RegExp(words.join("\\W+"), "i");
  const kind =
    property?.reading.kind === "one" ? register.byId.get(property.reading.id.toLowerCase())?.property.kind : undefined;
  const rest = place === undefined ? text : text.replace(place, " ");
  const bare = rest.replace(/\b\w+[- ]bed(?:s|room|rooms|roomed)?\b/gi, " ");
  return money.read(bare, { now: `${ANY_DAY}T10:00`, context: kind ?? context })[0];
}
const ANY_DAY = "2026-01-07"; // amounts know no day

function readBeds(tokens: readonly Token[], asked: Asks): number | undefined {
  const { beds } = readFeatures(tokens);
  if (beds !== undefined || asked !== "beds") return beds;
  for (let at = 0; at < tokens.length; at++) {
    const number = readCardinal(tokens, at)?.value;
    if (number !== undefined && number > 0 && number < 20) return number;
  }
  return tokens.some(({ word }) => word === "studio" || word === "bedsit") ? 1 : undefined;
}

const surer = (best: Reading | undefined, other: Reading | undefined): Reading | undefined =>
  (other?.certainty ?? 0) * 0.95 > (best?.certainty ?? 0) ? other : best;

const certaintyOf = (reading: PropertyReading | undefined): number =>
  reading === undefined ? 0 : reading.kind === "one" ? reading.certainty : 0.3;
const timeCertainty = (reading: TimeReading | undefined): number =>
  reading === undefined ? 0 : reading.kind === "at" ? reading.certainty : 0.8;
