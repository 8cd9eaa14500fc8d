import { describe, expect, test } from "bun:test";
import { address } from "../../../src/receptionist/voting/address.ts";
import { email } from "../../../src/receptionist/voting/email.ts";

const context = { now: "2026-11-24T10:05", context: undefined } as const;

describe("e-mail addresses", () => {
  test.each([
    ["jane dot smith at gmail dot com", "jane.smith@gmail.com"],
    ["jane underscore smith at hotmail dot co dot uk", "jane_smith@hotmail.co.uk"],
    ["it's jane smith eighty two all one word at g mail dot com", "janesmith82@gmail.com"],
    ["j a n e dot smith at outlook dot com", "jane.smith@outlook.com"],
    ["my email is bob at example dot co dot uk", "bob@example.co.uk"],
    ["jane.smith@gmail.com", "jane.smith@gmail.com"],
    ["Jane.Smith@gmail.com.", "jane.smith@gmail.com"],
    ["s m i t h four two at yahoo dot co dot uk", "smith42@yahoo.co.uk"],
    ["tom dash jones at i cloud dot com", "tom-jones@icloud.com"],
    ["info at harbour homes dot co dot uk", "info@harbourhomes.co.uk"],
    ["mary at bt internet dot com", "mary@btinternet.com"],
    ["pat full stop lee at sky dot com", "pat.lee@sky.com"],
    ["dave double oh seven at live dot co dot uk", "dave007@live.co.uk"],
    ["lucy at gmail", "lucy@gmail.com"],
    ["p for papa a t at aol dot com", "pat@aol.com"],
  ])("%s is %s", (text, value) => expect(email.read(text, context)[0]?.value).toBe(value));

  test.each(["", "I don't have one", "I'm at home", "gmail dot com"])("%s is none", (text) => {
    expect(email.read(text, context)).toEqual([]);
  });

  test("spelled is surer than said, a known domain surer than one of its own", () => {
    const certainty = (text: string) => email.read(text, context)[0]?.certainty ?? 0;
    expect(certainty("s m i t h at gmail dot com")).toBeGreaterThan(certainty("smith at gmail dot com"));
    expect(certainty("smith at gmail dot com")).toBeGreaterThan(certainty("smith at harbour homes dot com"));
  });

  test("one that is known is like what was heard of it", () => {
    expect(email.likeness?.("shavon at gmail dot com", context)("siobhan@gmail.com")).toBeGreaterThan(0.3);
    expect(email.likeness?.("jon smith at gmail dot com", context)("john.smith@gmail.com")).toBeGreaterThan(0.7);
    expect(email.likeness?.("bob at gmail dot com", context)("john.smith@gmail.com")).toBeLessThan(0.5);
  });
});

describe("addresses", () => {
  test.each([
    ["flat two fourteen a the high street", "Flat 2, 14A High Street"],
    ["14 larkspur avenue", "14 Larkspur Avenue"],
    ["it's number seven castle street please", "7 Castle Street"],
    ["twenty two victoria rd in chorlton", "22 Victoria Road, Chorlton"],
    ["one hundred and twelve st john's road", "112 St John's Road"],
    ["thirty five a church lane", "35A Church Lane"],
    ["apartment 12 9 park avenue", "Apartment 12, 9 Park Avenue"],
    ["um 6 albert road", "6 Albert Road"],
    ["one two three queen street", "123 Queen Street"],
  ])("%s is %s", (text, value) => expect(address.read(text, context)[0]?.value).toBe(value));

  test.each(["", "I don't know", "hello there"])("%s is none", (text) => {
    expect(address.read(text, context)).toEqual([]);
  });

  test("one that is known is like what was heard of it, another house of the street less, another street not", () => {
    const like = (known: string) => address.likeness?.("14 larksper avenue", context)(known) ?? 0;
    expect(like("14 Larkspur Avenue, Chorlton")).toBeGreaterThan(0.8);
    expect(like("22 Larkspur Avenue")).toBeLessThan(0.5);
    expect(like("14 Castle Street")).toBeLessThan(0.5);
  });
});
