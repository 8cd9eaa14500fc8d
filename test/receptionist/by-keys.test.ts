/** Words cannot be made out: the caller is served by keys, and loses nothing by it. */
import { describe, expect, test } from "bun:test";
import type { Effect, StepView } from "../../src/receptionist/contract.ts";
import { memoryView } from "./memory-view.ts";
import { atReadBack, type Call, type CallOptions, call, message, outcome } from "./scripted-caller.ts";

const caller = "+447700900123";
const deaf = "I'm sorry, I can't make out words just now";
const menu = "To be rung back, press 1.";
const reception = { name: "Beth Carter", extension: "201", roles: ["reception"] };

/** Hearing is gone before the call begins. */
const deafCall = (options: CallOptions = {}, from: string | null = caller): Call =>
  call({ ...options, hears: false, ...(from === null ? {} : { caller: from }) });

const withPeople = (): StepView & ReturnType<typeof memoryView> => ({ ...memoryView(), people: () => [reception] });

describe("hearing is gone before the call", () => {
  test("after the disclosure: what to do in danger, and what to press; only a key stops it", () => {
    const talk = deafCall();
    const [disclosure, ...others] = talk.first;
    expect(disclosure).toMatchObject({ disclosure: true, interruptible: false });
    expect(disclosure?.byKey).toBeUndefined();
    expect(others.map(({ text }) => text).join(" ")).toMatch(
      /^I'm sorry, .* If you smell gas, leave now, and ring 0800 111 999 .* ring 999\. To be rung back, press 1\.$/,
    );
    expect(others.every(({ interruptible, byKey }) => !interruptible && byKey === true)).toBe(true);
    expect(talk.state.asks).toBe("keys");
  });

  test("in Northern Ireland gas has another number", () => {
    const talk = deafCall({ view: memoryView([], { jurisdiction: "northern-ireland" }) });
    expect(talk.first.map(({ text }) => text).join(" ")).toContain("0800 002 001");
  });

  test("rung back on the number that rings: saved before anything else is asked, then the voice is recorded", () => {
    const talk = deafCall();
    expect(talk.keys("1")).toContain("the number you're calling from, press 1");
    const taken = talk.keys("1");
    expect(message(talk)).toMatchObject({ phone: caller, about: expect.stringContaining("recording") });
    expect(taken).toMatch(/^Thank you\. I've saved your number .* press hash, or hang up\.$/);
    expect(talk.state.asks).toBe("voice-message");
    expect(talk.input({ kind: "not-heard", failed: true })).toBe(""); // that is the message
    expect(talk.keys("#")).toBe("Thank you for calling. Goodbye.");
    expect(outcome(talk)).toBe("message");
  });

  test("another number is read back, keyed in again, and saved when it is right", () => {
    const talk = deafCall();
    talk.keys("1");
    expect(talk.keys("2")).toContain("key in your number");
    expect(talk.state.asks).toBe("phone");
    expect(talk.keys("07700900456")).toBe("That's 07700 900 456. If it's right, press 1. To key it in again, press 2.");
    talk.keys("2");
    talk.keys("02079460018");
    talk.keys("1");
    expect(message(talk)).toMatchObject({ phone: "+442079460018" });
  });

  test("who withholds the number is asked for one", () => {
    const talk = deafCall({}, null);
    expect(talk.state.caller).toBeNull();
    expect(talk.keys("1")).toContain("key in your number");
  });

  test("half a number is none; the fourth time it is given up, for the number that rings", () => {
    const talk = deafCall();
    talk.keys("1");
    talk.keys("2");
    for (let time = 0; time < 3; time++) expect(talk.keys("0770")).toStartWith("I'm afraid that isn't a whole number.");
    talk.keys("0770");
    expect(message(talk)).toMatchObject({ phone: caller });
  });

  test("a number that is read back and never confirmed is saved as such", () => {
    const talk = deafCall();
    talk.keys("1");
    talk.keys("2");
    talk.keys("07700900456");
    talk.silence();
    talk.silence();
    talk.silence();
    expect(message(talk)).toMatchObject({ phone: "+447700900456", about: expect.stringContaining("not confirmed") });
  });

  test("who speaks all the same is told again, and rung back on the third time", () => {
    const talk = deafCall();
    for (let time = 0; time < 2; time++) {
      const told = talk.input({ kind: "not-heard", failed: true });
      expect(told).toStartWith(deaf);
      expect(told).toEndWith(menu);
      expect(told).not.toContain("gas"); // once is enough
    }
    talk.input({ kind: "not-heard", failed: true });
    expect(message(talk)).toMatchObject({ phone: caller });
  });

  test("who does so without a number cannot be helped, and is told", () => {
    const talk = deafCall({}, null);
    for (let time = 0; time < 3; time++) talk.input({ kind: "not-heard", failed: true });
    expect(talk.said.join(" ")).toContain("I'm sorry I couldn't help");
    expect(outcome(talk)).toBe("failed");
  });

  test("nobody there: three silences end it, and no message is made up", () => {
    const talk = deafCall();
    expect(talk.silence()).toBe(menu);
    expect(talk.silence()).toBe(menu);
    expect(talk.silence()).toContain("I can't hear anyone");
    expect(message(talk)).toBeUndefined();
    expect(outcome(talk)).toBe("nothing");
  });

  test("a key that means nothing: told so, the question again, and an end of it", () => {
    const talk = deafCall();
    expect(talk.keys("7")).toBe(`I'm afraid that key does nothing here. ${menu}`);
    expect(talk.keys("*")).toBe(menu);
    talk.keys("8");
    talk.keys("9");
    expect(message(talk)).toMatchObject({ phone: caller });
  });

  test("a message that cannot be saved is said to be so", () => {
    const talk = deafCall({ refuseMessage: true });
    talk.keys("1");
    expect(talk.keys("1")).toContain("I couldn't save your message");
    expect(outcome(talk)).toBe("failed");
  });
});

describe("somebody to speak to", () => {
  const transfer = (talk: Call) =>
    talk.effects.find((effect): effect is Effect & { kind: "transfer" } => effect.kind === "transfer");

  test("2 is offered in opening hours only, and rings", () => {
    const talk = deafCall({ view: withPeople() });
    expect(talk.first.at(-1)?.text).toBe("To be rung back, press 1. To speak to somebody, press 2.");
    talk.keys("2");
    expect(transfer(talk)?.to).toEqual(reception);
  });

  test("nobody takes it: back to the keys, without that person", () => {
    const talk = deafCall({ view: withPeople() });
    talk.keys("0");
    const told = talk.input({ kind: "transfer-failed", reason: "no-answer" });
    expect(told).toStartWith("I'm sorry, Beth Carter isn't free at the moment.");
    expect(told).toEndWith(menu);
    expect(talk.keys("2")).toStartWith("I'm afraid nobody is free");
  });

  test("0 does the same, but for the first digit of a number that takes its time", () => {
    const talk = deafCall({ view: withPeople() });
    talk.keys("1");
    talk.keys("2");
    expect(talk.keys("0")).toStartWith("I'm afraid that isn't a whole number.");
    expect(transfer(talk)).toBeUndefined();
    talk.keys("07700900456");
    talk.keys("0");
    expect(transfer(talk)?.to).toEqual(reception);
  });

  test("a star calls it off", () => {
    const talk = deafCall({ view: withPeople() });
    talk.keys("2");
    expect(talk.keys("*")).toEndWith("press 2.");
    expect(talk.state.phase.kind).toBe("keypad");
  });
});

describe("hearing goes in mid-call", () => {
  const failed = { kind: "not-heard", failed: true } as const;

  test("once is asked again; twice in a row, and the call goes on by keys", () => {
    const talk = call({ caller });
    expect(talk.input(failed)).toBe("Sorry, could you say that again?");
    expect(talk.input(failed)).toStartWith(deaf);
  });

  test("words in between start the count anew", () => {
    const talk = call({ caller });
    talk.input(failed);
    talk.say("I'd like to book a viewing for 14 Maple Road please.");
    expect(talk.input(failed)).toStartWith("Sorry, could you say that again?");
  });

  test("known to be gone, not even once is asked again", () => {
    const talk = call({ caller });
    expect(talk.input({ kind: "hearing", works: false })).toBe(""); // nobody is interrupted by the news
    expect(talk.input(failed)).toStartWith(deaf);
  });

  test("what was said of a viewing so far is in the message", () => {
    const talk = call({ caller });
    talk.say("I'd like to book a viewing for 14 Maple Road please.");
    talk.input(failed);
    talk.input(failed);
    talk.keys("1");
    talk.keys("1");
    expect(message(talk)).toMatchObject({ phone: caller, about: expect.stringContaining("14 Maple Road") });
  });

  test("at the read-back one key books", () => {
    const talk = atReadBack();
    talk.input({ kind: "hearing", works: false });
    const told = talk.input(failed);
    expect(told).toContain("Shall I book that?");
    expect(told).toEndWith("For yes, press 1. For no, press 2.");
    expect(talk.keys("1")).toContain("That's booked");
  });

  test("there again, words are heard again and lead back; the menu is not cut short for it", () => {
    const talk = call({ caller });
    talk.say("I'd like to book a viewing for 14 Maple Road please.");
    talk.input(failed);
    talk.input(failed);
    expect(talk.input({ kind: "hearing", works: true })).toBe("");
    expect(talk.say("Saturday")).toBe(
      "I'm sorry about that. I can hear you again. Saturday the 28th of November. What time would you like?",
    );
    expect(talk.state.keypad).toBeNull();
  });

  test("gone from the beginning and there again: what is said then is answered", () => {
    const talk = deafCall();
    talk.input({ kind: "hearing", works: true });
    expect(talk.say("I'd like to view 14 Maple Road please")).toMatch(/I can hear you again.*14 Maple Road.*\?/);
    expect(talk.state.phase.kind).toBe("slot");
  });

  test("gone from the beginning and there again: who says no more than yes is asked what for", () => {
    const talk = deafCall();
    talk.input({ kind: "hearing", works: true });
    expect(talk.say("Yes")).toBe("I'm sorry about that. I can hear you again. How can I help you?");
  });

  test("there again, a yes to the menu books nothing: the question comes once more", () => {
    const talk = atReadBack();
    for (let time = 0; time < 3; time++) talk.input(failed);
    expect(talk.state.phase.kind).toBe("keypad");
    expect(talk.say("Yes")).toMatch(/I can hear you again.*Shall I book that\?/);
    expect(talk.effects.some((effect) => effect.kind === "do" && effect.action.kind === "book-viewing")).toBe(false);
    talk.say("Yes please");
    expect(talk.effects.some((effect) => effect.kind === "do" && effect.action.kind === "book-viewing")).toBe(true);
  });

  test("a stray key is no end of a message for the recording", () => {
    const talk = deafCall();
    talk.keys("1");
    talk.keys("1");
    expect(talk.keys("5")).toBe("");
    expect(talk.state.asks).toBe("voice-message");
    expect(talk.keys("#")).toBe("Thank you for calling. Goodbye.");
  });

  test("into a message for the recording nobody is asked to wait", () => {
    const talk = deafCall();
    talk.keys("1");
    talk.keys("1");
    expect(talk.state.asks).toBe("voice-message");
    expect(talk.input({ kind: "late", times: 0 })).toBe("");
  });

  test("a caller too faint to be relied upon is not hung up on, but offered the keys; silence is", () => {
    const talk = call({ caller });
    for (let time = 0; time < 3; time++) expect(talk.input({ kind: "no-input", faint: true })).not.toContain(deaf);
    expect(talk.input({ kind: "no-input", faint: true })).toStartWith(deaf);
    talk.keys("1");
    talk.keys("1");
    expect(message(talk)).toMatchObject({ phone: caller });
    const silent = call({ caller });
    for (let time = 0; time < 4; time++) silent.silence();
    expect(outcome(silent)).toBe("nothing");
  });

  test("danger is heeded at the keys too", () => {
    const talk = call({ caller });
    talk.input(failed);
    talk.input(failed);
    expect(talk.say("I can smell gas")).toContain("Leave now");
  });

  test("a viewing on its way to the diary is still told", () => {
    const talk = call({ caller });
    talk.input({ kind: "hearing", works: false });
    expect(talk.silence()).toStartWith(deaf);
  });
});
