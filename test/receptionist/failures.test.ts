/** Our own failures: hearing, voice. The caller is asked again, but not for ever. */
import { describe, expect, test } from "bun:test";
import { call } from "./scripted-caller.ts";

const again = "Sorry, could you say that again?";
const sorry = "I'm sorry I couldn't help. Please ring us again. Goodbye.";

describe("our hearing fails", () => {
  test("three times in a row the caller is asked to repeat, then there are keys", () => {
    const talk = call();
    for (let failed = 0; failed < 3; failed++) expect(talk.input({ kind: "not-heard" })).toBe(again);
    expect(talk.input({ kind: "not-heard" })).toContain("you can use the keys of your telephone");
  });

  test("what is heard in between starts the count anew", () => {
    const talk = call();
    for (let failed = 0; failed < 3; failed++) talk.input({ kind: "not-heard" });
    talk.say("I'd like to book a viewing for 14 Maple Road please.");
    expect(talk.input({ kind: "not-heard" })).toBe(again);
  });
});

describe("our voice fails", () => {
  test("an end is made in words that are kept ready", () => {
    const talk = call();
    expect(talk.input({ kind: "not-spoken" })).toBe(sorry);
    expect(talk.effects).toContainEqual(expect.objectContaining({ kind: "say", text: sorry, fixed: true }));
    expect(talk.effects).toContainEqual({ kind: "end", outcome: "failed" });
  });

  test("the end's own words failing as well, nothing more is said", () => {
    const talk = call();
    talk.input({ kind: "not-spoken" });
    expect(talk.input({ kind: "not-spoken" })).toBe("");
    expect(talk.effects).toEqual([]);
  });
});

describe("an answer takes its time", () => {
  test("a word that cannot be interrupted, and the question stays the last one asked", () => {
    const talk = call();
    talk.say("I'd like to book a viewing for 14 Maple Road please.");
    const asked = talk.state.lastSaid;
    expect(talk.input({ kind: "late", times: 0 })).toBe("One moment, please.");
    expect(talk.effects).toContainEqual(expect.objectContaining({ kind: "say", interruptible: false, fixed: true }));
    expect(talk.input({ kind: "late", times: 1 })).toBe("Just a moment longer.");
    expect(talk.input({ kind: "late", times: 7 })).toBe("Just a moment longer.");
    expect(talk.state.lastSaid).toEqual(asked);
  });
});
