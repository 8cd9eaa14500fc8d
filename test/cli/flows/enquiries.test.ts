import { describe, expect, test } from "bun:test";
import { agrees, caller, leaves, scripted } from "./scripted.ts";

describe("an offer, in scripted calls", () => {
  test("is written down in full, and nothing is said to it", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Paul Tranter", "07700 900733"),
      { when: "money", say: "two eight five" },
      { when: "position", say: "we've sold ours subject to contract, and it'd be with a mortgage in principle" },
      "we saw 27 Kestrel Close last week and we want to put in an offer",
    ]);
    expect(call.of("offer")).toMatchObject([{ property: "s1", contact: "c2", amount: 285_000 }]);
    expect(String(call.of("offer")[0]?.position)).toContain("subject to contract");
    expect(call.said).not.toMatch(/\b(?:too low|accepted|other offers|would accept \S*\d)/i);
  });

  test("asked what they would take: not said, but an offer is taken, its conditions with it", () => {
    const call = scripted([
      leaves,
      { when: "confirm", say: "no, 277 thousand" },
      agrees,
      ...caller("Paul Tranter", "07700 900733"),
      { when: "position", say: "first time buyers, cash from my parents" },
      "would they take 275 for 27 Kestrel Close, subject to a survey",
    ]);
    expect(call.said).toContain("can't say what the owner would accept");
    expect(call.said).not.toMatch(/280,?000/);
    expect(call.of("offer")).toMatchObject([{ amount: 277_000, conditions: "subject to a survey", funding: "cash" }]);
  });

  test("a rent above the advertised one: said so, written down, passed on", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Kay Moon", "07700 900111"),
      { when: "position", say: "we're both nurses and can move in January" },
      "I'd offer nine hundred and fifty a month for flat 5, 60 Gilesgate",
    ]);
    expect(call.said).toContain("advertised rent is £875 a month");
    expect(call.of("offer")).toMatchObject([{ property: "l1", amount: 950 }]);
  });

  test("what was not agreed to is not recorded", () => {
    const call = scripted([
      ...caller("Kay Moon", "07700 900111"),
      { when: "position", say: "nothing to sell" },
      { when: "money", say: "260,000" },
      "I'd like to make an offer on the Kestrel Close house",
    ]);
    expect(call.rows).toEqual([]);
  });
});

describe("what somebody looks for, in scripted calls", () => {
  test("to buy: budget, bedrooms, places and position", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Rhys Pugh", "07700 900121"),
      { when: "money", say: "no more than three hundred and fifty thousand" },
      { when: "position", say: "we've a flat to sell" },
      "hello, we're looking to buy a three bedroom house in Hexham or Corbridge",
    ]);
    expect(call.of("applicant")).toMatchObject([
      {
        kind: "buy",
        maxPrice: 350_000,
        maxRentPcm: null,
        minBeds: 3,
        areas: ["Hexham", "Corbridge"],
        position: "we've a flat to sell",
      },
    ]);
  });

  test("to rent: by the month, with a dog", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Tess Hale", "07700 900122"),
      { when: "money", say: "nine fifty" },
      { when: "beds", say: "at least two" },
      "have you got anything to rent at the moment? I have a small dog",
    ]);
    expect(call.of("applicant")).toMatchObject([
      { kind: "rent", maxPrice: null, maxRentPcm: 950, minBeds: 2, pets: "a small dog" },
    ]);
  });

  test("a rent by the week is one by the month", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Tess Hale", "07700 900122"),
      { when: "money", say: "two hundred a week" },
      { when: "beds", say: "just the one" },
      "I'm looking for a flat to rent",
    ]);
    expect(call.of("applicant")).toMatchObject([{ kind: "rent", maxRentPcm: 867, minBeds: 1 }]);
  });

  test("who names a listing wants to see it", () => {
    const call = scripted(["I'm looking to rent flat 5, 60 Gilesgate, can I come and see it?", { hangup: true }]);
    expect(call.said).toContain("Which day would suit you?");
  });
});
