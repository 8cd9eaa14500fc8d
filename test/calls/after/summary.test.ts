import { describe, expect, test } from "bun:test";
import { summarise } from "../../../src/calls/after/summary.ts";
import { factsWith, maple, turnsOf } from "./facts.ts";

describe("a summary tells", () => {
  test("what was booked, and what was asked about", () => {
    const notes = { answered: ["parking"], unanswered: ["service-charge"] };
    const turns = turnsOf({ heard: "yes please", said: "Booked.", noted: notes });
    expect(summarise(factsWith({ outcome: "booked", turns, books: { viewings: [maple] } }))).toBe(
      "Booked a viewing of 14 Maple Road, Monday 23 November 14:30, for James Wilson. " +
        "Asked about parking (answered) and the service charge (not answered).",
    );
  });

  test("all that was written down, in one sentence, however the caller put it", () => {
    const books = {
      faults: [{ address: "9 High Street", fault: "No hot water! Since Monday. It's cold.", priority: "urgent" }],
      offers: [{ name: "Ann Lee", address: "14 Maple Road", amount: 410_000, isRent: false }],
      messages: [{ name: "Ann Lee", about: "Please ring. Soon.", forWhom: "Beth" }],
      tickets: [{ kind: "complaint", due: "2026-11-26" }],
    };
    expect(summarise(factsWith({ outcome: "message", books, cutOff: true }))).toBe(
      "Took down an urgent repair at 9 High Street (No hot water, Since Monday, It's cold); " +
        "recorded an offer of £410,000 for 14 Maple Road, from Ann Lee; opened a complaint, due Thursday 26 November; " +
        "took a message, from Ann Lee, for Beth (Please ring, Soon). The call was cut off when Gatehouse stopped.",
    );
  });

  test("what was on the way when the caller hung up", () => {
    const slots = { property: "maple-14", date: "2026-11-23", time: "14:30" };
    const turns = turnsOf({ heard: "half two", said: "Your name?", asks: "name", noted: { task: "viewing", slots } });
    expect(summarise(factsWith({ outcome: "abandoned", turns }))).toBe(
      "Was arranging a viewing of 14 Maple Road, Monday 23 November 14:30 and hung up when asked for the name.",
    );
  });

  test.each([
    ["an emergency", { emergency: "gas", outcome: "emergency" as const }, /^Told of an emergency \(gas or carbon/],
    ["a transfer", { outcome: "transferred" as const }, /^Put the caller through\.$/],
    ["a hang-up in the notice", { disclosed: false, outcome: "abandoned" as const }, /^Hung up before the recording/],
    ["silence", { turns: turnsOf({ said: "Are you there?" }) }, /^Nothing was said\.$/],
    ["small talk", { turns: turnsOf({ heard: "oh, sorry", said: "Goodbye." }) }, /^Nothing was arranged\.$/],
    [
      "a property only",
      { turns: turnsOf({ heard: "x", noted: { slots: { property: "maple-14" } } }) },
      /14 Maple Road/,
    ],
    ["an older version's turns", { turns: turnsOf({ heard: "x" }).map(({ noted, ...turn }) => turn) }, /^Nothing was/],
    ["a failure", { outcome: "failed" as const, turns: turnsOf({ heard: "x" }) }, /arranged\. The call failed\.$/],
  ])("of %s", (_, facts, expected) => {
    expect(summarise(factsWith(facts))).toMatch(expected);
  });

  test("never more than three sentences, nor a line without end", () => {
    const about = "One. Two! Three? Four... five. ".repeat(50);
    const notes = { unanswered: ["private", "what-about-the-cellar"] };
    const text = summarise(
      factsWith({
        outcome: "failed",
        turns: turnsOf({ heard: about, said: about, noted: notes }),
        books: { messages: [{ name: about, about, forWhom: about }] },
      }),
    );
    expect(text.split(/[.!?](?:\s|$)/).filter(Boolean)).toHaveLength(3);
    expect(text.length).toBeLessThan(600);
  });
});
