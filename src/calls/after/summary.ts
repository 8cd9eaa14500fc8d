/** A call in at most three sentences: what came of it, what was asked, how it broke off. From rows and slots, no model. */
import { clockOf, dateOf, weekdayOf } from "../../agency/local-time.ts";
import type { LocalTime } from "../../agency/types.ts";
import { months, weekdays } from "../../english/calendar.ts";
import { type CallFacts, isMidTask, lastNotes } from "./facts.ts";
import { topicInWords } from "./topics.ts";

export function summarise(facts: CallFacts): string {
  return [cameTo(facts), asked(facts), brokeOff(facts)].filter((sentence) => sentence !== undefined).join(" ");
}

/** Everything committed, in one sentence; otherwise what was wanted. */
function cameTo(facts: CallFacts): string {
  const done = [...emergency(facts), ...committed(facts)];
  if (facts.outcome === "transferred") done.push("put the caller through");
  return done.length > 0 ? sentence(done.join("; ")) : wanted(facts);
}

const emergencies: Readonly<Record<string, string>> = {
  gas: "gas or carbon monoxide",
  fire: "fire",
  life: "danger to life",
  power: "no power",
  flood: "a flood or leak",
  heating: "no heating, somebody vulnerable",
  "break-in": "a break-in",
  lift: "stuck in a lift",
};

const emergency = ({ emergency: kind }: CallFacts): string[] =>
  kind === null ? [] : [`told of an emergency (${emergencies[kind] ?? flat(kind)}) and gave the safety words`];

function committed({ books }: CallFacts): string[] {
  const { viewings, valuations, changes, faults, offers, tickets, tasks, messages } = books;
  return [
    ...viewings.map((one) => `${verb(one)} a viewing of ${flat(one.address)}, ${at(one.start)}${by("for", one.name)}`),
    ...valuations.map(
      (one) => `${verb(one)} a ${one.kind} valuation of ${flat(one.address)}, ${at(one.start)}${by("for", one.name)}`,
    ),
    ...changes.map(
      ({ kind, change, address, start, name }) =>
        `${change} a ${kind} of ${flat(address)}${change === "moved" ? " to" : ","} ${at(start)}${by("for", name)}`,
    ),
    ...faults.map((one) => `took down ${faultWords(one.priority)} at ${flat(one.address)} (${flat(one.fault)})`),
    ...offers.map(
      (one) =>
        `recorded an offer of £${one.amount.toLocaleString("en-GB")}${one.isRent ? " a month" : ""} for ${flat(one.address)}${by("from", one.name)}`,
    ),
    ...tickets.map(({ kind, due }) => `opened ${ticketWords[kind] ?? `a ${flat(kind)} ticket`}, due ${day(due)}`),
    ...messages.map(
      ({ name, forWhom, about }) =>
        `took a message${by("from", name)}${by("for", forWhom ?? "")}${about === "" ? "" : ` (${flat(about)})`}`,
    ),
    ...tasks.map(({ about }) => `noted for the team: ${flat(about)}`),
  ];
}

const verb = ({ status }: { status: string }) => (status === "cancelled" ? "booked and cancelled" : "booked");
const by = (word: string, name: string) => (name === "" ? "" : `, ${word} ${flat(name)}`);
const faultWords = (priority: string) => (priority === "routine" ? "a repair" : `an ${priority} repair`);
const ticketWords: Readonly<Record<string, string>> = {
  access: "a request for the caller's data",
  erasure: "a request to erase the caller's data",
  objection: "an objection to the use of the caller's data",
  complaint: "a complaint",
};

function wanted(facts: CallFacts): string {
  if (!facts.disclosed) return "Hung up before the recording notice was over; nothing of the caller was kept.";
  const said = facts.turns.some(({ n, heard }) => n > 0 && heard !== "");
  if (!said) return "Nothing was said.";
  const wish = wishOf(facts);
  if (wish === undefined)
    return facts.outcome === "abandoned" ? "Hung up; nothing was arranged." : "Nothing was arranged.";
  if (!isMidTask(facts)) return `Talked about ${wish}; nothing was arranged.`;
  const asks = facts.turns.findLast(({ asks }) => asks !== null)?.asks;
  const where = facts.cutOff ? "was cut off" : "hung up";
  return `Was arranging ${wish} and ${where}${asks ? ` when asked for ${asksWords[asks] ?? `the ${asks}`}` : ""}.`;
}

const asksWords: Readonly<Record<string, string>> = {
  confirm: "a yes",
  choice: "a choice",
  "anything-else": "anything else",
  keys: "a key",
  message: "the message",
  "voice-message": "the message",
};

/** "a viewing of 14 Maple Road, Monday 23 November 14:30". */
export function wishOf(facts: Pick<CallFacts, "turns" | "addressOf">): string | undefined {
  const notes = lastNotes(facts);
  const { property, address, date, time } = notes?.slots ?? {};
  const task = notes?.task ?? null;
  if (task === null && property === undefined) return undefined;
  const what = taskWords[task ?? ""] ?? (task === null ? "" : `a ${flat(task.replaceAll("-", " "))}`);
  const where = property === undefined ? address : (facts.addressOf(property) ?? property);
  const when = [date && day(date), time].filter(Boolean).join(" ");
  const place = where === undefined ? "" : `${what === "" ? "" : task === "viewing" ? " of " : " at "}${flat(where)}`;
  return `${what}${place}${when === "" ? "" : `, ${flat(when)}`}`;
}

/** Tasks of the flow, as things that somebody arranges; others are called by their ids. */
const taskWords: Readonly<Record<string, string>> = {
  "": "",
  "applicant-buy": "a registration as a buyer",
  "applicant-rent": "a registration as a tenant",
  "cancel-appointment": "the end of an appointment",
  "confirm-appointment": "the confirmation of an appointment",
  message: "a message",
  "move-appointment": "another time for an appointment",
  offer: "an offer",
  repair: "a repair",
  valuation: "a valuation",
  viewing: "a viewing",
};

function asked(facts: CallFacts): string | undefined {
  const { answered = [], unanswered = [] } = lastNotes(facts) ?? {};
  const open = new Set(unanswered);
  const topics = [
    ...answered.filter((topic) => !open.has(topic)).map((topic) => `${topicInWords(topic)} (answered)`),
    ...[...open].map((topic) => `${topicInWords(topic)} (not answered)`),
  ];
  return topics.length === 0 ? undefined : `Asked about ${list(topics)}.`;
}

function brokeOff(facts: CallFacts): string | undefined {
  if (facts.cutOff) return "The call was cut off when Gatehouse stopped.";
  return facts.outcome === "failed" ? "The call failed." : undefined;
}

function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** Monday 23 November 14:30. */
const at = (time: LocalTime) => `${day(dateOf(time))} ${clockOf(time)}`;

function day(date: string): string {
  const weekday = weekdays.find((name) => name.slice(0, 3).toLowerCase() === weekdayOf(date));
  return `${weekday} ${Number(date.slice(8))} ${months[Number(date.slice(5, 7)) - 1]}`;
}

const longestPart = 120;

/** A caller's words as a part of one sentence: no ends of sentences in it, and no more than a line. */
function flat(text: string): string {
  const one = text
    .trim()
    .replace(/[.!?…]+(\s+|$)/g, (_, space: string) => (space === "" ? "" : ", "))
    .replace(/\s+/g, " ");
  return one.length <= longestPart ? one : `${one.slice(0, longestPart - 1).trimEnd()}…`;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
