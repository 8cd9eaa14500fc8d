import { expect, test } from "bun:test";
import { agrees, caller, leaves, scripted } from "./scripted.ts";

test("everything asked for in turn: an hour of a negotiator of the department", () => {
  const call = scripted([
    leaves,
    agrees,
    ...caller("Hugh Lattimer", "07700 900140"),
    { when: "choice", say: "we'd be selling" },
    { when: "address", say: "nineteen Windmill Hill" },
    { when: "postcode", say: "N E forty six, one T Z" },
    { when: "date", say: "a week on Wednesday" },
    { when: "time", say: "twenty past two" },
    "hello there, could somebody come out and do a valuation?",
  ]);
  expect(call.of("valuation")).toMatchObject([
    {
      kind: "sales",
      address: "19 Windmill Hill",
      postcode: "NE46 1TZ",
      staff: "ruth",
      start: "2026-12-02T14:20",
      status: "booked",
    },
  ]);
  expect(call.of("contact")).toMatchObject([{ name: "Hugh Lattimer", phone: "+447700900140" }]);
  expect(call.end).toMatchObject({ outcome: "booked" });
});

test("all in one breath, for letting, and what else was told is kept", () => {
  const call = scripted([
    leaves,
    agrees,
    ...caller("Mrs Ada Finch", "oh one four three four, six double oh, one two three"),
    { when: "postcode", say: "NE46 2DR" },
    { when: "time", say: "first thing" },
    { when: "date", say: "Monday" },
    "I'm thinking of letting my two bedroom flat at 7 Fore Street out because I'm moving abroad in the new year",
  ]);
  expect(call.of("valuation")).toMatchObject([
    { kind: "lettings", address: "7 Fore Street", postcode: "NE46 2DR", staff: "col", start: "2026-11-30T09:00" },
  ]);
});

test("a time that clashes with the negotiator's viewing is not taken, another one offered is", () => {
  const call = scripted([
    leaves,
    agrees,
    ...caller("Bea Coulson", "07700 900155"),
    { when: "address", say: "it's 2 Quatre Bras Road" },
    { when: "postcode", say: "november echo four six, three juliet whisky" },
    { when: "date", say: "Thursday" },
    { when: "time", say: "eleven o'clock" },
    { when: "choice", say: "the later one please" },
    "what's my house worth? I want to sell it",
  ]);
  expect(call.said).toContain("isn't free");
  const [booked] = call.of("valuation");
  expect(booked).toMatchObject({ kind: "sales", status: "booked" });
  expect(String(booked?.start).startsWith("2026-11-26T")).toBe(true);
  // Ruth is at 27 Kestrel Close from 11:00 to 11:30, and a quarter of an hour away before and after it.
  expect(String(booked?.start) >= "2026-11-26T11:45" || String(booked?.start) <= "2026-11-26T09:45").toBe(true);
});

test("a question about the fee on the way, and a correction of the day at the read-back", () => {
  const call = scripted([
    leaves,
    { when: "confirm", say: "no, Friday" },
    agrees,
    { when: ["name"], say: "Noel Orde" },
    { when: ["phone"], times: 3, say: "07700 900166" },
    { when: "date", say: "what are your fees?" },
    { when: "date", say: "Wednesday" },
    { when: "time", say: "four o'clock" },
    { when: "address", say: "31 Tanners Row" },
    { when: "postcode", say: "NE46 1AL" },
    "I'd like a market appraisal, I'm putting my house on the market",
  ]);
  expect(call.said).toContain("one per cent and VAT");
  expect(call.of("valuation")).toMatchObject([{ start: "2026-11-27T16:00", address: "31 Tanners Row" }]);
  expect(call.end).toMatchObject({ answered: ["fees"] });
});

test("what was not agreed to is not booked", () => {
  const call = scripted([
    ...caller("Ike Storey", "07700 900177"),
    { when: "address", say: "12 Eastgate" },
    { when: "address", say: "twelve Eastgate Close" },
    { when: "postcode", say: "NE46 1BH" },
    { when: "date", say: "tomorrow" },
    { when: "time", say: "ten" },
    "can I get a valuation to sell my bungalow",
  ]);
  expect(call.said).toContain("Shall I book that?");
  expect(call.rows).toEqual([]);
  expect(call.end).toMatchObject({ by: "caller", outcome: "abandoned" });
});
