import { describe, expect, test } from "bun:test";
import { name, surname } from "../../../src/receptionist/voting/names.ts";
import { spellingIn, spellsAs } from "../../../src/receptionist/voting/spelled.ts";
import { decide } from "../../../src/receptionist/voting/vote.ts";

const context = { now: "2026-11-24T10:05", context: undefined } as const;

describe("surnames", () => {
  test.each([
    ["my name is john smith", "Smith"],
    ["it's uh siobhan o'neill", "O'Neill"],
    ["smith s m i t h", "Smith"],
    ["s m i t h", "Smith"],
    ["the surname is mcdonald m c d o n a l d", "McDonald"],
    ["patel p for papa a t e l", "Patel"],
    ["yeah it's van der berg", "Van der Berg"],
    ["clark with an e", "Clarke"],
    ["smith with a y", "Smyth"],
    ["k h a n khan", "Khan"],
    ["are oh bee eye en s o n", "Robinson"],
    ["bravo lima alpha charlie kilo", "Black"],
    ["o'neil o n e i double l", "O'Neill"],
    ["it's kahn that's k a h n", "Kahn"],
    ["f for freddie i s h e r", "Fisher"],
    ["my last name is whittaker double t in the middle", "Whittaker"],
  ])("%s is %s", (text, value) => {
    expect(surname.read(text, context)[0]?.value).toBe(value);
  });

  test("a spelling that agrees with the word is surer than either alone", () => {
    const certainty = (text: string) => surname.read(text, context)[0]?.certainty ?? 0;
    expect(certainty("smith s m i t h")).toBeGreaterThan(certainty("s m i t h"));
    expect(certainty("s m i t h")).toBeGreaterThan(certainty("smith"));
  });

  test.each(["i'd rather not say", "", "what do you mean", "you and i are"])("%s holds none", (text) => {
    expect(surname.read(text, context)).toEqual([]);
  });
});

describe("full names", () => {
  test.each([
    ["john smith", "John Smith"],
    ["that's mrs sarah jane patel", "Sarah Jane Patel"],
    ["john smyth s m y t h", "John Smyth"],
    ["my name is sara s a r a wilson", "Sara Wilson"],
  ])("%s is %s", (text, value) => {
    expect(name.read(text, context)[0]?.value).toBe(value);
  });

  test("who is known is found by sound and by spelling, and asked about", () => {
    const register = ["Siobhan O'Neill", "John Smith", "Priya Patel"];
    const heard = (...texts: string[]) => decide([texts.map((text) => [text, null] as const)], register, name, context);
    expect(heard("shavon oneil", "siobhan o'neal")).toMatchObject({ value: "Siobhan O'Neill", wouldConfirm: true });
    expect(heard("jon smith")).toMatchObject({ value: "John Smith", wouldConfirm: true });
    expect(heard("bob carter").value).toBe("Bob Carter");
  });
});

describe("spellings", () => {
  test.each([
    ["smith s m i t h please", "smith", "smith please"],
    ["b for bravo o n d", "bond", ""],
    ["m a double t h e w s", "matthews", ""],
  ])("%s", (text, letters, rest) => {
    expect(spellingIn(text)).toMatchObject({ letters, rest });
  });

  test.each(["you are so kind", "are you there", "as you see", "i am in"])("%s is none", (text) => {
    expect(spellingIn(text)).toBeUndefined();
  });

  test("one letter confused or missing is still like the word, another word is not", () => {
    const spelling = spellingIn("n c d o n a l d");
    expect(spelling && spellsAs(spelling, "McDonald")).toBeGreaterThan(0.7);
    expect(spelling && spellsAs(spelling, "MacDonald")).toBeGreaterThan(0.5);
    expect(spelling && spellsAs(spelling, "Fisher")).toBeLessThan(0.1);
  });
});
