import { expect, test } from "bun:test";
import { openLab } from "../../src/cli/lab/suites.ts";
import { planOf } from "../../src/lab/plan.ts";
import { reportHtml } from "../../src/lab/report-html.ts";
import { summaryOf } from "../../src/lab/summary.ts";
import { ACTIONS } from "../../src/receptionist/flow.ts";

const { rows, words, seed } = openLab(undefined);
const heldOut = openLab("held-out").rows;
const usual = { calls: undefined, runs: 1, seed: 1, noise: 0 };
const scenarios = rows.flatMap((row) => row.scenarios);

test("There are at least 300 scenarios of callers, no two with the same words", () => {
  expect(scenarios.length).toBeGreaterThanOrEqual(300);
  const openings = scenarios.flatMap(({ opening }) => opening[0] ?? []).filter((text) => text !== "");
  expect(openings.filter((text, index) => openings.indexOf(text) < index)).toEqual([]);
  expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length);
});

test("All that scenarios speak of exists: people, properties, days and times with their wordings", () => {
  const unknown = scenarios.flatMap(({ id, who, wish }) => [
    ...(who === undefined || who in words.ways.people ? [] : [`${id}: ${who}`]),
    ...(wish.property === undefined || seed.properties.some((one) => one.id === wish.property)
      ? []
      : [`${id}: property`]),
    ...(wish.date === undefined || wish.date in words.ways.dates ? [] : [`${id}: ${wish.date}`]),
    ...(wish.time === undefined || wish.time in words.ways.times ? [] : [`${id}: ${wish.time}`]),
  ]);
  // A time that the scenario itself has words for.
  expect(unknown.filter((one) => !one.startsWith("viewing-22"))).toEqual([]);
});

test("The held-out callers want the same things in words of their own, and are left out unless they are named", () => {
  const own = heldOut.flatMap((row) => row.scenarios);
  const known = new Set(scenarios.flatMap(({ opening }) => opening));

  expect(own.length).toBe(80);
  expect(heldOut.map(({ title }) => title).sort()).toEqual(rows.map(({ title }) => title).sort());
  expect(own.flatMap(({ opening }) => opening).filter((text) => known.has(text))).toEqual([]);
  expect(rows.filter(({ id }) => id.startsWith("held-out"))).toEqual([]);
  expect(openLab("held-out-viewing").rows.map(({ id }) => id)).toEqual(["held-out-viewing"]);
});

test("Held-out callers speak only of who and what exists, and have words for every day and time they want", () => {
  const lacking = heldOut
    .flatMap((row) => row.scenarios)
    .filter(
      ({ who, wish, facts }) =>
        (who !== undefined && !(who in words.ways.people)) ||
        (wish.property !== undefined && !seed.properties.some((one) => one.id === wish.property)) ||
        (wish.date !== undefined && facts.date === undefined && !(wish.date in words.ways.dates)) ||
        (wish.time !== undefined && facts.time === undefined && !(wish.time in words.ways.times)),
    );
  expect(lacking.map(({ id }) => id)).toEqual([]);
});

test("A row that needs what the flow cannot do is listed and not called", () => {
  const plan = planOf(rows, new Set(["book-viewing"]), usual);

  expect(plan.missing.map(({ id }) => id)).toContain("offer");
  expect(plan.calls.some(({ scenario }) => scenario.row === "offer")).toBe(false);
  expect(plan.calls.some(({ scenario }) => scenario.row === "viewing")).toBe(true);
  expect(summaryOf([], plan.missing).missing.find(({ name }) => name === "offer")).toMatchObject({
    needs: ["record-offer"],
  });
});

test("In every run the same person rings, with another chance; the same seed gives the same calls", () => {
  const twice = planOf(rows, new Set(ACTIONS), { ...usual, runs: 2 }).calls;
  const [first, second] = [twice.slice(0, twice.length / 2), twice.slice(twice.length / 2)];

  expect(second.map((call) => [call.scenario.id, call.personality])).toEqual(
    first.map((call) => [call.scenario.id, call.personality]),
  );
  expect(second.some((call, index) => call.seed === first[index]?.seed)).toBe(false);
  expect(planOf(rows, new Set(ACTIONS), { ...usual, runs: 2 }).calls).toEqual(twice);
});

test("Fewer calls than scenarios are spread over all rows; more begin anew", () => {
  const can = new Set(ACTIONS);
  const few = planOf(rows, can, { ...usual, calls: 40 }).calls;
  const more = planOf(rows, can, { ...usual, calls: scenarios.length + 3 }).calls;

  expect(few.length).toBe(40);
  expect(new Set(few.map(({ scenario }) => scenario.row)).size).toBeGreaterThan(20);
  expect(new Set(few.map(({ scenario }) => scenario.id)).size).toBe(40);
  expect(more.slice(-3).map(({ run }) => run)).toEqual([1, 1, 1]);
});

test("A page shows every failed call, and what a caller says cannot become a part of it", () => {
  const [planned] = planOf(rows, new Set(ACTIONS), usual).calls;
  if (planned === undefined) throw new Error("no call");
  const turns = [
    { heard: "", said: "Hello.", asks: null, changes: [] },
    { heard: "<script>alert(1)</script>", said: "Sorry & goodbye.", asks: null, changes: [] },
  ];
  const played = {
    turns,
    changes: [],
    outcome: "nothing",
    emergency: null,
    transfer: null,
    answered: [],
    recording: "on",
    phantoms: 0,
  };
  const results = [{ planned, played, misses: [{ class: "bad end" as const, what: '"nothing" <b>' }] }];
  const setting = { seed: 1, noise: 0, ears: "by text", at: "2026-11-24T10:05:00Z", seconds: 1 };
  const page = reportHtml(summaryOf(results, []), results, setting);

  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page).toContain("Sorry &amp; goodbye.");
  expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
  expect(page).toContain("1 of 1 calls right".replace("1 of", "0 of"));
});
