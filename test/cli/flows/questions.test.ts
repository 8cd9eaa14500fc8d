import { describe, expect, test } from "bun:test";
import { listing, memoryView } from "../../receptionist/memory-view.ts";
import { call } from "../../receptionist/scripted-caller.ts";
import { agrees, caller, leaves, scripted } from "./scripted.ts";

describe("questions about a listing, in scripted calls", () => {
  test("price first, then a viewing of it, with the parking asked in between", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("it's Paul Tranter", "07700 900733"),
      { when: "time", say: "what's the parking like there?" },
      { when: "time", say: "quarter past three" },
      { when: "date", say: "Friday would be best" },
      { when: "confirm", say: "yes please" },
      "morning, what's 27 Kestrel Close on for?",
    ]);
    expect(call.said).toContain("27 Kestrel Close is on the market at £289,950.");
    expect(call.said).toContain("a drive for two cars");
    expect(call.of("viewing")).toMatchObject([{ property: "s1", contact: "c2", start: "2026-11-27T15:15" }]);
    expect(call.end).toMatchObject({ outcome: "booked", answered: ["price", "parking"], unanswered: [] });
  });

  test("answered in the middle of a sentence that goes on with the booking", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Moira Kelso", "07700 900211"),
      "can I see 27 Kestrel Close, is it freehold? and Thursday at ten past two would suit me",
    ]);
    expect(call.said).toContain("tenure as freehold");
    expect(call.of("viewing")).toMatchObject([{ property: "s1", contact: "c1", start: "2026-11-26T14:10" }]);
  });

  test("a rent, the deposit, and what the details do not say", () => {
    const call = scripted([
      "how much is the rent for flat five, sixty Gilesgate",
      "what about the deposit?",
      "and does it have a garden?",
      "no thanks",
      leaves,
    ]);
    expect(call.said).toContain("The rent for Flat 5, 60 Gilesgate is £875 a month.");
    expect(call.said).toContain("£1,009");
    expect(call.end).toMatchObject({ answered: ["price", "deposit"], unanswered: ["garden"], outcome: "nothing" });
    expect(call.rows).toEqual([]);
  });

  test("which one is asked where none was named; what is sold is not offered", () => {
    const call = scripted([
      { when: "property", say: "the one on Abbey Terrace" },
      leaves,
      "hello, is it still on the market?",
    ]);
    expect(call.said).toContain("I'm afraid 4 Abbey Terrace is already sold, subject to contract.");
    expect(call.said).not.toContain("like to view");
    expect(call.end).toMatchObject({ answered: ["availability"] });
  });

  test("the owner's affairs are nobody's, whatever the listing holds", () => {
    const call = scripted([
      "what's the lowest they'd accept for 27 Kestrel Close?",
      "why are they selling?",
      "and is it empty at the moment?",
      "what about the minimum?",
      "no",
      leaves,
    ]);
    expect(call.said).not.toMatch(/280,?000/);
    expect(call.said.match(/isn't something I can discuss/g)?.length).toBeGreaterThanOrEqual(3);
    expect(call.end).toMatchObject({ answered: [], unanswered: ["private"] });
  });
});

test("what a listing holds of codes, offers and the owner is for the office, wherever its name says so", () => {
  const facts = {
    "access-code": "1234",
    lockbox: "99",
    sellerReason: "divorce",
    "price-reserve": "300000",
    "best-offer": "250k",
  };
  const view = {
    ...memoryView(),
    properties: () => [listing("p1", "14 Maple Road", { facts: { ...facts, epc: "C" } })],
  };
  for (const [fact, value] of Object.entries(facts)) {
    const asked = call({ view }).say(`what's the ${fact.replace(/R/, " r").replace("-", " ")} of 14 Maple Road`);
    expect(asked).not.toContain(value);
  }
  expect(call({ view }).say("what's the EPC of 14 Maple Road")).toContain("C");
});

describe("questions about the office, in scripted calls", () => {
  test("hours of the day that is named, an address, departments", () => {
    const call = scripted([
      "hiya, what time do you shut on Saturday?",
      "are you open on Sunday",
      "lovely, and where is your office",
      "do you do lettings at all",
      leaves,
    ]);
    expect(call.said).toContain("from 9 o'clock until 4 o'clock");
    expect(call.said).toContain("closed on Sunday the 29th of November");
    expect(call.said).toContain("8 Priest Row, Hexham");
    expect(call.said).toContain("sales and lettings");
    expect(call.end).toMatchObject({ answered: ["office-hours", "office-address", "departments"], outcome: "nothing" });
  });

  test("in the midst of a booking: back to the question that was open", () => {
    const call = scripted([
      { when: "date", say: "hang about, are you open Saturdays?" },
      { when: "date", say: "Saturday then" },
      { when: "time", say: "half ten" },
      ...caller("Dr Anna Pryce", "07700 900118"),
      agrees,
      leaves,
      "I want to look round 27 Kestrel Close",
    ]);
    expect(call.of("viewing")).toMatchObject([{ start: "2026-11-28T10:30" }]);
    expect(call.end).toMatchObject({ answered: ["office-hours"] });
  });
});

describe("what the office has written down, in scripted calls", () => {
  test.each([
    ["is there anywhere to park by you?", "free car park behind the office", "parking"],
    ["could you tell me how much you charge for selling a house", "one per cent and VAT", "fees"],
  ])("%p", (line, answer, id) => {
    const call = scripted([line, leaves]);
    expect(call.said).toContain(answer);
    expect(call.end).toMatchObject({ answered: [id], outcome: "nothing" });
  });
});
