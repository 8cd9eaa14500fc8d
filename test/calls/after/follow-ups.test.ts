import { expect, test } from "bun:test";
import { afterCall, outcomeOfCutOff } from "../../../src/calls/after/after-call.ts";
import { dueAfter, followUps } from "../../../src/calls/after/follow-ups.ts";
import { factsWith, maple, noBooks, turnsOf } from "./facts.ts";

const arranging = turnsOf({
  heard: "Maple Road",
  said: "Which day?",
  asks: "date",
  noted: { task: "viewing", slots: { property: "maple-14" }, unanswered: ["service-charge", "private"] },
});
const callBack = {
  kind: "call-back",
  about: "Hung up while arranging a viewing of 14 Maple Road.",
  propertyId: "maple-14",
} as const;
const question = {
  kind: "question",
  about: "Answer what we could not: the service charge.",
  propertyId: "maple-14",
} as const;

test("who hung up in the midst of it is rung back, and what we could not answer is answered", () => {
  expect(followUps(factsWith({ turns: arranging, outcome: "abandoned" }))).toEqual([callBack, question]);
  expect(followUps(factsWith({ turns: arranging, outcome: "booked" }))).toEqual([question]);
});

test("nobody is rung without a number, or where a message asks for it already", () => {
  const facts = { turns: arranging, outcome: "abandoned" } as const;
  expect(followUps(factsWith({ ...facts, callerNumber: null }))).toEqual([]);
  const messages = [{ name: "A", about: "Ring me", forWhom: null }];
  expect(followUps(factsWith({ ...facts, books: { messages } }))).toEqual([]);
  expect(followUps(factsWith({ ...facts, books: { tasks: [{ kind: "call-back", about: "x" }] } }))).toEqual([]);
});

test("a call that was cut off came to what it had committed", () => {
  const of = (books: object, emergency: string | null = null) =>
    outcomeOfCutOff({ emergency, books: { ...noBooks, ...books } });
  expect(of({})).toBe("failed");
  expect(of({ messages: [{ name: "", about: "", forWhom: null }] })).toBe("message");
  expect(of({ viewings: [maple] })).toBe("booked");
  expect(of({ viewings: [{ ...maple, status: "cancelled" }] })).toBe("failed");
  expect(of({ viewings: [maple] }, "gas")).toBe("emergency");
});

test("all of it together; a topic asked about twice is one", () => {
  const notes = { unanswered: ["lease", "lease"] };
  const { after } = afterCall(factsWith({ turns: turnsOf({ heard: "x", said: "y", noted: notes }) }));
  expect(after).toEqual({
    summary: "Nothing was arranged. Asked about the lease (not answered).",
    score: 100,
    reasons: [],
    unanswered: ["lease"],
  });
});

test.each([
  ["in the morning", "2026-11-24T10:05", "2026-11-24T11:05"],
  ["before opening", "2026-11-24T07:00", "2026-11-24T10:00"],
  ["with just an hour left", "2026-11-24T16:30", "2026-11-24T17:30"],
  ["with less than that", "2026-11-24T16:31", "2026-11-25T10:00"],
  ["at night", "2026-11-24T23:59", "2026-11-25T10:00"],
  ["before a weekend", "2026-11-27T17:29", "2026-11-30T10:00"],
])("a task is due after an hour of opening time: %s", (_, now, due) => {
  const isOpen = (day: string) => ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay());
  expect(dueAfter(now, (day) => (isOpen(day) ? { opens: "09:00", closes: "17:30" } : undefined))).toBe(due);
});

test("no time is set where the office never opens", () => {
  expect(dueAfter("2026-11-24T10:05", () => undefined)).toBeUndefined();
});
