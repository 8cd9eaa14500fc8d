import { describe, expect, test } from "bun:test";
import { splitClauses, splitPieces } from "../../../src/speech/voice/clauses.ts";

const texts = (text: string) => splitClauses(text).map((clause) => clause.text);

test("a sentence ends a clause, however short; only the last has no pause behind it", () => {
  expect(splitClauses("Yes. Of course! Which day? Goodbye.")).toEqual([
    { text: "Yes.", pauseMs: 340 },
    { text: "Of course!", pauseMs: 340 },
    { text: "Which day?", pauseMs: 380 },
    { text: "Goodbye.", pauseMs: 0 },
  ]);
});

test("a comma ends a clause only where both sides are long enough to stand alone", () => {
  expect(texts("Good morning, Larkspur Lettings, how can I help you today?")).toEqual([
    "Good morning, Larkspur Lettings,",
    "how can I help you today?",
  ]);
  expect(texts("Yes, please.")).toEqual(["Yes, please."]);
  expect(texts("That is the twenty-eighth, right?")).toEqual(["That is the twenty-eighth, right?"]);
});

test.each([
  ["Mr. Smith called."],
  ["It is on St. John's Road."],
  ["Ask for J. Smith, e.g. by phone."],
  ["It costs £2.50 at 10:30 and 1,250 more."],
  ["It is at No. 4."],
])("no sentence ends within %s", (text) => {
  expect(splitPieces(text).filter(({ mark }) => mark === ".")).toHaveLength(1);
  expect(splitPieces(text).at(-1)?.mark).toBe(".");
});

test("an answer of No is a sentence of its own", () => {
  expect(texts("No. I cannot.")).toEqual(["No.", "I cannot."]);
});

test("signs in a row make one pause, the strongest that was written; quotes and brackets none", () => {
  expect(splitPieces('He said "well..." (quietly)?! Then left - at once… Bye')).toEqual([
    { words: "He said well", mark: "." },
    { words: "quietly", mark: "?" },
    { words: "Then left", mark: "," },
    { words: "at once", mark: "." },
    { words: "Bye", mark: "" },
  ]);
});

test("a line break ends a sentence; emptiness gives nothing", () => {
  expect(texts("One\n\nTwo")).toEqual(["One.", "Two"]);
  expect(splitClauses(" \n ... ")).toEqual([]);
});

test("a clause is never longer than 120 characters, is cut before a joining word, and no word is lost", () => {
  const text = `I can offer you ${"a viewing of the house with the green door and ".repeat(8)}that is all`;
  const clauses = texts(text);

  expect(clauses.length).toBeGreaterThan(2);
  for (const clause of clauses) expect(clause.length).toBeLessThanOrEqual(120);
  for (const clause of clauses.slice(1, -1)) expect(clause).toStartWith("and ");
  expect(clauses.join(" ")).toBe(text);
  expect(texts("x".repeat(250)).join("")).toBe("x".repeat(250));
});

test("the groups of a telephone number stay together", () => {
  expect(texts("So that is oh seven seven double oh, nine double oh, one two three.")).toEqual([
    "So that is oh seven seven double oh,",
    "nine double oh, one two three.",
  ]);
});

test("the halves of a postcode are clauses of their own, with the tune of a comma and a pause of their own", () => {
  expect(splitClauses("In em two one¦ four double yoo bee, please.")).toEqual([
    { text: "In em two one,", pauseMs: 135 },
    { text: "four double yoo bee, please.", pauseMs: 0 },
  ]);
});

describe("an early first clause", () => {
  const early = (text: string) => splitClauses(text, { early: true });
  const earlyTexts = (text: string) => early(text).map((clause) => clause.text);

  test("ends at the first sign, however little is behind it", () => {
    expect(early("Thank you, I have that.")).toEqual([
      { text: "Thank you,", pauseMs: 140 },
      { text: "I have that.", pauseMs: 0 },
    ]);
    expect(earlyTexts("Good morning, Larkspur Lettings, how can I help you?")[0]).toBe("Good morning,");
    expect(earlyTexts("That is oh seven seven double oh, nine double oh, one two three.")).toEqual([
      "That is oh seven seven double oh,",
      "nine double oh, one two three.",
    ]);
  });

  test("is cut before a phrase where no sign comes soon, without a pause", () => {
    expect(early("I can offer you a viewing on Tuesday the fourth of November.")).toEqual([
      { text: "I can offer you a viewing", pauseMs: 0 },
      { text: "on Tuesday the fourth of November.", pauseMs: 0 },
    ]);
  });

  test("is left alone where nothing good can be cut off", () => {
    for (const text of [
      "Yes.",
      "No, sorry.",
      "Which day suits you best?",
      "Antidisestablishmentarianism ".repeat(2).trim(),
    ])
      expect(splitClauses(text, { early: true })).toEqual(splitClauses(text));
    expect(early("")).toEqual([]);
  });

  test("no clause behind it is longer than 80 characters: none can be stopped once it is begun", () => {
    const text = `I can offer you ${"a viewing of the house with the green door and ".repeat(8)}that is all`;
    for (const clause of earlyTexts(text)) expect(clause.length).toBeLessThanOrEqual(80);
    expect(Math.max(...texts(text).map(({ length }) => length))).toBeGreaterThan(80);
  });

  test("no word is lost, whatever the text", () => {
    for (const text of [
      "So that is a viewing at fourteen Maple Road on Tuesday at half past two, is that right?",
      "I am sorry but nobody is free to take your call at the moment and I can take a message for them if you like.",
      "Well, yes. And no, I think.",
    ])
      expect(earlyTexts(text).join(" ")).toBe(
        splitClauses(text)
          .map((clause) => clause.text)
          .join(" "),
      );
  });
});
