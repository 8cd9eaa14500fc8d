/** `step` against whatever may come in: it never throws, every call ends, and it is quick with a large register. */
import { expect, test } from "bun:test";
import type { Action, Done, Effect, Input } from "../../src/receptionist/contract.ts";
import { ACTIONS } from "../../src/receptionist/flow.ts";
import { receptionFlow } from "../../src/receptionist/flows/reception.ts";
import { type State, start } from "../../src/receptionist/state.ts";
import { step } from "../../src/receptionist/step.ts";
import { createTalk } from "../../src/receptionist/talk.ts";
import { committed } from "./committed.ts";
import { listing, memoryView } from "./memory-view.ts";
import { NOW } from "./scripted-caller.ts";

/** mulberry32: the same calls on every machine. */
function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PHRASES = [
  "I'd like to book a viewing for 14 Maple Road please", "the house on Castle Street", "Saturday", "next Thursday", "half past two", "at eleven", "after two", "Tuesday week",
  "my name is Sarah Patel", "07700 900123", "oh seven seven double oh", "nine hundred", "one two three", "yes", "no", "no, Thursday", "yes please", "that's everything",
  "can I speak to a person", "say that again", "bear with me", "goodbye", "the first one", "change the time", "9 Station Road", "I can smell gas", "no there's no gas", "mm-hm",
  "Sunday", "as soon as possible", "any time", "next week", "Friday the 28th", "at 11:10.", "the 31st", "my boiler is broken", "leave a message", "forget it", "are you a robot",
  "don't record me", "it ends 456", "no, four five six", "+44 7700 900456", "99 Willow Crescent", "number 7", "", " ", "…", "🏠🏠", "\u0000", "a".repeat(3_000), "1 ".repeat(400),
  "I'd like a valuation, I'm selling", "14 Beech Grove M21 4WB", "M21 9XY", "there's water pouring through the ceiling", "the tap drips", "I need to cancel my viewing", "move my appointment to Friday",
  "I had a missed call", "delete my data", "don't record this", "I'd like to offer 280 thousand on 14 Maple Road", "looking to buy a three bed house", "how much is 22 Victoria Road", "are you open on Sunday",
]; // biome-ignore format: a list
const WORDS =
  "one two half past to the of a week on Saturday gas fire no yes double oh seven road street Maple Castle name is my number 14 28th November flat and or not in at pm please K H A N B for Bravo".split(
    " ",
  );

/** What a caller might well say to each question, so that calls come to their ends too. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  property: ["14 Maple Road", "22 Victoria Road", "the flat on Castle Street", "7 Scott Street"],
  date: ["Saturday", "the 3rd of December", "tomorrow", "next week", "Sunday"],
  time: ["half past two", "eleven", "after two", "6 in the morning", "first thing"],
  name: ["Sarah Patel", "it's Dave", "My name is Daniel Khan"],
  phone: ["07700 900123", "oh seven seven double oh nine hundred four five six", "07700", "nine hundred"],
  confirm: ["yes", "yes please", "no", "no, Friday"],
  choice: ["the first one", "the second", "the time", "neither"],
  "anything-else": ["no thanks", "that's everything", "yes, another viewing"],
  message: ["it's about my deposit please"],
  fault: ["the boiler has packed in", "a cupboard door has come off"],
  access: ["yes, use your key", "no"],
  address: ["14 Beech Grove", "the old forge"],
  postcode: ["M21 9XY", "m twenty one nine x y"],
  money: ["two hundred and eighty thousand", "nine fifty"],
  beds: ["three", "two bedrooms"],
  position: ["first time buyer", "nothing to sell"],
  none: [
    "I'd like to book a viewing",
    "can I leave a message",
    "14 Maple Road on Saturday at ten",
    "I'd like a valuation, I'm selling",
    "no hot water at 14 Maple Road",
    "I need to cancel my viewing",
    "I need to move my viewing",
    "I want to make an offer on 14 Maple Road",
    "I'm looking to buy a three bed house",
    "I'd like to make a complaint",
    "I had a missed call",
  ],
};

const FOUND = {
  kind: "viewing",
  id: "v1",
  propertyId: "p1",
  address: "14 Maple Road",
  postcode: "M21 4WB",
  staffId: "beth",
  start: "2026-11-26T11:00",
  minutes: 30,
  awaiting: undefined,
} as const;

const doneOf = (random: () => number, action: Action["kind"]): Done =>
  action === "find-appointments" && random() < 0.7
    ? { action, found: random() < 0.5 ? [FOUND] : [FOUND, { ...FOUND, id: "v2", start: "2026-12-01T15:00" }] }
    : committed(action);

function randomInput(random: () => number, state: State): Input {
  if (random() < 0.55) return fittingInput(random, state);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const text =
    random() < 0.7 ? pick(PHRASES) : Array.from({ length: Math.floor(random() * 12) }, () => pick(WORDS)).join(" ");
  const now = random() < 0.02 ? "2027-03-28T00:59" : NOW;
  const kind = random();
  if (kind < 0.6)
    return {
      kind: "heard",
      heard: {
        text,
        nbest: [
          [text, -random() * 9],
          [pick(PHRASES), null],
        ],
      },
      now,
    };
  if (kind < 0.7) return { kind: "no-input", now };
  if (kind < 0.76)
    return {
      kind: "keys",
      digits: Array.from({ length: Math.floor(random() * 13) }, () => pick([..."0123456789*#"])).join(""),
      now,
    };
  if (kind < 0.78) return { kind: "not-heard", failed: random() < 0.5, now };
  if (kind < 0.79) return { kind: "hearing", works: random() < 0.7, now };
  if (kind < 0.9)
    return {
      kind: "said",
      sayId: random() < 0.8 ? (state.disclosureSayId ?? 1) : Math.floor(random() * 60),
      completed: random() < 0.8,
      heardShare: random(),
      now,
    };
  if (kind < 0.93) return { kind: "done", done: committed(pick(ACTIONS)), now };
  if (kind < 0.96)
    return {
      kind: "refused",
      action: pick(ACTIONS),
      reason: pick(["conflict", "invalid_input", "storage_failed"]),
      now,
    };
  return pick([
    { kind: "done", done: { action: "take-message" }, now },
    { kind: "started", now },
    { kind: "transferred", now },
    { kind: "transfer-failed", reason: pick(["busy", "no-answer", "failed", "withdrawn"]), now },
  ] as const);
}

function fittingInput(random: () => number, state: State): Input {
  if (!state.disclosed)
    return { kind: "said", sayId: state.disclosureSayId ?? 1, completed: true, heardShare: 1, now: NOW };
  if (state.phase.kind === "waiting") {
    const { action } = state.phase;
    if (random() < 0.1) return { kind: "refused", action, reason: "storage_failed", now: NOW };
    if (random() < 0.1) return { kind: "refused", action, reason: "conflict", now: NOW };
    return { kind: "done", done: doneOf(random, action), now: NOW };
  }
  if (state.phase.kind === "transferring") {
    if (random() < 0.2) return { kind: "transferred", now: NOW };
    return { kind: "transfer-failed", reason: random() < 0.5 ? "busy" : "no-answer", now: NOW };
  }
  const lines = FITTING[state.asks ?? "none"] ?? [];
  const text = lines[Math.floor(random() * lines.length)] ?? "";
  return { kind: "heard", heard: { text, nbest: [[text, -0.5]] }, now: NOW };
}

const isTurn = ({ kind }: Input) => ["heard", "keys", "no-input", "not-heard"].includes(kind);

/** Whether a telephone rings for the caller after these effects. */
const transferNow = (before: boolean, effects: readonly Effect[]): boolean =>
  effects.reduce((now, { kind }) => (kind === "transfer" ? true : kind === "cancel-transfer" ? false : now), before);

test("20,000 random inputs: no throw, an end within 40 turns, and only known outcomes", () => {
  const random = randomFrom(20_261_124);
  const outcomes = new Map<string, number>();
  const asked = new Set<string>();
  let inputs = 0;
  while (inputs < 20_000) {
    const people = random() < 0.5 ? [{ name: "Beth Carter", extension: "201", roles: ["reception"] }] : [];
    const view = {
      ...memoryView(random() < 0.3 ? ["2026-11-28T14:30", "2026-11-28T11:00"] : []),
      people: () => people,
    };
    let isTransferring = false;
    let state = start(receptionFlow);
    let turns = 0;
    let input: Input = { kind: "started", now: NOW };
    while (!state.ended) {
      const before = JSON.stringify(state);
      const result = step(receptionFlow, state, input, view);
      expect(JSON.stringify(state)).toBe(before); // what went in is not touched
      state = JSON.parse(JSON.stringify(result.state)) as State;
      inputs++;
      const isOurs = state.phase.kind !== "transferring";
      if (isTurn(input) && isOurs) turns++;
      for (const effect of result.effects) if (effect.kind === "do") asked.add(effect.action.kind);
      isTransferring = transferNow(isTransferring && input.kind !== "transfer-failed", result.effects);
      expect(isTransferring).toBe(!isOurs); // no telephone rings for nobody
      for (const effect of result.effects) {
        if (effect.kind === "say") expect(effect.text).not.toMatch(/\{|undefined|NaN/);
        if (effect.kind === "end") outcomes.set(effect.outcome, (outcomes.get(effect.outcome) ?? 0) + 1);
        if (effect.kind === "do" && effect.action.kind === "book-viewing") {
          const { start, phone, name, propertyId } = effect.action.request;
          expect(start).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/);
          expect(phone).toMatch(/^\+\d{8,15}$/);
          expect(name).not.toBe("");
          expect(view.isFree(propertyId, start, NOW)).toBe(true);
        }
      }
      expect(turns).toBeLessThanOrEqual(40);
      input = randomInput(random, state);
    }
  }
  console.info(`fuzz: ${inputs} inputs, ${[...outcomes].map(([outcome, n]) => `${outcome} ${n}`).join(", ")}`);
  // Every task comes to its deed; appointments are found before they are changed.
  expect([...asked].sort()).toEqual([...ACTIONS].sort());
  expect([...outcomes.keys()].sort()).toEqual(["booked", "emergency", "failed", "message", "nothing"]);
}, 60_000);

test("time of a step with 5,000 listings: p99 at most 5 ms", () => {
  const names =
    "Acacia Albert Albion Alexandra Alma Ash Aspen Avon Baker Balmoral Bank Beech Belmont Birch Bridge Brook Cambridge Canal Carlton Castle Cavendish Cedar Chapel Charles Cherry Chester Church Clarence Clifton College Crown Dale Derby Duke Durham East Eaton Elgin Elm Ely Essex Exeter Farm Fern Field Foster Garden George Glebe Gordon Grange Green Grove Hadley Hampton Harley Heath High Hill Holly Hope Howard Hyde Ivy James King Larch Laurel Lime Linden Long Manor Maple Market Meadow Mill Milton Moor Mount Nelson New Norfolk North Oak Old Orchard Oxford Park Peel Pine Poplar Prince Priory Queen Regent River Rowan Royal Russell School Silver South Spring Stanley Station Sussex Tower Trinity Union Vale Victoria Vine Walnut Warren Water West Willow Wood York".split(
      " ",
    );
  const types = ["Road", "Street", "Avenue", "Lane", "Close", "Drive", "Grove"];
  const random = randomFrom(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const properties = Array.from({ length: 5_000 }, (_, n) =>
    listing(`big${n}`, `${1 + Math.floor(random() * 150)} ${pick(names)} ${pick(types)}`, {
      postcode: `M${1 + (n % 40)} ${n % 10}AB`,
    }),
  );
  const view = memoryView([], {}, properties);
  createTalk(receptionFlow, view); // as the appliance does before its first call
  const tookMs: number[] = [];
  for (let round = 0; round < 60; round++) {
    let state = start(receptionFlow);
    let input: Input = { kind: "started", now: NOW };
    for (let turn = 0; turn < 30 && !state.ended; turn++) {
      const from = process.cpuUsage(); // not the clock: the machine may have other work
      state = step(receptionFlow, state, input, view).state;
      const { user, system } = process.cpuUsage(from);
      tookMs.push((user + system) / 1000);
      input = randomInput(random, state);
      if (turn === 0) input = { kind: "said", sayId: 1, completed: true, heardShare: 1, now: NOW };
      else if (random() < 0.4 && input.kind === "heard") {
        const text = `I'd like to see ${1 + Math.floor(random() * 150)} ${pick(names).replace(/[aeo]/, "u")} ${pick(types)}`;
        input = {
          kind: "heard",
          heard: {
            text,
            nbest: [
              [text, -1],
              [`${text} please`, -2],
            ],
          },
          now: NOW,
        };
      }
    }
  }
  tookMs.sort((a, b) => a - b);
  const at = (share: number) => tookMs[Math.floor(tookMs.length * share)] ?? 0;
  console.info(
    `step, 5,000 listings, ${tookMs.length} steps: p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms, worst ${at(0.9999).toFixed(1)} ms`,
  );
  expect(at(0.99)).toBeLessThanOrEqual(5);
}, 60_000);
