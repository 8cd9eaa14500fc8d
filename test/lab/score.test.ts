import { describe, expect, test } from "bun:test";
import { openLab } from "../../src/cli/lab/suites.ts";
import { type LabRow, parseSuite, type Scenario } from "../../src/lab/scenario.ts";
import { type BookChange, type BookRow, type PlayedCall, score } from "../../src/lab/score.ts";

const { ways } = openLab(undefined).words;
const marking = { ways, noticed: new Set(["orchard-31"]), exactWords: true };

const header = `{"row":"viewing","title":"a viewing","rows":[{"viewing":{}}],"outcome":["booked"]}`;
const wanted = `{"say":"hello","who":"nair","property":"quarry-12","at":"2026-11-26T15:10"}`;
const first = (rows: LabRow[]): Scenario => {
  const scenario = rows[0]?.scenarios[0];
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
};
const scenarioOf = (line: string, head = header) => first(parseSuite(`${head}\n${line}`, "test.jsonl"));

const row = (table: string, after: BookRow): BookChange => ({ table, before: undefined, after });
const viewing = row("viewing", {
  id: "v",
  property: "quarry-12",
  name: "Priya Nair",
  phone: "+447700900231",
  start: "2026-11-26T15:10",
  status: "booked",
});
const contact = row("contact", { id: "c", name: "Priya Nair", phone: "+447700900231", email: null });

function callOf(changes: readonly BookChange[], said = "That's booked.", more: Partial<PlayedCall> = {}): PlayedCall {
  const greeting = { heard: "", said: "Hello.", asks: null, changes: [] };
  return {
    turns: [greeting, { heard: "yes", said, asks: null, changes }],
    changes,
    outcome: "booked",
    emergency: null,
    transfer: null,
    answered: [],
    recording: "on",
    phantoms: 0,
    ...more,
  };
}
const classesOf = (call: PlayedCall, scenario = scenarioOf(wanted)) =>
  score(scenario, call, marking).map((miss) => miss.class);

describe("A call is right", () => {
  test("with the row that was wanted, and the caller among the contacts", () => {
    expect(score(scenarioOf(wanted), callOf([contact, viewing]), marking)).toEqual([]);
  });

  test("with the notice where somebody must have it, and not without", () => {
    const scenario = scenarioOf(wanted.replace("quarry-12", "orchard-31"));
    const there = { ...viewing, after: { ...viewing.after, property: "orchard-31" } };
    const notice = row("task", { id: "t", kind: "notice", property: "orchard-31" });

    expect(classesOf(callOf([there, notice]), scenario)).toEqual([]);
    expect(classesOf(callOf([there]), scenario)).toEqual(["row missing"]);
  });
});

describe("A call is wrong", () => {
  const other = (fields: BookRow): BookChange => ({ ...viewing, after: { ...viewing.after, ...fields } });

  test.each([
    ["another time", other({ start: "2026-11-26T15:15" })],
    ["another name", other({ name: "Priya Nayar" })],
    ["another number", other({ phone: "+447700900232" })],
    ["cancelled", other({ status: "cancelled" })],
  ])("with %s", (_, change) => {
    expect(classesOf(callOf([contact, change]))).toContain("row wrong");
  });

  test("with one row too many, be it a contact who is nobody", () => {
    expect(classesOf(callOf([viewing, { ...viewing }]))).toEqual(["row too many"]);
    expect(
      classesOf(callOf([viewing, row("contact", { id: "x", name: "Prior Near", phone: "+447700900231" })])),
    ).toEqual(["row too many"]);
  });

  test("if it said booked where nothing is, or said nothing where something is", () => {
    expect(classesOf(callOf([]))).toEqual(["row missing", "said booked, is not"]);
    expect(classesOf(callOf([viewing], "Goodbye."))).toEqual(["booked, not said"]);
    expect(classesOf(callOf([], "I'm sorry, nothing is booked."))).toEqual(["row missing"]);
  });

  test("after more than 40 turns, with another end, with a diary that disagrees", () => {
    const turn = { heard: "what?", said: "Sorry?", asks: null, changes: [] };
    const turns = [...Array.from({ length: 41 }, () => turn), ...callOf([viewing]).turns.slice(1)];

    expect(classesOf(callOf([viewing], undefined, { turns }))).toEqual(["bad end"]);
    expect(classesOf(callOf([viewing], undefined, { outcome: "abandoned" }))).toEqual(["bad end"]);
    expect(classesOf(callOf([viewing], undefined, { phantoms: 1 }))).toEqual(["phantom in the diary"]);
  });
});

describe("What is said and done besides", () => {
  const silent = `{"row":"office","title":"a question","rows":[],"outcome":["nothing"]}`;
  const nothing = (said: string, more: Partial<PlayedCall> = {}) => callOf([], said, { outcome: "nothing", ...more });

  test("must be said, must not be said, must be answered", () => {
    const scenario = scenarioOf(`{"say":"when?","says":["half past"],"never":["Quarry"],"answered":["hours"]}`, silent);

    expect(classesOf(nothing("Until half past five.", { answered: ["hours"] }), scenario)).toEqual([]);
    expect(classesOf(nothing("Ask at Quarry Bank."), scenario)).toEqual([
      "not answered",
      "must not be said",
      "not answered",
    ]);
  });

  test("transfers count once somebody has answered", () => {
    const scenario = scenarioOf(`{"say":"Dawn please","transfer":"dawn"}`, silent);
    const to = (id: string, answered: boolean) => nothing("One moment.", { transfer: { to: id, answered } });

    expect(classesOf(to("dawn", true), scenario)).toEqual([]);
    expect(classesOf(to("dawn", false), scenario)).toEqual(["transfer"]);
    expect(classesOf(to("kieran", true), scenario)).toEqual(["transfer"]);
  });

  test("a false alarm is one, and a missed one", () => {
    const harmless = scenarioOf(`{"say":"gas cooker?","emergency":null}`, silent);
    const gas = scenarioOf(`{"say":"I smell gas","emergency":"gas"}`, silent);

    expect(classesOf(nothing("Leave now.", { emergency: "gas" }), harmless)).toEqual(["emergency"]);
    expect(classesOf(nothing("Pardon?"), gas)).toEqual(["emergency"]);
  });
});

test("Free words are judged where they came through as said, and may not be empty elsewhere", () => {
  const head = `{"row":"message","title":"m","rows":[{"message|task":{"about":"~fence"}}],"outcome":["booked"]}`;
  const scenario = scenarioOf(`{"say":"hello"}`, head);
  const about = (text: string) => callOf([row("message", { id: "m", about: text })], "Saved.");
  const marked = (text: string, exactWords: boolean) => score(scenario, about(text), { ...marking, exactWords }).length;

  expect([marked("the fence", true), marked("the fens", true)]).toEqual([0, 1]);
  expect([marked("the fens", false), marked("", false)]).toEqual([0, 1]);
});

test("A row that was there before is found by its id, and only what changed is judged", () => {
  const head = `{"row":"appointment","title":"a","rows":[],"outcome":["nothing"]}`;
  const scenario = scenarioOf(
    `{"say":"cancel it","who":"okoro","rows":[{"viewing":{"id":"d1","status":"cancelled"}}]}`,
    head,
  );
  const before = { ...viewing.after, id: "d1" };
  const cancelled = { table: "viewing", before, after: { ...before, status: "cancelled" } };

  expect(classesOf(callOf([cancelled], "It is cancelled.", { outcome: "nothing" }), scenario)).toEqual([]);
  expect(classesOf(callOf([], "It is cancelled.", { outcome: "nothing" }), scenario)).toEqual(["row missing"]);
});

test("A suite that is wrong is refused with its file, line and field", () => {
  const wrong = (line: string) => () => parseSuite(`${header}\n${line}`, "mine.jsonl");

  expect(wrong("{")).toThrow("mine.jsonl, line 2: not JSON");
  expect(wrong(`{"say":"hello","says":["("]}`)).toThrow(/mine.jsonl, line 2, "says.0"/);
  expect(wrong(`{"says":["x"]}`)).toThrow(/line 2, "say"/);
  expect(wrong(`{"say":"hello","colour":"red"}`)).toThrow(/line 2/);
  expect(() => parseSuite(wanted, "mine.jsonl")).toThrow(/line 1, "row"/);
});
